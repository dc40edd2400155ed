"""What administrators do with licences: registering, removing and checking them, and giving seats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from plugin_api import actions
from plugin_api.actions import ActionType
from plugin_api.administration import Instance
from plugin_api.db import connection, session
from plugin_api.errors import ApiError
from plugin_api.paging import counted
from plugin_api.platform import service
from plugin_api.sql import contains
from plugins.licenses import products, store, texts
from plugins.licenses.models import Registered, Seat
from plugins.licenses.store import USER, Found
from plugins.licenses.texts import InvalidLicence, Licence, UnsupportedLicence

REGISTERED, REMOVED, SEATS = "register_license", "remove_license", "change_license_seats"
ACTION_TYPES = [
    ActionType(REGISTERED, 'Licence "%(license_id)s" for %(product_code)s registered', title="Register licence"),
    ActionType(REMOVED, 'Licence "%(license_id)s" for %(product_code)s removed', title="Remove licence"),
    ActionType(SEATS, 'Seats of licence "%(license_id)s" changed: %(change)s', title="Change seats of licence"),
]


def every() -> list[dict[str, Any]]:
    """All licences."""
    return store.shown(store.every())


def read(license_id: int) -> dict[str, Any]:
    """A licence with who has a seat."""
    return _full(store.find(license_id))


def _full(found: Found) -> dict[str, Any]:
    return {**store.shown([found])[0], "users": store.users_of(found.row.id)}


def register(text: str) -> dict[str, Any]:
    """Register a licence. One that was issued later takes the place of an earlier one with the same id."""
    text = texts.plain(text)
    licence = _acceptable(text)
    _one_at_a_time()
    known = session().scalar(sa.select(Registered).where(Registered.license_id == licence.id).with_for_update())
    row = Registered(license_id=licence.id) if known is None else _older(known, licence)
    row.text, row.last_check = text, datetime.now(UTC)
    session().add(row)
    session().flush()
    _drop_seats_beyond(row.id, licence.seats)
    found = store.find(row.id)
    _record(REGISTERED, found)
    return store.shown([found])[0]


def _acceptable(text: str) -> Licence:
    """What a licence says, once it is sure that it is good here and now."""
    try:
        licence = texts.read(text)
    except InvalidLicence as error:
        raise _invalid(str(error)) from None
    except UnsupportedLicence as error:
        raise ApiError("ERROR_UNSUPPORTED_LICENSE", 400, str(error)) from None
    if licence.valid_through < datetime.now(UTC):
        raise ApiError("ERROR_LICENSE_HAS_EXPIRED", 400, f"It was good until {licence.valid_through:%Y-%m-%d}.")
    sold = products.product(licence.product_code)
    if not store.trusted(text, sold):
        raise _invalid("It was changed after it was signed, or nobody whose key is known here signed it.")
    if licence.instance_id != service(Instance).instance_id():
        message = f"It is for the instance {licence.instance_id[:100]}, not for this one."
        raise ApiError("ERROR_PREMIUM_LICENSE_INSTANCE_ID_MISMATCH", 400, message)
    if sold is None and licence.product_code not in service(Instance).features():
        message = f"No plugin here knows the product {licence.product_code[:100]}."
        raise ApiError("ERROR_UNSUPPORTED_LICENSE", 400, message)
    return licence


def _invalid(why: str) -> ApiError:
    return ApiError("ERROR_INVALID_LICENSE", 400, f"This is no valid licence. {why}")


def _one_at_a_time() -> None:
    """Two who register the same licence at once do so one after the other."""
    key = sa.func.hashtextextended("registering licences", 0)
    connection().execute(sa.select(sa.func.pg_advisory_xact_lock(key)))


def _older(known: Registered, licence: Licence) -> Registered:
    """The row of an earlier issue of the licence; 400 unless the new one is newer."""
    try:
        before = texts.read(known.text).issued_on
    except (InvalidLicence, UnsupportedLicence):
        return known
    if before >= licence.issued_on:
        raise ApiError("ERROR_LICENSE_ALREADY_EXISTS", 400, "This licence is registered already.")
    return known


def _drop_seats_beyond(license_id: int, seats: int) -> None:
    """A later issue may have fewer seats: those who came last lose theirs."""
    kept = sa.select(Seat.id).where(Seat.license_id == license_id).order_by(Seat.id).limit(seats)
    session().execute(sa.delete(Seat).where(Seat.license_id == license_id, Seat.id.not_in(kept)))


def remove(license_id: int) -> None:
    """Remove a licence, and the seats with it."""
    found = store.find(license_id, lock=True)
    session().delete(found.row)
    session().flush()
    _record(REMOVED, found)


def check(license_id: int) -> dict[str, Any]:
    """Look at a licence again, and note when: signature, product and time."""
    found = store.find(license_id)
    found.row.last_check = datetime.now(UTC)
    session().flush()
    return _full(found)


def add_user(license_id: int, user_id: int) -> dict[str, Any]:
    """Give a user a seat."""
    found = _seated_by_hand(license_id)
    user = _user(user_id)
    taken = set(session().scalars(store.with_seat(license_id)))
    if user_id in taken:
        raise ApiError("ERROR_USER_ALREADY_IN_PREMIUM_LICENSE", 400, "This user has a seat of the licence already.")
    if len(taken) >= found.licence.seats:
        raise ApiError("ERROR_NO_SEATS_LEFT_IN_LICENSE", 400, "All seats of the licence are taken.")
    session().execute(insert(Seat).values(license_id=license_id, user_id=user_id))
    _record(SEATS, found, change=f"user {user_id} added")
    return store.person(user)


def remove_user(license_id: int, user_id: int) -> None:
    """Take a user's seat, if they have one."""
    found = _seated_by_hand(license_id)
    _user(user_id)
    gone = session().execute(sa.delete(Seat).where(Seat.license_id == license_id, Seat.user_id == user_id))
    if gone.rowcount:  # type: ignore[attr-defined]
        _record(SEATS, found, change=f"user {user_id} removed")


