"""The hook with which plugins add kinds of events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plugin_api.hooks import hookspec

if TYPE_CHECKING:
    from plugins.webhooks.types import WebhookEventType


@hookspec
def register_webhook_event_types() -> Iterable[WebhookEventType]:  # type: ignore[empty-body]
    """Kinds of events webhooks tell of. Example: `return [RowsCreated()]`."""
