"""The hook other plugins implement to add types of elements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plugin_api.hooks import hookspec

if TYPE_CHECKING:
    from plugin_api.elements import ElementType


@hookspec
def register_element_types() -> Iterable[ElementType]:  # type: ignore[empty-body]
    """Types of elements. Example: `return [Heading()]`."""
