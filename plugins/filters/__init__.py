"""The filter types of every table: equal, contains, higher than, empty and their kin."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.filters import FilterType

plugin = Plugin(name="filters", version="1.0", title="Filters", api=(1, 0), requires=("database",))


@hookimpl
def register_filter_types() -> list[FilterType]:
    """Provide the filter types."""
    from plugins.filters.types import FILTER_TYPES

    return FILTER_TYPES
