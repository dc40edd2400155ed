"""Passwords: Argon2 hashes."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

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
