"""Secrets at rest: AES-GCM and HMAC-SHA256 under keys derived from the instance's secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.accounts.passwords import hash_password, verify_password
from plugin_api.secrets import SecretLost

_NONCE_BYTES = 12


class DerivedSecrets:
    """Encrypts and digests; the purpose is bound to each result, so that one never passes for another."""

    def __init__(self, secret_key: str) -> None:
        self._cipher = AESGCM(_derived(secret_key, b"encryption"))
        self._digest_key = _derived(secret_key, b"digests")

    def encrypt(self, text: str, purpose: str) -> str:
        """A random nonce and the cipher text, as text."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, text.encode(), purpose.encode())
        return base64.urlsafe_b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted: str, purpose: str) -> str:
        """The text; SecretLost when the key, the purpose or the cipher text is another."""
        try:
            data = base64.urlsafe_b64decode(encrypted)
            return self._cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], purpose.encode()).decode()
        except (InvalidTag, ValueError):
            raise SecretLost(f"a secret for {purpose} cannot be decrypted with this instance's key") from None

    def digest(self, text: str, purpose: str) -> str:
        """64 hexadecimal digits."""
        data = purpose.encode() + b"\0" + text.encode("utf-8", "surrogatepass")
        return hmac.new(self._digest_key, data, hashlib.sha256).hexdigest()

    def hash_password(self, password: str) -> str:
        """With Argon2."""
        return hash_password(password)

    def verify_password(self, kept: str, password: str) -> bool:
        """With Argon2."""
        return verify_password(kept, password)


def _derived(secret_key: str, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"tablewright " + use).derive(secret_key.encode())
