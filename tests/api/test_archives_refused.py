"""Archives from anywhere: changed, broken, hostile or strange ones are refused with a reason, and nothing is left."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from plugins.workspace_archives import reading, signing
from tests.archives import (
    MANIFEST,
    SIGNATURE,
    archive_of,
    exported,
    files_of,
    imported,
    installed,
    packed,
    unsigned_accepted,
    upload,
)
from tests.tables import Database, scalar

Json = dict[str, Any]
FIELD = {"id": 1, "name": "Name", "type": "text", "primary": True}
TABLE: Json = {"id": 1, "name": "T", "fields": [FIELD], "views": [], "rows": [{"id": 1, "field_1": "Ann"}]}


def base(*tables: Json, **more: Any) -> Json:
    """A database as an archive describes it."""
    return {"id": 1, "type": "database", "name": "Base", "tables": list(tables) or [TABLE], **more}


@pytest.fixture
def target(api: Any) -> Database:
    """A workspace of the user's."""
    return Database(api)


@pytest.fixture
def open_instance(app: Any) -> Iterator[None]:
    """The instance takes archives of anybody."""
    with unsigned_accepted():
        yield


def _refused(api: Any, target: Database, archive: bytes, code: str = "ERROR_RESOURCE_IS_INVALID") -> str:
    """Why an upload is refused."""
    status, answer = upload(api, target.workspace_id, archive)
    assert (status, answer["error"]) == (400, code), answer
    assert kept_archives(target) == 0
    return str(answer["detail"])


def kept_archives(target: Database) -> int:
    """How many uploaded archives there are."""
    kept = "SELECT count(*) FROM workspace_archives.resource WHERE workspace_id = %(id)s"
    return int(scalar(kept, id=target.workspace_id))


def _failed(api: Any, target: Database, archive: bytes) -> str:
    """Why an import fails; nothing of it is left."""
    before = _there(target)
    job = imported(api, target.workspace_id, archive)
    assert (job["state"], job["installed_applications"]) == ("failed", None), job
    assert "went wrong on our side" not in job["human_readable_error"]
    assert _there(target) == before
    return str(job["human_readable_error"])


def _there(target: Database) -> tuple[Any, Any]:
    applications = "SELECT array_agg(id ORDER BY id) FROM core.application WHERE workspace_id = %(id)s"
    tables = "SELECT array_agg(tablename::text ORDER BY 1) FROM pg_tables WHERE schemaname = %(name)s"
    return scalar(applications, id=target.workspace_id), scalar(tables, name=f"ws_{target.workspace_id}")


# Signatures and checksums.


def test_archives_of_this_instance_are_trusted_and_changed_ones_are_not(api: Any, target: Database) -> None:
    target.table("People", [["Name"], ["Ann"]])
    archive = exported(api, target.workspace_id)
    found = files_of(archive)
    schema = next(name for name in found if name.startswith("database_"))
    manifest = json.loads(found[MANIFEST])
    assert "checksum" in _refused(api, target, packed({**found, schema: found[schema].replace(b"Ann", b"Bob")}))
    other = {**manifest, "configuration": {"only_structure": True}}
    assert "changed" in _refused(api, target, packed({**found, MANIFEST: json.dumps(other).encode()}))
    late = {**json.loads(found[SIGNATURE]), "timestamp": "2030-01-01T00:00:00+00:00"}
    assert "changed" in _refused(api, target, packed({**found, SIGNATURE: json.dumps(late).encode()}))
    untrusted = "ERROR_UNTRUSTED_PUBLIC_KEY"
    for signature in (b"{}", b"[]", b'{"public_key_pem": 5}', b'{"public_key_pem": "a2V5", "signature": "x"}'):
        _refused(api, target, packed({**found, SIGNATURE: signature}), untrusted)
    half = {"public_key_pem": json.loads(found[SIGNATURE])["public_key_pem"]}
    for signature in (half, {**half, "signature": "!", "timestamp": 5}):
        assert "changed" in _refused(api, target, packed({**found, SIGNATURE: json.dumps(signature).encode()}))
    assert installed(api, target.workspace_id, packed(found))[0]["name"] == "Database 2"


