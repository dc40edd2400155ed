"""What licences give to whom (`plugin_api.features.Licences`), and what clients are told of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from plugin_api.context import Actor
from plugin_api.db import session
from plugin_api.settings import setting
from plugin_api.states import is_enabled
from plugins.licenses import store
from plugins.licenses.models import Seat
from plugins.licenses.store import Found

PLUGIN = "licenses"
_OPEN = {"enterprise": True}


class RegisteredLicences:
    """Asks the registered licences: two queries at most, and only where licences are needed."""

    def cover(self, feature: str, user_id: int | None) -> bool:
        """Whether a licence lets the user have the feature; without a user, whether any does."""
        if not is_enabled(PLUGIN):
            return False
        giving = [one for one in store.every() if one.counts and feature in one.features]
        if user_id is None or any(one.instance_wide for one in giving):
            return bool(giving)
        return bool(_seats(giving, user_id))


def _seats(found: Iterable[Found], user_id: int) -> set[int]:
    """Which of the licences the user has a seat of: one query."""
    ids = [one.row.id for one in found]
    query = sa.select(Seat.license_id).where(Seat.license_id.in_(ids), Seat.user_id == user_id)
    return set(session().scalars(query)) if ids else set()


def active_licenses(who: Actor) -> dict[str, Any]:
    """What a user is told when they sign in: the products they have."""
    return {"instance_wide": _OPEN if _is_open() else _products_of(who), "per_workspace": {}}


def _products_of(who: Actor) -> dict[str, bool]:
    counting = [one for one in store.every() if one.counts]
    seats = _seats(counting, who.user_id) if who.user_id else set()
    return {one.licence.product_code: True for one in counting if one.instance_wide or one.row.id in seats}


def instance_wide() -> dict[str, bool]:
    """What everybody is told: the products that everybody has."""
    if _is_open():
        return _OPEN
    return {one.licence.product_code: True for one in store.every() if one.counts and one.instance_wide}


def _is_open() -> bool:
    return bool(setting("license_mode") == "open")
