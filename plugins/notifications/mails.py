"""Mails with the notifications somebody did not read: at once, daily or weekly, as each user wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import structlog

from plugin_api.db import begin, connection
from plugin_api.mail import Mail
from plugin_api.periodic import PeriodicTask
from plugin_api.platform import registry, service
from plugin_api.settings import setting
from plugins.notifications.types import Told

log = structlog.get_logger(__name__)

_PEOPLE_AT_ONCE = 100
_SHOWN = 20

_WANTED = """
    r.mail_due AND NOT r.read AND u.is_active AND NOT u.to_be_deleted AND u.email_notification_frequency <> 'never'
    AND (r.workspace_id IS NULL OR EXISTS (
        SELECT FROM core.membership m JOIN core.workspace w ON w.id = m.workspace_id AND w.trashed_on IS NULL
        WHERE m.user_id = r.user_id AND m.workspace_id = r.workspace_id))
"""

_FORGET = f"""
    UPDATE notifications.recipient r SET mail_due = false FROM core."user" u
    WHERE u.id = r.user_id AND r.mail_due AND NOT ({_WANTED})
"""

_DUE = f"""
    WITH due AS (
        SELECT r.user_id, r.notification_id FROM notifications.recipient r
        JOIN core."user" u ON u.id = r.user_id JOIN notifications.notification n ON n.id = r.notification_id
        WHERE {_WANTED} AND n.created_on < CASE u.email_notification_frequency
            WHEN 'daily' THEN %(day)s WHEN 'weekly' THEN %(week)s ELSE now() END
    ), chosen AS (
        SELECT * FROM due
        WHERE user_id IN (SELECT DISTINCT user_id FROM due ORDER BY user_id LIMIT %(people)s)
    ), taken AS (
        UPDATE notifications.recipient r SET mail_due = false FROM chosen c
        WHERE r.user_id = c.user_id AND r.notification_id = c.notification_id RETURNING r.user_id, r.notification_id
    ), numbered AS (
        SELECT user_id, notification_id, count(*) OVER (PARTITION BY user_id) AS total,
            row_number() OVER (PARTITION BY user_id ORDER BY notification_id DESC) AS place FROM taken
    )
    SELECT t.user_id, t.total, u.email, n.type, n.data, coalesce(s.name, '') AS sender
    FROM numbered t JOIN core."user" u ON u.id = t.user_id JOIN notifications.notification n ON n.id = t.notification_id
    LEFT JOIN core."user" s ON s.id = n.sender_id
    WHERE t.place <= %(shown)s ORDER BY t.user_id, t.place
"""


def send_mails() -> None:
    """Mail what is due, some people at a time, each group in a transaction of its own."""
    with begin():
        connection().exec_driver_sql(_FORGET)
    while _send_some(datetime.now(UTC)):
        pass


def _send_some(now: datetime) -> bool:
    """Mail to some people; answers whether there may be more."""
    day, week = boundaries(now, setting("notification_mail_hour"))
    values = {"day": day, "week": week, "people": _PEOPLE_AT_ONCE, "shown": _SHOWN}
    with begin():
        rows = connection().exec_driver_sql(_DUE, values).all()
        people = [list(of_one) for _, of_one in groupby(rows, key=lambda row: row.user_id)]
        for of_one in people:
            _send(of_one)
        return len(people) == _PEOPLE_AT_ONCE


def boundaries(now: datetime, hour: int) -> tuple[datetime, datetime]:
    """When the last daily and the last weekly mails were due: at the hour, the weekly ones on Mondays."""
    today = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    day = today if today <= now else today - timedelta(days=1)
    return day, day - timedelta(days=day.weekday())


def _send(rows: Sequence[Any]) -> None:
    told = list(_entries(rows))
    if not told:  # their plugins are gone
        return
    total = rows[0].total
    subject = told[0]["title"] if total == 1 else f"{total} new notifications"
    values = {"entries": told, "more": total - len(rows)}
    service(Mail).send(rows[0].email, subject, "plugins.notifications:notifications", values)


def _entries(rows: Sequence[Any]) -> Iterable[Mapping[str, str]]:
    """What is told of each notification; one whose plugin is gone, or fails at it, is left out."""
    types = registry("notification_types")
    for row in rows:
        kind, told = types.get(row.type), Told(row.sender, row.data)
        if kind is None:
            continue
        try:
            yield {"title": kind.title(told), "text": kind.text(told)}
        except Exception:  # noqa: BLE001 - one mistake in a plugin must not keep all mails from everybody
            log.exception("a notification could not be put into words", notification_type=row.type)


SEND_MAILS = PeriodicTask("mail-notifications", 60.0, send_mails)
