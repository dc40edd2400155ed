"""JSON web tokens: short access tokens, refresh tokens, and the list of those signed off."""

from __future__ import annotations

import hashlib
import uuid
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from core.db.models import RevokedToken, User
from core.settings import Settings
from plugin_api.db import session
from plugin_api.platform import service

ACCESS, REFRESH, PAGE = "access", "refresh", "page"
"""For the API, for further access tokens, and for the product's own pages."""
_PAGE_MINUTES = 12 * 60
_ALGORITHM = "HS256"
_REQUIRED = ["exp", "iat", "token_type", "user_id", "auth_version"]


class BadToken(Exception):
    """A token that is not ours, not of the wanted kind, too old, or signed off."""


@dataclass(frozen=True)
class Claims:
    """What a good token says."""

    user_id: int
    auth_version: int
    refresh_version: int
    session: str
    expires_on: datetime


@lru_cache(maxsize=4)
def _key(secret: str) -> jwt.PyJWK:
    """The key of tokens, looked at once: every request reads one."""
    encoded = urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    return jwt.PyJWK.from_dict({"kty": "oct", "k": encoded, "alg": _ALGORITHM})


def issue(kind: str, user: User, user_session: str) -> str:
    """A new token of a kind for a user's session."""
    settings, now = service(Settings), datetime.now(UTC)
    lives = {ACCESS: settings.access_token_minutes, PAGE: _PAGE_MINUTES, REFRESH: settings.refresh_token_hours * 60}
    claims: dict[str, Any] = {
        "token_type": kind,
        "user_id": user.id,
        "auth_version": user.auth_version,
        "session": user_session,
        "jti": uuid.uuid4().hex,
        "iat": now,
        "exp": now + timedelta(minutes=lives[kind]),
    }
    if kind != ACCESS:
        claims["refresh_version"] = user.refresh_version
    return jwt.encode(claims, service(Settings).secret_key, _ALGORITHM)


def read(kind: str, token: str) -> Claims:
    """The claims of a token of `kind`; BadToken when it is not a good one."""
    if not isinstance(token, str):
        raise BadToken("a token is a text")
    claims = _verified(kind, token, service(Settings).secret_key)
    if claims.expires_on <= datetime.now(UTC):
        raise BadToken("the token has ended")
    return claims


@lru_cache(maxsize=4096)
def _verified(kind: str, token: str, secret: str) -> Claims:
    """The claims of a token whose signature is ours. Clients send the same token many times: it is verified once."""
    try:
        key = _key(secret)
        claims = jwt.decode(token, key, algorithms=[_ALGORITHM], options={"require": _REQUIRED})
        if claims["token_type"] != kind:
            raise BadToken(f"not a token for {kind}")
        return Claims(
            user_id=int(claims["user_id"]),
            auth_version=int(claims["auth_version"]),
            refresh_version=int(claims.get("refresh_version", 0)),
            session=str(claims.get("session", "")),
            expires_on=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError) as error:
        raise BadToken(str(error)) from None


def revoke(token: str, expires_on: datetime) -> bool:
    """Sign a token off that is not for the API; False when it was signed off before."""
    row = insert(RevokedToken).values(digest=_digest(token), expires_on=expires_on)
    added = session().execute(row.on_conflict_do_nothing().returning(RevokedToken.digest)).first()
    return added is not None


def forget_ended() -> None:
    """Forget the tokens that have ended by themselves since."""
    session().execute(sa.delete(RevokedToken).where(RevokedToken.expires_on < sa.func.now()))


def is_revoked(token: str) -> bool:
    """Whether a token was signed off."""
    return session().get(RevokedToken, _digest(token)) is not None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