def test_an_instance_trusts_those_its_operator_names(
    api: Any, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = exported(api, target.workspace_id)
    key, real = signing.public_key(), signing.digest
    monkeypatch.setattr(signing, "digest", lambda text, purpose: real(text + " of another instance", purpose))
    assert signing.public_key() != key
    _refused(api, target, archive, "ERROR_UNTRUSTED_PUBLIC_KEY")
    monkeypatch.setattr(signing, "setting", lambda name: (f"{key[:70]}\n {key[70:]}",))
    assert installed(api, target.workspace_id, archive)


def test_a_changed_file_is_refused_also_where_signatures_do_not_count(
    api: Any, target: Database, open_instance: None
) -> None:
    found = files_of(archive_of(base()))
    assert "checksum" in _refused(api, target, packed({**found, "database_0.json": b"{}"}))
    assert "not those" in _refused(api, target, packed({**found, "more.json": b"{}"}))
    fewer = {name: content for name, content in found.items() if name != "database_0.json"}
    assert "not those" in _refused(api, target, packed(fewer))


# What is no archive, or one that nobody would make.


def _member(name: str = "x", size: int = 1) -> bytes:
    return packed({**files_of(archive_of(base())), name: b"x" * size})


def _lying(size: int) -> bytes:
    """An archive whose directory says that a file is so large."""
    archive = bytearray(archive_of(base()))
    place = archive.rindex(b"PK\x01\x02")
    archive[place + 24 : place + 28] = struct.pack("<I", size)
    return bytes(archive)


def _encrypted() -> bytes:
    archive = bytearray(archive_of(base()))
    place = archive.index(b"PK\x01\x02")
    archive[place + 8] |= 1
    return bytes(archive)


@pytest.mark.usefixtures("open_instance")
def test_hostile_archives(api: Any, target: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for junk in (b"", b"PK", b"no zip", archive_of(base())[:-30], b"PK\x05\x06" + b"\xff" * 18):
        _refused(api, target, junk, "ERROR_INVALID_FILE")
    for name in ("../x", "/etc/passwd", "a/../../x", "a\\b", "C:x", ".hidden", "a/.b", "ü.json", "a" * 300, "a/"):
        assert "not allowed" in _refused(api, target, _member(name)), name
    assert "encrypted" in _refused(api, target, _encrypted())
    monkeypatch.setattr(reading, "setting", lambda name: 1000)
    for large in (_member("x", 20_000), _lying(20_000)):
        assert "larger than 10000 bytes" in _refused(api, target, large)
    monkeypatch.setattr(reading, "_MOST_FILES", 2)
    assert "too many files" in _refused(api, target, archive_of(base()))


@pytest.mark.usefixtures("open_instance")
def test_two_files_of_one_name(api: Any, target: Database) -> None:
    out = io.BytesIO(archive_of(base()))
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "a") as archive:
        archive.writestr(MANIFEST, b"{}")
    assert "two of the same name" in _refused(api, target, out.getvalue())


@pytest.mark.usefixtures("open_instance")
@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(version="2.0.0"),
        lambda manifest: manifest.update(version=None),
        lambda manifest: manifest["applications"]["database"].update(version="9"),
        lambda manifest: manifest.update(checksums=[]),
        lambda manifest: manifest["checksums"].update({"database_0.json": "x"}),
        lambda manifest: manifest.update(applications={"database": {"version": "1.0.0", "items": [5]}}),
        lambda manifest: manifest["applications"]["database"]["items"][0].update(files={}),
        lambda manifest: manifest["applications"]["database"]["items"][0].update(files={"schema": MANIFEST}),
        lambda manifest: manifest["applications"]["database"]["items"][0].update(type="builder"),
        lambda manifest: manifest["applications"]["database"]["items"][0].update(name="\0"),
        lambda manifest: manifest["applications"]["database"]["items"].append(
            manifest["applications"]["database"]["items"][0]
        ),
    ],
)
def test_manifests(api: Any, target: Database, change: Callable[[Json], None]) -> None:
    assert _refused(api, target, archive_of(base(), change=change))


# Applications that make no sense.


@pytest.mark.usefixtures("open_instance")
@pytest.mark.parametrize(
    "told",
    [
        base(tables=None),
        base(tables={}),
        base(tables=[5]),
        base({**TABLE, "id": "x"}),
        base({**TABLE, "name": ""}),
        base({**TABLE, "fields": None}),
        base({**TABLE, "fields": []}),
        base({**TABLE, "fields": [{**FIELD, "primary": False}]}),
        base({**TABLE, "fields": [FIELD, {**FIELD, "id": 2, "name": "B"}]}),
        base({**TABLE, "fields": [FIELD, {**FIELD, "id": 2, "primary": False}]}),
        base({**TABLE, "fields": [FIELD, {**FIELD, "name": "B", "primary": False}]}),
        base({**TABLE, "fields": [{**FIELD, "name": "id"}]}),
        base({**TABLE, "fields": [FIELD, {"id": 2, "name": "L", "type": "link_row", "link_row_table_id": 99}]}),
        base({**TABLE, "fields": [FIELD, {"id": 2, "name": "L", "type": "link_row"}]}),
        base(
            {**TABLE, "fields": [{"id": 1, "name": "L", "type": "formula", "formula": "field('L')", "primary": True}]}
        ),
        base(TABLE, TABLE),
        base({**TABLE, "rows": [5]}),
        base({**TABLE, "rows": [{"field_1": "no id"}]}),
        base({**TABLE, "rows": [{"id": 0}]}),
        base({**TABLE, "rows": [{"id": 2**70}]}),
        base({**TABLE, "rows": [{"id": 1}, {"id": 1}]}),
        base({**TABLE, "rows": [{"id": 1, "field_1": "\0"}]}),
        base({**TABLE, "name": "\0"}),
        base({**TABLE, "fields": [{**FIELD, "field_constraints": [{"type_name": "no such rule"}]}]}),
    ],
)
def test_descriptions(api: Any, target: Database, told: Json) -> None:
    assert _failed(api, target, archive_of(told))


@pytest.mark.usefixtures("open_instance")
@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b'{"tables": [',
        b'{"tables": []} more',
        b'{"tables": [], "tables": []}',
        b'{"tables": [{"rows": [{"id": 1},]}]}',
        b'{"tables": [{"rows": [{"id": 1}, {]}]}',
        b'{"tables": ' + b"[" * 100_000,
        b'{"tables": ' + b'[{"a":' * 5_000 + b"1" + b"}]" * 5_000 + b"}",
        b'{"tables": [{"name": "\xff"}]}',
        b'{"tables": [{"name": "\\ud800"}]}',
        b'{"tables": [{"id": NaN}]}',
    ],
)
def test_broken_json(api: Any, target: Database, text: bytes) -> None:
    archive = files_of(archive_of(base()))
    manifest = json.loads(archive[MANIFEST])
    manifest["checksums"]["database_0.json"] = hashlib.sha256(text).hexdigest()
    changed = {**archive, "database_0.json": text, MANIFEST: json.dumps(manifest).encode()}
    assert _failed(api, target, packed(changed))
