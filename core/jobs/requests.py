"""The request that caused a task goes along with it, so that the lines of the worker name it too."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import structlog
from celery import signals

from plugin_api import context

_HEADER = "tablewright_request_id"


def follow_requests() -> None:
    """Have tasks that are sent from this process carry the id, and those it runs take it up."""
    signals.before_task_publish.connect(_carry)
    signals.task_prerun.connect(_take_up)
    signals.task_postrun.connect(_put_down)


def _carry(headers: MutableMapping[str, Any] | None = None, **_: object) -> None:
    request_id = context.current().request_id
    if headers is not None and request_id:
        headers.setdefault(_HEADER, request_id)


def _take_up(task: Any = None, **_: object) -> None:
    request_id = getattr(task.request, _HEADER, None) or (task.request.headers or {}).get(_HEADER)
    if request_id:
        structlog.contextvars.bind_contextvars(request_id=request_id)
        context.set_context(context.Context(request_id=request_id))


def _put_down(**_: object) -> None:
    structlog.contextvars.clear_contextvars()
    context.set_context(context.Context())
