"""The hook with which plugins add types of notifications."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plugin_api.hooks import hookspec

if TYPE_CHECKING:
    from plugins.notifications.types import NotificationType


@hookspec
def register_notification_types() -> Iterable[NotificationType]:  # type: ignore[empty-body]
    """Kinds of notifications. Example: `return [StarGiven()]`."""
