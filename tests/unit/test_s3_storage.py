"""Files in an object store: written whole or not at all, read from anywhere, under the same names as in a folder."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from core.storage.chosen import storage_of
from core.storage.local import LocalStorage
from core.storage.names import BadName
from core.storage.s3 import S3Storage
from tests.object_store import BUCKET, bucket_client, object_store

LARGE = 20 * 1024 * 1024 + 17


@pytest.fixture(scope="module")
def store() -> Iterator[dict[str, str]]:
    """The settings of a running store."""
    with object_store() as found:
        yield found


@pytest.fixture
def client(store: dict[str, str]) -> Iterator[Any]:
    """A client of the store itself."""
    with bucket_client(store) as made:
        yield made


@pytest.fixture
def storage(client: Any, request: pytest.FixtureRequest) -> S3Storage:
    """A storage that shares the bucket with others."""
    return S3Storage(client, BUCKET, f"{request.node.name}/")


def content(storage: S3Storage, name: str) -> bytes:
    """All of a file."""
    with storage.open(name) as file:
        return file.read()


def test_settings_choose_the_storage(store: dict[str, str], client: Any, tmp_path: Path) -> None:
    assert isinstance(storage_of(Settings.load({}, data_dir=tmp_path)), LocalStorage)
    chosen = storage_of(Settings.load({**store, "TABLEWRIGHT_S3_PREFIX": "mine/"}))
    assert isinstance(chosen, S3Storage)
    assert chosen.write("a/b.txt", [b"one ", b"", b"two"]) == 7
    chosen._client.close()
    with client.get_object(Bucket=BUCKET, Key="mine/a/b.txt")["Body"] as body:
        assert body.read() == b"one two"


def test_small_and_empty_files(storage: S3Storage) -> None:
    assert storage.write("empty", []) == 0
    assert storage.write("folder/small", iter([b"a", b"bc"])) == 3
    assert (content(storage, "empty"), content(storage, "folder/small")) == (b"", b"abc")
    storage.write("folder/small", [b"new"])
    assert content(storage, "folder/small") == b"new"


def test_large_files_are_sent_in_pieces(storage: S3Storage) -> None:
    data = os.urandom(LARGE)
    assert storage.write("large", (data[at : at + 300_000] for at in range(0, LARGE, 300_000))) == LARGE
    assert content(storage, "large") == data


def test_reading_from_anywhere(storage: S3Storage) -> None:
    data = os.urandom(1_000_000)
    storage.write("file", [data])
    with storage.open("file") as file:
        assert file.seek(0, io.SEEK_END) == len(data)
        assert file.read() == b""
        file.seek(700_000)
        assert file.read(10) == data[700_000:700_010]
        file.seek(-5, io.SEEK_END)
        assert file.read() == data[-5:]
        file.seek(3)
        assert file.read() == data[3:]


def test_what_fails_while_it_is_written_leaves_nothing(storage: S3Storage, client: Any) -> None:
    def breaks(size: int) -> Iterator[bytes]:
        yield os.urandom(size)
        raise ValueError("the source broke off")

    storage.write("kept", [b"old"])
    for size in (10, LARGE):
        for name in ("kept", "never"):
            with pytest.raises(ValueError, match="broke off"):
                storage.write(name, breaks(size))
    assert content(storage, "kept") == b"old"
    assert list(storage.names("")) == ["kept"]
    assert not client.list_multipart_uploads(Bucket=BUCKET).get("Uploads")


def test_what_is_not_there(storage: S3Storage) -> None:
    with pytest.raises(FileNotFoundError):
        storage.open("nothing")
    storage.delete("nothing")


def test_names_and_deleting(storage: S3Storage, client: Any) -> None:
    for name in ("b/2", "a", "b/1", "bc"):
        storage.write(name, [b"x"])
    assert list(storage.names("")) == ["a", "b/1", "b/2", "bc"]
    assert list(storage.names("b/")) == ["b/1", "b/2"]
    storage.delete("b/1")
    assert list(storage.names("b")) == ["b/2", "bc"]


@pytest.mark.parametrize("name", ["", "/a", "a//b", "../a", "a/..", "a\0b", "a\\b", "x" * 300, "é" * 200])
def test_names_that_a_folder_would_refuse_are_refused(storage: S3Storage, name: str) -> None:
    with pytest.raises(BadName):
        storage.write(name, [b""])


def test_a_file_that_is_written_anew_is_not_read_in_two_halves(storage: S3Storage) -> None:
    storage.write("file", [b"a" * 1_000_000])
    with storage.open("file") as file:
        assert file.read(10) == b"a" * 10
        storage.write("file", [b"b" * 1_000_000])
        file.seek(900_000)
        with pytest.raises(Exception, match="PreconditionFailed|pre-condition"):
            file.read(10)


def test_uploads_of_killed_processes_are_forgotten(storage: S3Storage, client: Any) -> None:
    key = storage._key("left behind")
    client.create_multipart_upload(Bucket=BUCKET, Key=key)
    # The test's store says of every upload that it began in 2010.
    storage.forget_unfinished(200_000)
    assert client.list_multipart_uploads(Bucket=BUCKET)["Uploads"]
    storage.forget_unfinished(24)
    assert not client.list_multipart_uploads(Bucket=BUCKET).get("Uploads")
