"""What browsers keep and send: the session's cookie, tokens against forged forms, what the next page tells."""

from __future__ import annotations

import hmac
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Response, g, redirect, request

from plugin_api import secrets
from plugin_api.errors import ApiError
from plugin_api.secrets import SecretLost
from plugin_api.settings import setting

SESSION, FORMS, TOLD = "tablewright_admin", "tablewright_admin_forms", "tablewright_admin_told"
_PATH = "/admin"
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_PURPOSE = "admin_page.told"


def session() -> str:
    """The session the browser keeps; empty when it keeps none."""
    return request.cookies.get(SESSION, "")


def keep_session(response: Response, value: str) -> None:
    """Let the browser keep a session until it is closed, or forget it; forms from before are of no use any more."""
    _keep(response, SESSION, value)
    _keep(response, FORMS, token_urlsafe(32))


def _keep(response: Response, name: str, value: str) -> None:
    safe = request.is_secure or str(setting("public_url") or "").startswith("https:")
    if value:
        response.set_cookie(name, value, path=_PATH, httponly=True, secure=safe, samesite="Lax")
    else:
        response.delete_cookie(name, path=_PATH, httponly=True, secure=safe, samesite="Lax")


def form_token() -> str:
    """What a form must send back: it belongs to this browser and its session."""
    if not hasattr(g, "admin_forms"):
        g.admin_forms = request.cookies.get(FORMS) or token_urlsafe(32)
    return secrets.digest(f"{g.admin_forms}\0{session()}", "admin_page.forms")


def require_own_form() -> None:
    """403 unless what is sent comes from a form of ours in this browser."""
    given, known = request.form.get("form_token", ""), bool(request.cookies.get(FORMS))
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    if foreign or not known or not hmac.compare_digest(given.encode(), form_token().encode()):
        raise ApiError("ERROR_FORM_EXPIRED", 403, "This form is too old, or from somewhere else. Please send it again.")


def tell(response: Response, text: str, link: str = "") -> Response:
    """Let the next page tell something, with a link to copy; only this instance can write or read what is kept."""
    told = orjson.dumps({"text": text, "link": link}).decode()
    _keep(response, TOLD, secrets.encrypt(told, _PURPOSE))
    return response


def told() -> dict[str, Any] | None:
    """What this page is to tell."""
    kept = request.cookies.get(TOLD)
    try:
        found: dict[str, Any] | None = orjson.loads(secrets.decrypt(kept, _PURPOSE)) if kept else None
    except SecretLost:
        return None
    return found


def see_other(address: str, text: str = "", link: str = "") -> Response:
    """Send the browser on after a form, so that going back or loading anew sends nothing twice."""
    response: Any = redirect(address, 303)
    return tell(response, text, link) if text else response


def finish(response: Response) -> Response:
    """The headers of every page, and the cookies that come with it."""
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    if hasattr(g, "admin_forms") and not request.cookies.get(FORMS) and not _sets(response, FORMS):
        _keep(response, FORMS, g.admin_forms)
    if request.cookies.get(TOLD) and response.status_code == 200 and response.mimetype == "text/html":
        _keep(response, TOLD, "")
    return response


def _sets(response: Response, name: str) -> bool:
    return any(value.startswith(f"{name}=") for value in response.headers.getlist("Set-Cookie"))


def own_path(address: str) -> str:
    """A path of ours to go on to after signing in; the first page for anything else."""
    parts = urlsplit(address)
    ours = not parts.scheme and not parts.netloc and parts.path.startswith("/admin/") and "\\" not in address
    return address if ours else "/admin/"
