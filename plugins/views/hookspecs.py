"""The hooks with which plugins add decorations of rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plugin_api.hooks import hookspec

if TYPE_CHECKING:
    from plugins.views.decorators import DecoratorType, ValueProviderType


@hookspec
def register_decorator_types() -> Iterable[DecoratorType]:  # type: ignore[empty-body]
    """Ways to mark rows. Example: `return [LeftBorderColor()]`."""


@hookspec
def register_decorator_value_provider_types() -> Iterable[ValueProviderType]:  # type: ignore[empty-body]
    """What decides how a row is marked. Example: `return [SingleSelectColor()]`."""
