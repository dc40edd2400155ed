"""Which rows of a view a request sees: the saved filters and orders with those of the request, and the search.

A view type reads through `for_member` or `for_visitor`, then asks `rows` for a query, to which it may add its own
condition, or hands the reading to `listing`. Visitors see, filter, order and search visible fields only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from flask import request

from plugin_api.errors import ApiError, does_not_exist
from plugin_api.fields import Field
from plugin_api.schemas import MAX_INT, as_int
from plugins.database.engine.filtering import Group, compile_group, is_constant, named, where
from plugins.database.engine.ordering import Term, ordered, terms
from plugins.database.engine.read import RowQuery
from plugins.database.guard import closed_in_forms
from plugins.database.rows.params import searched, wanted_filters
from plugins.database.shape import TableShape, shape_of
from plugins.views.context import FIELD_OPTIONS, ViewContext, require_on, view_context
from plugins.views.operations import LIST_ROWS
from plugins.views.parts import FOR_ROWS
from plugins.views.rows import saved_group, saved_terms
from plugins.views.settings import living_settings, named_fields
from plugins.views.sharing import shared_view

FOR_VISITORS = (*FOR_ROWS, FIELD_OPTIONS)
"""The parts that decide what visitors see, and members who want the settings of fields too."""
_MOST_LINKED = 10_000
Condition = sa.ColumnElement[bool]


@dataclass(frozen=True)
class Reading:
    """A view somebody reads: `fields` are those they may see, in the table's order."""

    found: ViewContext
    shape: TableShape
    fields: tuple[Field, ...]
    public: bool

    @cached_property
    def keyed(self) -> dict[str, Field]:
        """The fields by the key a request names them with."""
        return {field.column: field for field in self.fields}

    @cached_property
    def groups(self) -> list[Term]:
        """What rows are grouped by: `group_by` of the request, for members the saved groupings without it."""
        if not self.found.kind.can_group:
            return []
        wanted = request.args.get("group_by", "").strip()
        if wanted:
            return terms(self.keyed, wanted, False)
        return [] if self.public else saved_terms(self.shape, self.found.parts["group_bys"])

    @cached_property
    def order(self) -> list[Term]:
        """What rows are ordered by inside their groups: `order_by`, for members the saved sortings without it."""
        wanted = request.args.get("order_by", "").strip()
        if wanted:
            return terms(self.keyed, wanted, False)
        return [] if self.public else saved_terms(self.shape, self.found.parts["sortings"])

    def setting(self, name: str) -> Field | None:
        """The field a setting of the view names; None when it is in the trash or does not fit any more."""
        settings = living_settings(self.found.kind, self.found.view.options, self.shape.by_id)
        return self.shape.by_id.get(settings[name])

    def condition(self) -> Condition | None:
        """Filters and search. For members those of the request replace the saved ones, for visitors both apply."""
        chosen = None
        if self.public or not has_filters():
            chosen = compile_group(self.shape, self.shape.by_column, self._saved)
        if self.public or has_filters():
            self._require_visible(self._wanted)
            chosen = where(chosen, compile_group(self.shape, self.keyed, self._wanted))
        return where(chosen, searched(self.shape, self.fields))

    @cached_property
    def _wanted(self) -> Group:
        return wanted_filters(self.keyed, False)

    @cached_property
    def _saved(self) -> Group:
        return saved_group(self.found.view, self.shape, self.found.parts)

    @property
    def is_constant(self) -> bool:
        """Whether such a request is answered with the same SQL at any time, as long as the view is as it is.

        Not when it searches in groups: these are found by statements that have the searched words in them.
        """
        if request.args.get("search") and self.groups:
            return False
        return is_constant(self._wanted) and is_constant(self._saved)

    def _require_visible(self, wanted: Group) -> None:
        """Visitors cannot filter by what they do not see, be it when a row was made."""
        for key in named(wanted) if self.public else ():
            if key not in self.keyed:
                raise ApiError("ERROR_FILTER_FIELD_NOT_FOUND", 400, f"There is no field {key[:100]!r} to filter by.")

    def rows(self, also: Condition | None = None, choosing: bool = True) -> RowQuery:
        """The rows the request sees; `also`: the view type's own condition, built on `shape.row`.

        choosing: whether `include_fields` and `exclude_fields` decide which fields are shown.
        """
        order = [part for term in (*self.groups, *self.order) for part in ordered(self.shape, term)]
        shown = self.chosen() if choosing else self.fields
        conditions, limit = where(self.condition(), also), as_int(request.args.get("limit_linked_items"))
        linked_limit = min(limit, _MOST_LINKED) if limit is not None and limit > 0 else None
        return RowQuery(self.shape, shown, False, conditions, order, linked_limit=linked_limit)

    def chosen(self) -> tuple[Field, ...]:
        """The fields `include_fields` and `exclude_fields` leave, of those that may be seen; names are not known."""
        included, excluded = _ids("include_fields"), _ids("exclude_fields")
        kept = [field for field in self.fields if included is None or field.id in included]
        return tuple(field for field in kept if excluded is None or field.id not in excluded)


