"""The parts of views: filters, their groups, sortings, groupings and decorations, as the API shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from plugins.database.models import Field
from plugins.views import models


def _text(key: str) -> Any:
    """One of the fixed keys below, as SQL: a parameter for each would have to be sent whenever rows are read."""
    return sa.literal_column(f"'{key}'")


@dataclass(frozen=True)
class Part:
    """A kind of part.

    name: in operations and events. key: in the view's JSON. action: in names of actions. missing: in its 404.
    columns: the keys of its JSON and the columns they are.
    """

    name: str
    key: str
    action: str
    missing: str
    model: Any
    columns: dict[str, str]
    extra: dict[str, Any] = field(default_factory=dict)
    ordered_by: str = "id"

    @property
    def alive(self) -> sa.ColumnElement[bool]:
        """True of parts that are there: not gone, and on a field that is not in the trash."""
        there: sa.ColumnElement[bool] = self.model.gone.is_(None)
        if not hasattr(self.model, "field_id"):
            return there
        shown = sa.exists().where(Field.id == self.model.field_id, Field.trashed_on.is_(None))
        return sa.and_(there, shown)

    @property
    def shown(self) -> sa.ScalarSelect[Any]:
        """All parts of a view, as a JSON array."""
        pairs = [item for key, column in self.columns.items() for item in (_text(key), self._of(column))]
        pairs += [item for key, value in self.extra.items() for item in (_text(key), value)]
        order = [self._of(name) for name in dict.fromkeys((self.ordered_by, "id"))]
        array = sa.func.json_agg(aggregate_order_by(sa.func.json_build_object(*pairs), *order))
        query = sa.select(sa.func.coalesce(array, sa.literal_column("'[]'::json")))
        return query.where(self.model.view_id == models.View.id, self.alive).correlate(models.View).scalar_subquery()

    def _of(self, column: str) -> Any:
        return getattr(self.model, column)

    def json(self, row: Any) -> dict[str, Any]:
        """One part as the API shows it."""
        return {key: getattr(row, column) for key, column in self.columns.items()} | {key: {} for key in self.extra}


_NOTHING: Any = sa.literal_column("'{}'::json")

FILTERS = Part(
    "filter",
    "filters",
    "view_filter",
    "view_filter",
    models.Filter,
    {"id": "id", "view": "view_id", "field": "field_id", "type": "type", "value": "value", "group": "group_id"},
    {"preload_values": _NOTHING},
)
FILTER_GROUPS = Part(
    "filter_group",
    "filter_groups",
    "view_filter_group",
    "view_filter_group",
    models.FilterGroup,
    {"id": "id", "filter_type": "filter_type", "view": "view_id", "parent_group": "parent_id"},
)
SORTINGS = Part(
    "sort",
    "sortings",
    "view_sort",
    "view_sort",
    models.Sort,
    {"id": "id", "view": "view_id", "field": "field_id", "order": "order", "type": "type"},
)
GROUP_BYS = Part(
    "group_by",
    "group_bys",
    "view_group",
    "view_group_by",
    models.GroupBy,
    {"id": "id", "view": "view_id", "field": "field_id", "order": "order", "width": "width", "type": "type"},
)
DECORATIONS = Part(
    "decoration",
    "decorations",
    "decoration",
    "view_decoration",
    models.Decoration,
    {
        "id": "id",
        "view": "view_id",
        "type": "type",
        "value_provider_type": "value_provider_type",
        "value_provider_conf": "value_provider_conf",
        "order": "order",
    },
    ordered_by="order",
)

PARTS = {part.name: part for part in (FILTERS, FILTER_GROUPS, SORTINGS, GROUP_BYS, DECORATIONS)}
BY_KEY = {part.key: part for part in PARTS.values()}
EVERYTHING = tuple(BY_KEY)
FOR_ROWS = ("filters", "filter_groups", "sortings", "group_bys")
