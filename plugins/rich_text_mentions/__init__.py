"""Mentions in long texts with formatting: people who are written as `@` and their id are told."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.events import EventHandler
from plugins.notifications.types import NotificationType

plugin = Plugin(
    name="rich_text_mentions",
    version="1.0",
    title="Mentions in texts",
    description="People who are mentioned in a long text with formatting are told.",
    api=(1, 0),
    requires=("database", "long_text_field", "notifications"),
)


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """Whom rows mention that came or changed."""
    from plugins.rich_text_mentions.notices import HANDLER

    return [HANDLER]


@hookimpl
def register_notification_types() -> list[NotificationType]:
    """That one is mentioned."""
    from plugins.rich_text_mentions.notices import MentionedInText

    return [MentionedInText()]