def included() -> set[str]:
    """The words of `include`."""
    return {word.strip() for word in request.args.get("include", "").split(",")}


def has_filters() -> bool:
    """Whether the request brings filters of its own, be they empty."""
    return bool(request.args.get("filters")) or any(
        key.startswith("filter__") and key.count("__") >= 2 for key in request.args
    )


def _ids(parameter: str) -> set[int] | None:
    """The fields `field_1,field_2` or `1,2` names; None when nothing was asked. Unknown words name nothing."""
    text = request.args.get(parameter)
    if not text or not text.strip():
        return None
    found = (as_int(part.strip().removeprefix("field_")) for part in text.split(","))
    return {field_id for field_id in found if field_id is not None and 0 < field_id <= MAX_INT}


def for_member(
    view_id: int, of_type: str, operation: str = LIST_ROWS, field_options: bool = False, missing: str = ""
) -> Reading:
    """The view, as members who may do `operation` read it: one query, and the table's shape.

    404 ERROR_<TYPE>_DOES_NOT_EXIST, or as `missing` says. field_options: read the stored settings of fields too,
    even if nobody asked.
    """
    parts = FOR_VISITORS if field_options or FIELD_OPTIONS in included() else FOR_ROWS
    found = view_context(view_id, parts=parts, missing=missing or of_type, of_type=of_type)
    require_on(operation, found)
    shape = shape_of(found.table)
    return Reading(found, shape, shape.fields, False)


def for_visitor(slug: str, of_type: str | None = None, missing: str = "") -> Reading:
    """The view at an address, as visitors read it: one query, and the table's shape.

    404 ERROR_<TYPE>_DOES_NOT_EXIST (VIEW without `of_type`), or as `missing` says; 401 as `sharing.shared_view` has it.
    """
    found = shared_view(slug, of_type, missing or of_type or "view", FOR_VISITORS)
    if not found.kind.lists_rows:
        message = f"Rows of views of the type {found.view.type} cannot be listed."
        raise ApiError("ERROR_VIEW_DOES_NOT_SUPPORT_LISTING_ROWS", 400, message)
    shape = shape_of(found.table)
    return Reading(found, shape, visible_fields(found, shape), True)


def visible_fields(found: ViewContext, shape: TableShape) -> tuple[Field, ...]:
    """The fields visitors see, in the table's order: those that are not hidden, and those that settings name.

    `found` must have the part `field_options`. Those that visitors who fill in rows may not write are hidden.
    """
    settings = living_settings(found.kind, found.view.options, shape.by_id)
    seen = {*shown_fields(found, shape), *named_fields(found.kind, settings).values()}
    seen -= set(closed_in_forms(shape) if found.kind.offers_rows else ())
    return tuple(field for field in shape.fields if field.id in seen)


def shown_fields(found: ViewContext, shape: TableShape) -> dict[int, Mapping[str, Any]]:
    """The settings of the fields that are not hidden, by id. `found` must have the part `field_options`.

    Fields whose settings nobody stored are hidden: they came after the view was shared.
    """
    stored: Mapping[str, Mapping[str, Any]] = found.parts[FIELD_OPTIONS]
    usual = found.kind.field_options_schema().load({})
    whole = {field.id: {**usual, **stored[str(field.id)]} for field in shape.fields if str(field.id) in stored}
    return {field_id: options for field_id, options in whole.items() if found.kind.is_visible(options)}


def field_of(reading: Reading, field_id: int) -> Field:
    """A field that may be seen; 404 otherwise."""
    found = reading.keyed.get(f"field_{field_id}")
    if found is None:
        raise does_not_exist("field")
    return found
