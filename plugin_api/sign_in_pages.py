"""The browser's way through a sign-in elsewhere: what it may ask for, and where it is sent in the end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Response, redirect

from plugin_api.languages import Language
from plugin_api.schemas import Email, Schema, Str
from plugin_api.sign_in import Entered

DEFAULT_PAGE = "/dashboard"
_LONGEST = 2000
_PAGE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


class SignInQuery(Schema):
    """What a page that starts a sign-in may say."""

    email = Email(metadata={"description": "The address that decides about the provider."})
    original = Str(
        allow_blank=True, load_default="", metadata={"description": "The page of this instance to return to."}
    )
    language = Language(metadata={"description": "The language of a new account."})
    workspace_invitation_token = Str(
        allow_blank=True,
        load_default="",
        max_length=500,
        metadata={"description": "The token of an invitation to accept."},
    )


def own_page(address: str, site: str) -> str:
    """The path and query of an address that leads to a page of `site`; nothing for all others."""
    path = address.removeprefix(site) if address.startswith(f"{site}/") else address
    return path if len(path.encode("utf-8", "surrogatepass")) <= _LONGEST and _PAGE.fullmatch(path) else ""


def with_query(address: str, values: Mapping[str, str]) -> str:
    """An address with more values in its query; those that are empty are left out."""
    parsed = urlsplit(address)
    pairs = [*parse_qsl(parsed.query, keep_blank_values=True), *((k, v) for k, v in values.items() if v)]
    return parsed._replace(query=urlencode(pairs)).geturl()


def arrived(site: str, page: str, entered: Entered) -> Response:
    """Send the browser to the page it came for, with its new session."""
    tokens = {"token": entered.token, "user_session": entered.user_session}
    return _sent(with_query(f"{site}{page or DEFAULT_PAGE}", tokens))


def refused(site: str, code: str) -> Response:
    """Send the browser to the page that explains why somebody is not let in."""
    return _sent(with_query(f"{site}/login/error", {"error": code}))


def leave(address: str) -> Response:
    """Send the browser to a provider."""
    return _sent(address)


def _sent(address: str) -> Response:
    response = redirect(address, 302, Response)
    assert isinstance(response, Response)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
