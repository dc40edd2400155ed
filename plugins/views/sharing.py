"""Shared views: finding one by its address, and whether who asks may see it: by membership, or by its password."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import jwt
from flask import request

from plugin_api import context
from plugin_api.errors import ApiError, does_not_exist
from plugin_api.guessing import count_wrong_guess, refuse_guessing
from plugin_api.permissions import allows
from plugin_api.secrets import digest, verify_password
from plugins.views import models
from plugins.views.context import ViewContext, view_of_slug
from plugins.views.operations import READ

HEADER = "Baserow-View-Authorization"
"""Where visitors send the token they got for a view's password, as `JWT <token>`."""
LOCKED = "ERROR_NO_AUTHORIZATION_TO_PUBLICLY_SHARED_VIEW"
_PURPOSE, _ALGORITHM = "views.password", "HS256"
_DAYS = 30


def shared_view(
    slug: str,
    of_type: str | None = None,
    missing: str = "view",
    parts: Collection[str] = (),
    locked: str = LOCKED,
) -> ViewContext:
    """The view at an address, for visitors who may see it and for members: one query.

    404 (as `missing`) when there is none, it is of another type than `of_type`, or it is not shared; 401 (with the
    code `locked`) without the token of its password. Members who may read the view need neither.
    """
    found = _found(slug, of_type, missing, parts)
    require_admission(found, missing, locked)
    return found


def require_admission(found: ViewContext, missing: str, locked: str = LOCKED, token: str | None = None) -> None:
    """Refuse who asks as `shared_view` does, unless they may see the view. token: the request's header by default."""
    if is_member(found):
        return
    if not found.view.public:
        raise does_not_exist(missing)
    if found.view.password and not _fits(_sent_token() if token is None else token, found.view):
        message = f"This view has a password: send the token of its `public/auth/` in the header {HEADER}."
        raise ApiError(locked, 401, message)


def _found(slug: str, of_type: str | None, missing: str, parts: Collection[str]) -> ViewContext:
    found = view_of_slug(slug, parts)
    if found is None or not found.kind.can_share or (of_type is not None and found.view.type != of_type):
        raise does_not_exist(missing)
    return found


def is_member(found: ViewContext) -> bool:
    """Whether a user who may read the view asks."""
    return context.actor().kind == "user" and allows(READ, found.access)


def token_for(slug: str, password: str) -> str:
    """The token for a view's password; 401 for a wrong one, 429 after too many.

    Every password fits a view that has none.
    """
    found = _found(slug, None, "view", ())
    view = found.view
    if not view.public and not is_member(found):
        raise does_not_exist("view")
    if view.password:
        refuse_guessing(f"view/{view.id}")
    if view.password and not verify_password(view.password, password):
        count_wrong_guess(f"view/{view.id}")
        raise ApiError("ERROR_INVALID_VIEW_PASSWORD", 401, "The password is wrong.")
    claims = {"sub": view.slug, "exp": datetime.now(UTC) + timedelta(days=_DAYS)}
    return jwt.encode(claims, _key(view), _ALGORITHM)


def _sent_token() -> str:
    scheme, _, token = request.headers.get(HEADER, "").strip().partition(" ")
    return token.strip() if scheme == "JWT" else ""


def _fits(token: str, view: models.View) -> bool:
    try:
        jwt.decode(token, _key(view), [_ALGORITHM], options={"require": ["exp", "sub"]})
    except jwt.PyJWTError:
        return False
    return True


def _key(view: models.View) -> str:
    """Another one as soon as the view has another password or address: tokens from before are void then."""
    return digest(f"{view.id}\0{view.slug}\0{view.password}", _PURPOSE)
