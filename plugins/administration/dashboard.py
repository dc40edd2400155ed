"""The dashboard of administrators: how many people, workspaces and applications there are, and who comes back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugins.administration.tables import ACTION, APPLICATION, USER, WORKSPACE

_WINDOWS = {"24_hours": "24 hours", "7_days": "7 days", "30_days": "30 days"}
_DAYS = 30


def figures() -> dict[str, Any]:
    """All figures: five queries."""
    joined, signed_in = _moments(USER.c.date_joined, USER.c.id), _moments(ACTION.c.created_on, ACTION.c.user_id)
    signed_in = signed_in.where(ACTION.c.type == "sign_in_user", ACTION.c.user_id.is_not(None))
    return {
        **_totals(),
        **_windows("new_users", joined),
        **_windows("active_users", signed_in),
        "new_users_per_day": _per_day(joined),
        "active_users_per_day": _per_day(signed_in),
    }


def _totals() -> dict[str, int]:
    applications = sa.and_(APPLICATION.c.trashed_on.is_(None), APPLICATION.c.kept_by.is_(None))
    row = session().execute(
        sa.select(
            _count(USER, USER.c.is_active).label("total_users"),
            _count(WORKSPACE, WORKSPACE.c.trashed_on.is_(None)).label("total_workspaces"),
            _count(APPLICATION, applications).label("total_applications"),
        )
    )
    return dict(row.mappings().one())


def _count(table: sa.TableClause, chosen: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(table).where(chosen).scalar_subquery()


def _moments(moment: Any, who: Any) -> sa.Select[Any]:
    """When people did something, in the last 60 days: enough for every figure."""
    recent = moment >= sa.func.now() - sa.text("interval '60 days'")
    return sa.select(moment.label("moment"), who.label("who")).where(recent)


def _windows(name: str, moments: sa.Select[Any]) -> dict[str, int]:
    """How many people in each of the windows until now, and in as long a time before: one query."""
    found = moments.subquery()
    columns = []
    for key, length in _WINDOWS.items():
        start, before = _ago(length), _ago(length, 2)
        now, earlier = found.c.moment >= start, sa.and_(found.c.moment >= before, found.c.moment < start)
        people = sa.func.count(sa.distinct(found.c.who))
        columns.append(people.filter(now).label(f"{name}_last_{key}"))
        columns.append(people.filter(earlier).label(f"previous_{name}_last_{key}"))
    return dict(session().execute(sa.select(*columns)).mappings().one())


def _ago(length: str, times: int = 1) -> sa.ColumnElement[Any]:
    return sa.func.now() - sa.text(f"{times} * interval '{length}'")


def _per_day(moments: sa.Select[Any]) -> list[dict[str, Any]]:
    """How many people on each of the last days in UTC on which there was somebody: one query."""
    found = moments.subquery()
    day = sa.cast(sa.func.timezone("UTC", found.c.moment), sa.Date).label("date")
    recent = found.c.moment >= sa.func.now() - sa.text(f"interval '{_DAYS} days'")
    query = sa.select(day, sa.func.count(sa.distinct(found.c.who)).label("people")).where(recent)
    return [{"date": row.date, "count": row.people} for row in session().execute(query.group_by(day).order_by(day))]
