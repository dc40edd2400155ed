"""Telling people: notices become notifications by a constant number of statements, each notice once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from plugin_api import events
from plugin_api.db import connection
from plugin_api.platform import registry
from plugins.notifications.types import Notice

_INSERT = """
    WITH given AS (
        SELECT * FROM ROWS FROM (json_to_recordset(%(notices)s::json) AS
            (type text, key text, sender_id bigint, workspace_id bigint, data jsonb, mailed bool, user_ids bigint[])
        ) WITH ORDINALITY
    ), made AS (
        INSERT INTO notifications.notification (type, key, sender_id, workspace_id, data)
        SELECT g.type, g.key, s.id, w.id, g.data FROM given g
            LEFT JOIN core."user" s ON s.id = g.sender_id
            LEFT JOIN core.workspace w ON w.id = g.workspace_id
        WHERE g.workspace_id IS NULL OR w.id IS NOT NULL ORDER BY g.ordinality
        ON CONFLICT (type, key) DO NOTHING
        RETURNING id, type, key, workspace_id
    )
    INSERT INTO notifications.recipient (user_id, notification_id, workspace_id, mail_due)
    SELECT u.id, made.id, made.workspace_id, g.mailed
    FROM made JOIN given g USING (type, key) JOIN core."user" u ON u.id = ANY(g.user_ids)
    WHERE u.is_active
    RETURNING user_id, notification_id
"""


def notify(notices: Sequence[Notice]) -> None:
    """Make the notifications that were not made before, and announce them to those who have them: one statement.

    To be called from event handlers, so that nobody's request waits for it.
    """
    given = {(notice.type, notice.key): _json(notice) for notice in notices if notice.user_ids}
    if not given:
        return
    notices_json = orjson.dumps(list(given.values())).decode()
    rows = connection().exec_driver_sql(_INSERT, {"notices": notices_json}).all()
    told: dict[int, list[int]] = {}
    for row in rows:
        told.setdefault(row.notification_id, []).append(row.user_id)
    for notification_id, user_ids in told.items():
        events.emit("notification_created", {"notification_id": notification_id, "user_ids": sorted(user_ids)})


def _json(notice: Notice) -> dict[str, Any]:
    return {
        "type": notice.type,
        "key": notice.key,
        "sender_id": notice.sender_id,
        "workspace_id": notice.workspace_id,
        "data": notice.data,
        "mailed": registry("notification_types")[notice.type].mailed,
        "user_ids": sorted(set(notice.user_ids)),
    }
