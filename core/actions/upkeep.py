"""Forgetting actions that are too old to be undone or counted."""

from __future__ import annotations

from core.settings import Settings
from plugin_api.periodic import forget
from plugin_api.platform import service

AT_ONCE = 5000
_FORGET = """
    DELETE FROM core.action WHERE id IN (SELECT id FROM core.action ORDER BY id LIMIT %(most)s)
    AND created_on < now() - make_interval(days => %(days)s)
"""


def forget_old() -> None:
    """Remove the oldest actions, some at a time, each time in a transaction of its own; ids grow with time."""
    forget(_FORGET, service(Settings).action_keep_days, AT_ONCE)
