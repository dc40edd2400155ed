"""Forms that are shown again, with what was entered and what is wrong with it, when they are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from plugin_api.db import savepoint
from plugin_api.errors import ApiError

T = TypeVar("T")


def attempt(work: Callable[[], T]) -> tuple[T | None, ApiError | None]:
    """What the work answers, or why it was refused; a refused one leaves nothing behind."""
    try:
        with savepoint():
            return work(), None
    except ApiError as error:
        return None, error
