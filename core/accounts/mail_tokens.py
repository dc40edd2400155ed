"""Tokens in mails: signed, with an end, and good once because they name what their use changes."""

from __future__ import annotations

import hashlib
from typing import Any

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from core.db.models import User
from core.settings import Settings
from plugin_api.errors import ApiError
from plugin_api.platform import service

RESET_HOURS, VERIFY_HOURS = 24, 24
_RESET, _VERIFY = "reset password", "verify e-mail"


class StaleToken(Exception):
    """A signed token that is too old or was used."""


def reset_token(user: User) -> str:
    """A token to set a new password with. A change of the password ends it."""
    return str(_signer(_RESET).dumps([user.id, _fingerprint(user)]))


def reset_user_id(token: str) -> int:
    """Whose token it is; 400 for a bad or an expired one."""
    try:
        return int(_signer(_RESET).loads(token, max_age=RESET_HOURS * 3600)[0])
    except SignatureExpired:
        raise ApiError("EXPIRED_TOKEN_SIGNATURE", 400, "The link is too old. Ask for a new one.") from None
    except BadSignature:
        raise bad_signature() from None


def require_unused(token: str, user: User) -> None:
    """400 when the password was changed since a good reset token was made."""
    if _signer(_RESET).loads(token)[1] != _fingerprint(user):
        raise bad_signature()


def bad_signature() -> ApiError:
    """400 for a token that is not ours or was used."""
    return ApiError("BAD_TOKEN_SIGNATURE", 400, "The link is not a good one, or it was used.")


def verification_token(user: User) -> str:
    """A token that shows that the owner of the address has read the mail."""
    return str(_signer(_VERIFY).dumps([user.id, user.email]))


def verified(token: str) -> tuple[int, str]:
    """The user id and address of a verification token; StaleToken when it is not a good one."""
    try:
        found: Any = _signer(_VERIFY).loads(token, max_age=VERIFY_HOURS * 3600)
    except BadSignature as error:
        raise StaleToken(str(error)) from None
    return int(found[0]), str(found[1])


def _signer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        service(Settings).secret_key, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256}
    )


def _fingerprint(user: User) -> str:
    return hashlib.sha256(f"{user.password}\0{user.auth_version}\0{user.email}".encode()).hexdigest()[:32]
