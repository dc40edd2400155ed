"""The figures about the values of fields: counts, sums, means, percentiles and their kin."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.aggregations import AggregationType

plugin = Plugin(
    name="aggregations",
    version="1.0",
    title="Aggregations",
    description="Figures about all values of a field: counts, sums, averages, percentiles.",
    api=(1, 0),
    requires=("database",),
)


@hookimpl
def register_aggregation_types() -> list[AggregationType]:
    """Provide the aggregation types."""
    from plugins.aggregations.types import AGGREGATION_TYPES

    return AGGREGATION_TYPES
