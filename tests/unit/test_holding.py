"""Files that are deleted while a backup copies them can still be found by it, and are gone after it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.storage.holding import FOLDER
from core.storage.local import LocalStorage
from core.storage.names import BadName


def test_what_is_deleted_meanwhile_is_held_until_the_backup_has_it(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.write("folder/one", [b"content"])
    with storage.hold() as hold:
        storage.delete("folder/one")
        assert list(storage.names("")) == []
        assert list(hold.names()) == ["folder/one"]
        assert hold.find("folder/one").read_bytes() == b"content"
    assert not (tmp_path / FOLDER).exists()


def test_without_a_backup_nothing_is_kept(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    storage.write("one", [b"content"])
    storage.delete("one")
    assert list(tmp_path.rglob("one")) == []


def test_a_backup_that_was_killed_holds_nothing_for_ever(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path)
    left = tmp_path / FOLDER / "killed"
    left.mkdir(parents=True)
    os.utime(left, (1, 1))
    storage.write("one", [b"content"])
    storage.delete("one")
    assert list(tmp_path.rglob("one")) == [] and not left.exists()


def test_nobody_stores_a_file_there(tmp_path: Path) -> None:
    with pytest.raises(BadName):
        LocalStorage(tmp_path).write(f"{FOLDER}/x", [b""])
