"""The keys licences are signed and checked with."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import structlog
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

log = structlog.get_logger(__name__)

HASH = hashes.SHA256()
PADDING = padding.PSS(mgf=padding.MGF1(HASH), salt_length=HASH.digest_size)
_BITS, _SHORTEST = 3072, 2048
_EXPONENT = 65537


class BadKey(ValueError):
    """A file or text is no key that can be used; the message says why."""


def make() -> tuple[bytes, bytes]:
    """A new pair: the private and the public key as PEM."""
    key = rsa.generate_private_key(public_exponent=_EXPONENT, key_size=_BITS)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = serialization.PublicFormat.SubjectPublicKeyInfo
    return private, key.public_key().public_bytes(serialization.Encoding.PEM, shown)


def private_key(pem: bytes) -> RSAPrivateKey:
    """A private key to sign with."""
    try:
        found = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadKey(f"it is no private key in PEM without a password: {error}") from None
    if not isinstance(found, RSAPrivateKey):
        raise BadKey("it is no RSA key")
    return found


@lru_cache(maxsize=64)
def public_key(pem: bytes) -> RSAPublicKey:
    """A public key to check with."""
    try:
        found = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKey(f"it is no public key in PEM: {error}") from None
    if not isinstance(found, RSAPublicKey) or found.key_size < _SHORTEST:
        raise BadKey(f"it is no RSA key of at least {_SHORTEST} bits")
    return found


@lru_cache(maxsize=8)
def of_files(paths: tuple[str, ...]) -> tuple[RSAPublicKey, ...]:
    """The public keys in files, read once; one that cannot be used is named in the log and left out."""
    found = []
    for path in paths:
        try:
            found.append(public_key(Path(path).read_bytes()))
        except (OSError, BadKey) as error:
            log.error("a public key of licences cannot be used", file=path, reason=str(error))
    return tuple(found)


def problems(paths: tuple[str, ...]) -> list[str]:
    """What is wrong with files that should be public keys."""
    wrong = []
    for path in paths:
        try:
            public_key(Path(path).read_bytes())
        except (OSError, BadKey) as error:
            wrong.append(f"{path}: {error}")
    return wrong
