"""The rows of views: their filters and order, compiled like those of a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.fields import SortVariantsMixin
from plugin_api.permissions import require
from plugins.database.engine.filtering import Condition, Group, compile_group
from plugins.database.engine.ordering import directed
from plugins.database.shape import TableShape
from plugins.database.views import SavedRows
from plugins.views import models
from plugins.views.context import view_context
from plugins.views.operations import LIST_ROWS
from plugins.views.parts import FOR_ROWS

Parts = Mapping[str, Sequence[Mapping[str, Any]]]


class SavedViews:
    """The service behind `plugins.database.views`."""

    def rows(self, view_id: int, shape: TableShape) -> SavedRows:
        """The rows of a view of the table the acting user may use. LookupError when there is none."""
        try:
            found = view_context(view_id, parts=FOR_ROWS)
        except ApiError as error:
            raise LookupError(view_id) from error
        if found.table.id != shape.id:
            raise LookupError(view_id)
        require(LIST_ROWS, found.access)
        return SavedRows(condition(found.view, shape, found.parts), order(shape, found.parts))

    def table_of(self, view_id: int) -> int | None:
        """The table a view is of."""
        view = models.View
        return session().scalar(sa.select(view.table_id).where(view.id == view_id, view.trashed_on.is_(None)))


def condition(view: models.View, shape: TableShape, parts: Parts) -> sa.ColumnElement[bool] | None:
    """Which rows fit the filters; None for all."""
    if view.filters_disabled:
        return None
    keyed = {found.column: found for found in shape.fields}
    return compile_group(shape, keyed, _group(None, view.filter_type, parts, shape))


def _group(group_id: int | None, filter_type: str, parts: Parts, shape: TableShape) -> Group:
    conditions = tuple(
        Condition(f"field_{found['field']}", found["type"], found["value"])
        for found in parts["filters"]
        if found["group"] == group_id and found["field"] in shape.by_id
    )
    inner = [found for found in parts["filter_groups"] if found["parent_group"] == group_id]
    groups = tuple(_group(found["id"], found["filter_type"], parts, shape) for found in inner)
    return Group(filter_type == "OR", conditions, groups)


def order(shape: TableShape, parts: Parts) -> list[sa.ColumnElement[Any]]:
    """By the groupings, then by the sortings."""
    terms: list[sa.ColumnElement[Any]] = []
    for found in (*parts["group_bys"], *parts["sortings"]):
        field = shape.by_id.get(found["field"])
        if field is None:
            continue
        kind = shape.type_of(field)
        variant = found["type"]
        varied = isinstance(kind, SortVariantsMixin) and variant in kind.sort_variants
        expressions = kind.sort_variant(variant, field, shape.row) if varied else kind.sort(field, shape.row)  # type: ignore[attr-defined]
        terms += directed(expressions, found["order"] == "DESC", kind.empty_first)
    return terms
