"""Stored licences and seats: finding and showing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import does_not_exist
from plugin_api.platform import registry
from plugin_api.settings import setting
from plugins.licenses import keys, texts
from plugins.licenses.models import Registered, Seat
from plugins.licenses.products import Product, product
from plugins.licenses.texts import InvalidLicence, Licence, UnsupportedLicence

USER = sa.table(
    "user",
    sa.column("id", sa.BigInteger),
    sa.column("name", sa.Text),
    sa.column("email", sa.Text),
    sa.column("is_active", sa.Boolean),
    schema="core",
)
_MEMBERSHIP = sa.table(
    "membership", sa.column("user_id", sa.BigInteger), sa.column("permissions", sa.Text), schema="core"
)
_PAID_ROLES = ("ADMIN", "MEMBER", "BUILDER", "EDITOR")


@dataclass(frozen=True)
class Found:
    """A stored licence and what its text says. `counts`: it is signed, known and valid now."""

    row: Registered
    licence: Licence
    product: Product | None
    counts: bool

    @property
    def features(self) -> tuple[str, ...]:
        """What it gives: what its product does, or the feature its product code is the name of."""
        return self.product.features if self.product else (self.licence.product_code,)

    @property
    def instance_wide(self) -> bool:
        """Whether everybody has it. A licence for a single feature says so by having no seats."""
        return self.product.instance_wide if self.product else self.licence.seats == 0


def trusted(text: str, sold: Product | None) -> bool:
    """Whether a licence is signed with a key that is good for its product."""
    known = keys.of_files(tuple(setting("license_public_keys")))
    own = [keys.public_key(pem.encode()) for pem in sold.public_keys] if sold else []
    return texts.is_signed(text, (*known, *own))


def _found(row: Registered) -> Found | None:
    """A stored licence; None when its text is of no use any more, which only happens to what others stored."""
    try:
        licence = texts.read(row.text)
    except (InvalidLicence, UnsupportedLicence):
        return None
    sold = product(licence.product_code)
    counts = licence.is_valid(datetime.now(UTC)) and _known(sold, licence) and trusted(row.text, sold)
    return Found(row, licence, sold, counts)


def _known(sold: Product | None, licence: Licence) -> bool:
    return sold is not None or licence.product_code not in registry("license_products")


def every() -> list[Found]:
    """All licences, in the order in which they were registered: one query."""
    rows = session().scalars(sa.select(Registered).order_by(Registered.id).execution_options(populate_existing=True))
    return [found for row in rows if (found := _found(row)) is not None]


def find(license_id: int, lock: bool = False) -> Found:
    """A licence; `lock`: nobody else changes its seats until the commit. 404 ERROR_LICENSE_DOES_NOT_EXIST."""
    query = sa.select(Registered).where(Registered.id == license_id)
    query = query.with_for_update() if lock else query
    row = session().scalar(query.execution_options(populate_existing=True))
    found = _found(row) if row is not None else None
    if found is None:
        raise does_not_exist("license")
    return found


def users_of(license_id: int) -> list[dict[str, Any]]:
    """Who has a seat, in the order in which they got it: one query."""
    query = sa.select(USER.c.id, USER.c.name, USER.c.email).join(Seat, Seat.user_id == USER.c.id)
    return [person(row) for row in session().execute(query.where(Seat.license_id == license_id).order_by(Seat.id))]


def first_users(most: int) -> dict[int, list[dict[str, Any]]]:
    """The first users with a seat of each licence, by licence: one query."""
    place = sa.func.row_number().over(partition_by=Seat.license_id, order_by=Seat.id).label("place")
    seats = sa.select(Seat.license_id, Seat.user_id, place).subquery()
    query = sa.select(seats.c.license_id, USER.c.id, USER.c.name, USER.c.email)
    query = query.join(USER, USER.c.id == seats.c.user_id).where(seats.c.place <= most)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in session().execute(query.order_by(seats.c.license_id, seats.c.place)):
        found.setdefault(row.license_id, []).append(person(row))
    return found


def person(row: Any) -> dict[str, Any]:
    """A user as the API shows them here."""
    return {"id": row.id, "first_name": row.name, "email": row.email}


def with_seat(license_id: int) -> sa.Select[Any]:
    """The ids of those who have a seat, for other queries."""
    return sa.select(Seat.user_id).where(Seat.license_id == license_id)


def without_seat(license_id: int) -> sa.Select[Any]:
    """Active users who have no seat."""
    return sa.select(USER).where(USER.c.is_active, USER.c.id.not_in(with_seat(license_id)))


def shown(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Licences as the API shows them: two queries at most."""
    query = sa.select(Seat.license_id, sa.func.count()).group_by(Seat.license_id)
    taken: dict[int, int] = {row[0]: row[1] for row in session().execute(query)} if found else {}
    everybody = _everybody() if any(one.instance_wide for one in found) else (0, 0)
    return [_json(one, *(everybody if one.instance_wide else (taken.get(one.row.id, 0), 0))) for one in found]


def _everybody() -> tuple[int, int]:
    """How many people change anything in some workspace, and how many only read and comment: one query."""
    paid = sa.func.bool_or(_MEMBERSHIP.c.permissions.in_(_PAID_ROLES)).label("paid")
    people = (
        sa.select(paid)
        .join(USER, USER.c.id == _MEMBERSHIP.c.user_id)
        .where(USER.c.is_active)
        .group_by(_MEMBERSHIP.c.user_id)
        .subquery()
    )
    query = sa.select(
        sa.func.count().filter(people.c.paid), sa.func.count().filter(sa.not_(people.c.paid))
    ).select_from(people)
    taken, free = session().execute(query).one()
    return taken, free


def _json(one: Found, taken: int, free: int) -> dict[str, Any]:
    licence = one.licence
    return {
        "id": one.row.id,
        "license_id": licence.id,
        "is_active": one.counts,
        "last_check": one.row.last_check,
        "valid_from": licence.valid_from,
        "valid_through": licence.valid_through,
        "free_users_count": free,
        "seats_taken": taken,
        "seats": licence.seats,
        "application_users_taken": 0,  # applications have no users of their own yet
        "application_users": licence.application_users,
        "product_code": licence.product_code,
        "issued_on": licence.issued_on,
        "issued_to_email": licence.issued_to_email,
        "issued_to_name": licence.issued_to_name,
    }


def user_by_email(email: str) -> int | None:
    """The id of whoever has an account with this address."""
    found: int | None = session().scalar(sa.select(USER.c.id).where(USER.c.email == email))
    return found


def numbers() -> dict[str, int]:
    """How many licences and seats there are: one query."""
    licences, seats = (sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in (Registered, Seat))
    row = session().execute(sa.select(licences, seats)).one()
    return {"licences": row[0], "seats": row[1]}
