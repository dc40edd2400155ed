"""Forgetting entries that are older than the setting says."""

from __future__ import annotations

from plugin_api.periodic import forget
from plugin_api.settings import setting

AT_ONCE = 5000
_FORGET = """
    DELETE FROM audit_log.entry WHERE id IN (
        SELECT id FROM audit_log.entry WHERE created_on < now() - make_interval(days => %(days)s)
        ORDER BY created_on LIMIT %(most)s)
"""


def forget_old() -> None:
    """Remove the oldest entries, some at a time, each time in a transaction of its own."""
    forget(_FORGET, setting("audit_log_keep_days"), AT_ONCE)
