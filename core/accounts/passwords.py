"""Passwords: Argon2 hashes and the rules a new password must meet."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from plugin_api.schemas import Str, invalid

MIN_LENGTH, MAX_LENGTH = 8, 256

# 19 MiB and 2 passes: what OWASP asks for at the least, so that a small server can sign people in.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_at_once = threading.BoundedSemaphore(2)
_NOBODY = _hasher.hash("the password of nobody")


def hash_password(password: str) -> str:
    """The hash to keep of a password."""
    with _at_once:
        return _hasher.hash(password)


def verify_password(kept: str, password: str) -> bool:
    """Whether it is the password; takes as long when there is no hash, so that time tells nothing."""
    with _at_once:
        try:
            return _hasher.verify(kept or _NOBODY, password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(kept: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)


class NewPassword(Str):
    """A password that is set: trimmed, 8 to 256 characters."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        password = super()._deserialize(value, attr, data, **kwargs)
        if len(password) < MIN_LENGTH:
            raise invalid("password_validation_failed", f"Use at least {MIN_LENGTH} characters.")
        if len(password) > MAX_LENGTH:
            raise invalid("password_validation_failed", f"Use no more than {MAX_LENGTH} characters.")
        return password
