"""Licences as texts: what is in them, how they are signed, and what is wrong with one.

A licence is `PAYLOAD.SIGNATURE`, both in base64 with the alphabet for addresses. The payload is a JSON object, the
signature is RSA-PSS with SHA-256 over the payload as it stands there, encoded.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from plugins.licenses import keys

VERSION = 1
_MOST = 2**31 - 1


class InvalidLicence(Exception):
    """It is no licence, or nobody whose key is known here signed it."""


class UnsupportedLicence(Exception):
    """It is of a kind this version knows nothing of."""


@dataclass(frozen=True)
class Licence:
    """What a licence says. Times are UTC; `instance_id` is where it counts."""

    id: str
    valid_from: datetime
    valid_through: datetime
    product_code: str
    seats: int
    application_users: int
    issued_on: datetime
    issued_to_email: str
    issued_to_name: str
    instance_id: str

    def is_valid(self, now: datetime) -> bool:
        """Whether it counts at a moment."""
        return self.valid_from <= now <= self.valid_through


def write(licence: Licence, key: RSAPrivateKey) -> str:
    """A signed licence."""
    said = asdict(licence)
    for name in ("valid_from", "valid_through", "issued_on"):
        said[name] = said[name].astimezone(UTC).replace(tzinfo=None).isoformat()
    payload = base64.urlsafe_b64encode(orjson.dumps({"version": VERSION, **said}))
    signature = key.sign(payload, keys.PADDING, keys.HASH)
    return b".".join((payload, base64.urlsafe_b64encode(signature))).decode()


def plain(text: str) -> str:
    """A licence without the spaces and line breaks that mails put into long texts."""
    return "".join(text.split())


def read(text: str) -> Licence:
    """What a licence says, whoever signed it. InvalidLicence, UnsupportedLicence."""
    payload, _ = _parts(text)
    try:
        said = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise InvalidLicence("What it says cannot be read.") from None
    if not isinstance(said, dict):
        raise InvalidLicence("What it says cannot be read.")
    if said.get("version", VERSION) != VERSION:
        raise UnsupportedLicence("It was made for a newer version.")
    return Licence(
        id=_text(said, "id"),
        valid_from=_moment(said, "valid_from"),
        valid_through=_moment(said, "valid_through"),
        product_code=_text(said, "product_code"),
        seats=_number(said, "seats"),
        application_users=_number(said, "application_users"),
        issued_on=_moment(said, "issued_on"),
        issued_to_email=_text(said, "issued_to_email"),
        issued_to_name=_text(said, "issued_to_name"),
        instance_id=_text(said, "instance_id"),
    )


def is_signed(text: str, known: Iterable[RSAPublicKey]) -> bool:
    """Whether one of the keys belongs to whoever signed it."""
    _, signature = _parts(text)
    payload = text.partition(".")[0].encode()
    return any(_fits(key, signature, payload) for key in known)


def _fits(key: RSAPublicKey, signature: bytes, payload: bytes) -> bool:
    try:
        key.verify(signature, payload, keys.PADDING, keys.HASH)
    except InvalidSignature:
        return False
    return True


def _parts(text: str) -> tuple[bytes, bytes]:
    payload, dot, signature = text.partition(".")
    if not (payload and dot and signature):
        raise InvalidLicence("It is not whole.")
    return _decoded(payload), _decoded(signature)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (ValueError, UnicodeError):
        raise InvalidLicence("It is not whole, or has characters that do not belong there.") from None


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value or "\0" in value:
        raise InvalidLicence(f"It does not say its {name}.")
    return value


def _number(said: dict[str, Any], name: str) -> int:
    value = said.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise InvalidLicence(f"It does not say its {name}.")
    return value


def _moment(said: dict[str, Any], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(_text(said, name))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise InvalidLicence(f"It does not say its {name}.") from None
