"""The filter types of every table: equal, contains, higher than, empty, dates, options, people, files, lists."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.filters import FilterType

plugin = Plugin(name="filters", version="1.0", title="Filters", api=(1, 0), requires=("database",))


@hookimpl
def register_filter_types() -> list[FilterType]:
    """Provide the filter types."""
    from plugins.filters import choices, dates, files, general, lists, numbers, old_dates, people, texts

    modules = (general, texts, numbers, dates, old_dates, choices, people, files, lists)
    return [found for module in modules for found in module.FILTER_TYPES]
