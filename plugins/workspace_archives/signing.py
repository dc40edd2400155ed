"""Signatures of archives: each instance has a key of its own, and trusts that one and those its operator names."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from plugin_api.secrets import digest
from plugin_api.settings import setting

_PURPOSE = "workspace_archives.signature"


def _private_key() -> Ed25519PrivateKey:
    """Derived from the instance's secret key, so that there is nothing to keep, and all processes have the same."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(digest("the key of this instance", _PURPOSE)))


def public_key() -> str:
    """The key others need to trust this instance, in the form signatures and settings have it."""
    pem = _private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(pem).decode()


def signature_of(manifest: bytes) -> dict[str, str]:
    """What is put beside a manifest; the manifest has the checksums of all other files."""
    moment = datetime.now(UTC).isoformat()
    signed = _private_key().sign(_message(manifest, moment))
    return {"signature": base64.b64encode(signed).decode(), "public_key_pem": public_key(), "timestamp": moment}


def is_trusted(signature: Mapping[str, Any]) -> bool:
    """Whether an archive says that it was signed by this instance or one it trusts."""
    key = signature.get("public_key_pem")
    trusted = {_same(one) for one in (public_key(), *setting("trusted_archive_keys"))}
    return isinstance(key, str) and _same(key) in trusted


def is_genuine(manifest: bytes, signature: Mapping[str, Any]) -> bool:
    """Whether the manifest is the one that was signed."""
    try:
        key = load_pem_public_key(base64.b64decode(signature["public_key_pem"], validate=True))
        signed = base64.b64decode(signature["signature"], validate=True)
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signed, _message(manifest, str(signature["timestamp"])))
    except (InvalidSignature, binascii.Error, KeyError, TypeError, ValueError):
        return False
    return True


def _message(manifest: bytes, moment: str) -> bytes:
    return moment.encode("utf-8", "replace") + b"\n" + manifest


def _same(key: str) -> str:
    """The key without what may differ in how it was copied."""
    return "".join(key.split())
