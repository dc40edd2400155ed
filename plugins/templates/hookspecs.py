"""The hook with which plugins bring templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plugin_api.hooks import hookspec

if TYPE_CHECKING:
    from plugins.templates.types import Template


@hookspec
def register_templates() -> Iterable[Template]:  # type: ignore[empty-body]
    """Templates of a plugin. Example: `return templates_in(Path(__file__).parent / "library")`."""
