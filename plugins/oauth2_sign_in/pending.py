"""A sign-in that has begun: the browser keeps it, encrypted, until it comes back from the provider."""

from __future__ import annotations

import hmac
import secrets as random
import time
from dataclasses import asdict, dataclass, field

import orjson
from flask import Response, request

from plugin_api import media, secrets
from plugin_api.secrets import SecretLost
from plugins.oauth2_sign_in.kinds import callback_path

SECONDS = 15 * 60
_COOKIE = "tablewright_sign_in"
_PURPOSE = "oauth2_sign_in.pending"


def number() -> str:
    """A number nobody can guess."""
    return random.token_urlsafe(32)


@dataclass(frozen=True)
class Pending:
    """What must be known when the browser comes back."""

    provider_id: int
    page: str
    language: str
    invitation: str
    verifier: str = ""
    nonce: str = ""
    state: str = field(default_factory=number)
    until: float = field(default_factory=lambda: time.time() + SECONDS)

    def give(self, response: Response) -> None:
        """Let the browser keep it, for the provider's callback alone."""
        kept = secrets.encrypt(orjson.dumps(asdict(self)).decode(), _PURPOSE)
        _set(response, self.provider_id, kept, SECONDS)


def take(provider_id: int, state: str) -> Pending | None:
    """The sign-in the browser comes back from; None unless this browser began it, lately, with this provider."""
    try:
        found = Pending(**orjson.loads(secrets.decrypt(request.cookies.get(_COOKIE, ""), _PURPOSE)))
    except (SecretLost, ValueError, TypeError):
        return None
    same = hmac.compare_digest(found.state.encode(), state.encode("utf-8", "surrogatepass"))
    return found if same and found.provider_id == provider_id and found.until > time.time() else None


def forget(response: Response, provider_id: int) -> None:
    """A sign-in is finished once."""
    _set(response, provider_id, "", 0)


def _set(response: Response, provider_id: int, value: str, seconds: int) -> None:
    response.set_cookie(
        _COOKIE,
        value,
        max_age=seconds,
        path=callback_path(provider_id),
        secure=media.api_url().startswith("https:"),
        httponly=True,
        samesite="Lax",
    )
