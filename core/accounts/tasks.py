"""Periodic tasks about accounts."""

from __future__ import annotations

import structlog
from celery import shared_task

from core.accounts import deletion, tokens
from plugin_api.db import begin

log = structlog.get_logger(__name__)


@shared_task(name="tablewright.remove_deleted_accounts")  # type: ignore[untyped-decorator]
def remove_deleted_accounts() -> None:
    """Remove accounts whose grace time is over."""
    deletion.remove_due()


@shared_task(name="tablewright.forget_ended_tokens")  # type: ignore[untyped-decorator]
def forget_ended_tokens() -> None:
    """Forget signed-off tokens that would have ended by themselves."""
    with begin():
        tokens.forget_ended()
