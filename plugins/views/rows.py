"""The rows of views: their filters and order, compiled like those of a request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.fields import Field, SortVariantsMixin
from plugin_api.permissions import require
from plugins.database.engine.filtering import Condition, Group, compile_group
from plugins.database.engine.ordering import Term, ordered
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
    return compile_group(shape, shape.by_column, saved_group(view, shape, parts))


def saved_group(view: models.View, shape: TableShape, parts: Parts) -> Group:
    """The filters; those on fields that are gone are left out, and all of them where they are switched off."""
    return Group() if view.filters_disabled else _group(None, view.filter_type, parts, shape)


def _group(group_id: int | None, filter_type: str, parts: Parts, shape: TableShape) -> Group:
    conditions = tuple(
        Condition(f"field_{found['field']}", found["type"], found["value"])
        for found in parts["filters"]
        if found["group"] == group_id and found["field"] in shape.by_id
    )
    inner = [found for found in parts["filter_groups"] if found["parent_group"] == group_id]
    groups = tuple(_group(found["id"], found["filter_type"], parts, shape) for found in inner)
    return Group(filter_type == "OR", conditions, groups)


def saved_terms(shape: TableShape, parts: Sequence[Mapping[str, Any]]) -> list[Term]:
    """What groupings or sortings say; those on fields nobody can order by any more are left out."""
    found = ((shape.by_id.get(part["field"]), part) for part in parts)
    return [_saved(shape, field, part) for field, part in found if field and shape.type_of(field).can_sort]


def _saved(shape: TableShape, field: Field, part: Mapping[str, Any]) -> Term:
    kind, variant = shape.type_of(field), part["type"]
    known = isinstance(kind, SortVariantsMixin) and variant in kind.sort_variants
    return Term(field, part["order"] == "DESC", variant if known else None)


def order(shape: TableShape, parts: Parts) -> list[sa.ColumnElement[Any]]:
    """By the groupings, then by the sortings."""
    terms = saved_terms(shape, (*parts["group_bys"], *parts["sortings"]))
    return [part for term in terms for part in ordered(shape, term)]
