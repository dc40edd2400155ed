"""Passwords and the secret key."""

from __future__ import annotations

import stat
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from core.accounts.passwords import hash_password, needs_rehash, verify_password
from core.accounts.secret import kept_key, with_secret_key
from core.settings import Settings


def test_a_password_is_kept_as_a_salted_hash() -> None:
    one, other = hash_password("Sup3rSecret!pw"), hash_password("Sup3rSecret!pw")
    assert one != other
    assert verify_password(one, "Sup3rSecret!pw")
    assert not verify_password(one, "sup3rSecret!pw")
    assert not needs_rehash(one)
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))


@pytest.mark.parametrize("kept", ["", "plain", "$argon2id$broken", "!"])
def test_what_is_no_hash_verifies_nothing(kept: str) -> None:
    assert not verify_password(kept, "the password of nobody")
    assert not verify_password(kept, kept)


def test_the_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    folder, keys = tmp_path / "data", []
    threads = [threading.Thread(target=lambda: keys.append(kept_key(folder))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 32
    assert [path.name for path in folder.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600


def test_a_damaged_secret_key_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("short")
    with pytest.raises(ValueError, match="secret_key"):
        kept_key(tmp_path)


def test_a_secret_key_of_the_settings_counts(tmp_path: Path) -> None:
    given = Settings.load({}, data_dir=tmp_path, secret_key="k" * 32)
    assert with_secret_key(given) is given
    assert with_secret_key(replace(given, secret_key="")).secret_key == kept_key(tmp_path)
