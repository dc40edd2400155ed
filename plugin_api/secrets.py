"""Secrets at rest: encryption of what must be read again, digests of what must only be found again."""

from __future__ import annotations

from typing import Protocol

from plugin_api.platform import service


class SecretLost(Exception):
    """The text was encrypted under another key than this instance has now, or was changed since."""


class Secrets(Protocol):
    """The service that knows the instance's keys."""

    def encrypt(self, text: str, purpose: str) -> str:
        """The text, encrypted; no two results are equal."""

    def decrypt(self, encrypted: str, purpose: str) -> str:
        """What `encrypt` was given for the same purpose. SecretLost when it cannot be had back."""

    def digest(self, text: str, purpose: str) -> str:
        """A keyed digest: the same for the same text, to look a secret up without keeping it."""

    def hash_password(self, password: str) -> str:
        """A salted, slow hash of a password."""

    def verify_password(self, kept: str, password: str) -> bool:
        """Whether a kept hash is of the password; takes as long for an empty one."""


def encrypt(text: str, purpose: str) -> str:
    """Encrypt a secret to store it. `purpose` says what for, such as "database_tokens.key": results do not mix."""
    return service(Secrets).encrypt(text, purpose)


def decrypt(encrypted: str, purpose: str) -> str:
    """The secret again; SecretLost when the instance's secret key is another one by now."""
    return service(Secrets).decrypt(encrypted, purpose)


def digest(text: str, purpose: str) -> str:
    """A digest to find a secret by."""
    return service(Secrets).digest(text, purpose)


def hash_password(password: str) -> str:
    """A salted hash of a password to store; takes some hundredths of a second, on purpose."""
    return service(Secrets).hash_password(password)


def verify_password(kept: str, password: str) -> bool:
    """Whether a stored hash is of the password."""
    return service(Secrets).verify_password(kept, password)