def fill(license_id: int) -> list[dict[str, Any]]:
    """Give the seats that are left to those who have none, the oldest accounts first."""
    found = _seated_by_hand(license_id)
    taken = session().scalar(sa.select(sa.func.count()).where(Seat.license_id == license_id)) or 0
    query = store.without_seat(license_id).order_by(USER.c.id)
    users = session().execute(query.limit(max(found.licence.seats - taken, 0))).all()
    if users:
        session().execute(insert(Seat), [{"license_id": license_id, "user_id": user.id} for user in users])
        _record(SEATS, found, change=f"{len(users)} users added")
    return [store.person(user) for user in users]


def remove_all(license_id: int) -> None:
    """Take everybody's seat."""
    found = _seated_by_hand(license_id)
    gone = session().execute(sa.delete(Seat).where(Seat.license_id == license_id))
    if gone.rowcount:  # type: ignore[attr-defined]
        _record(SEATS, found, change="all users removed")


def lookup(license_id: int, search: str, limit: int, offset: int) -> tuple[int, Sequence[dict[str, Any]]]:
    """How many active users without a seat have the text in name or address, and a window of them: three queries."""
    store.find(license_id)
    without = store.without_seat(license_id)
    if search:
        without = without.where(sa.or_(contains(USER.c.name, search), contains(USER.c.email, search)))
    total, rows = counted(without, [USER.c.id], limit, offset)
    return total, [{"id": row.id, "value": f"{row.name} ({row.email})"} for row in rows]


def _seated_by_hand(license_id: int) -> Found:
    """A licence whose seats are given by hand, and by nobody else until the commit."""
    found = store.find(license_id, lock=True)
    if found.instance_wide:
        message = "Everybody has what this licence gives: it has no seats to give."
        raise ApiError("ERROR_CANT_MANUALLY_CHANGE_SEATS", 400, message)
    return found


def _user(user_id: int) -> Any:
    row = session().execute(sa.select(USER).where(USER.c.id == user_id)).first()
    if row is None:
        raise ApiError("ERROR_USER_NOT_FOUND", 400, f"There is no user {user_id}.")
    return row


def _record(action: str, found: Found, **more: Any) -> None:
    params = {"license_id": found.licence.id, "product_code": found.licence.product_code, **more}
    actions.record(action, scope="root", workspace_id=None, params=params)
