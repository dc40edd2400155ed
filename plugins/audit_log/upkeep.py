"""Forgetting entries that are older than the setting says."""

from __future__ import annotations

from plugin_api.db import begin, connection
from plugin_api.settings import setting

AT_ONCE = 5000
_FORGET = """
    DELETE FROM audit_log.entry WHERE id IN (
        SELECT id FROM audit_log.entry WHERE created_on < now() - make_interval(days => %(days)s)
        ORDER BY created_on LIMIT %(most)s)
"""


def forget_old() -> None:
    """Remove the oldest entries, some at a time, each time in a transaction of its own."""
    days = setting("audit_log_keep_days")
    while days and _forget_some(days) == AT_ONCE:
        pass


def _forget_some(days: int) -> int:
    with begin():
        return connection().exec_driver_sql(_FORGET, {"days": days, "most": AT_ONCE}).rowcount
