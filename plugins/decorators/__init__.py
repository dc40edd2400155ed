"""Decorations of rows: a coloured left border or background, by a single select or by conditions."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugins.views.decorators import DecoratorType, ValueProviderType

plugin = Plugin(
    name="decorators",
    version="1.0",
    title="Colours of rows",
    description="Rows with a coloured border or background, by a single select or by conditions.",
    api=(1, 0),
    requires=("views",),
    feature="decorators",
)


@hookimpl
def register_decorator_types() -> list[DecoratorType]:
    """Border and background."""
    from plugins.decorators.types import BackgroundColor, LeftBorderColor

    return [LeftBorderColor(), BackgroundColor()]


@hookimpl
def register_decorator_value_provider_types() -> list[ValueProviderType]:
    """Select options and conditions."""
    from plugins.decorators.types import ConditionalColor, SingleSelectColor

    return [SingleSelectColor(), ConditionalColor()]
