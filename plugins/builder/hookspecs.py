"""The hooks other plugins implement to extend builders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from plugins.builder.parts import PagePart

hookspec = pluggy.HookspecMarker("tablewright")


@hookspec
def register_builder_page_parts() -> Iterable[PagePart]:  # type: ignore[empty-body]
    """What pages hold. Example: `return [Notes()]`."""
