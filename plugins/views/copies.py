"""Copies of views: of one in its own table, and of all with a table that is copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from plugin_api import context
from plugin_api.db import session
from plugin_api.filters import FilterType
from plugin_api.platform import registry
from plugin_api.tables import TableCopy
from plugin_api.views import ViewType
from plugins.views import models, store
from plugins.views.context import view_context
from plugins.views.decorators import with_fields
from plugins.views.kinds import view_type
from plugins.views.operations import DUPLICATE
from plugins.views.parts import EVERYTHING, PARTS
from plugins.views.service import announce


@dataclass(frozen=True)
class Replaced:
    """What copies of views in copied tables name instead: fields, select options; the types of the originals."""

    fields: Mapping[int, int]
    options: Mapping[int, int]
    kinds: Mapping[int, ViewType] = field(default_factory=dict)

    def values(self, model: Any, values: dict[str, Any], view_id: int) -> dict[str, Any] | None:
        """The values of a part's copy; None when it belongs to a field that was not copied."""
        if "value_provider_conf" in values:
            conf = with_fields(values["value_provider_type"], values["value_provider_conf"], self.fields)
            return {**values, "value_provider_conf": conf}
        if "field_id" not in values:
            return values
        if values["field_id"] not in self.fields:
            return None
        found = {**values, "field_id": self.fields[values["field_id"]]}
        if model is models.Filter:
            kind: FilterType | None = registry("filter_types").get(values["type"])
            return found if kind is None else {**found, "value": kind.copied_value(values["value"], self.options)}
        if model is models.FieldOptions:
            copied = self.kinds[view_id].copied_field_options
            return {**found, "options": copied(values["options"], self.fields, self.options)}
        return found


_KEPT = ("type", "name", "filter_type", "filters_disabled", "show_logo", "allow_public_export", "ownership_type")


def duplicate_view(view_id: int) -> dict[str, Any]:
    """A copy of a view, not shared, with all its parts and the settings of its fields."""
    found = view_context(view_id, DUPLICATE)
    original = found.view
    values = {name: getattr(original, name) for name in _KEPT if name not in ("type", "name")}
    name = store.free_name(found.table.id, _without_number(original.name))
    options = found.kind.unshared(original.options)
    copy = store.insert(found.table.id, found.kind, {**values, "name": name, "owned_by_id": context.user_id()}, options)
    _place_after(original, copy)
    _copy_inside({original.id: copy.id}, None)
    params = {"original_view_id": original.id, "original_view_name": original.name}
    return announce("duplicate_view", "view_created", found.table, copy, params, EVERYTHING)


def _place_after(original: models.View, copy: models.View) -> None:
    """The copy stands next to its original; those behind it move on."""
    view = models.View
    behind = sa.and_(view.table_id == original.table_id, view.order > original.order)
    session().execute(sa.update(view).where(behind).values(order=view.order + 1))
    copy.order = original.order + 1
    session().flush()


def _without_number(name: str) -> str:
    base, _, number = name.rpartition(" ")
    return base if base and number.isdecimal() else name


def copy_views(copies: Sequence[TableCopy]) -> dict[int, int]:
    """All views of copied tables, personal ones too, with fields and select options replaced by their copies.

    Answers the copies by their originals.
    """
    by_original = {copy.original_id: copy for copy in copies}
    view = models.View
    chosen = sa.select(view).where(view.table_id.in_(by_original), view.trashed_on.is_(None))
    originals = session().scalars(chosen.order_by(view.table_id, view.order, view.id)).all()
    made: dict[int, models.View] = {}
    for original in originals:
        copy = by_original[original.table_id]
        kind = view_type(original.type)
        options = kind.copied(kind.unshared(original.options), copy.fields)
        values = {name: getattr(original, name) for name in _KEPT}
        made[original.id] = models.View(
            table_id=copy.copy_id,
            order=original.order,
            slug=store.new_slug(),
            owned_by_id=original.owned_by_id,
            options=options,
            **values,
        )
    session().add_all(made.values())
    session().flush()
    fields = {old: new for copy in copies for old, new in copy.fields.items()}
    chosen_options = {old: new for copy in copies for old, new in copy.select_options.items()}
    kinds = {original.id: view_type(original.type) for original in originals}
    copied = {original: copy.id for original, copy in made.items()}
    _copy_inside(copied, Replaced(fields, chosen_options, kinds))
    return copied


def _copy_inside(views: Mapping[int, int], replaced: Replaced | None) -> None:
    """Copy parts and settings of fields; `replaced` is None when fields and options are the same."""
    if not views:
        return
    groups = _copy_groups(views)
    for part in PARTS.values():
        if part.model is not models.FilterGroup:
            _copy_parts(part.model, views, replaced, groups)
    _copy_parts(models.FieldOptions, views, replaced, groups)
    session().flush()


def _copy_groups(views: Mapping[int, int]) -> dict[int, int]:
    group = models.FilterGroup
    rows = session().scalars(sa.select(group).where(group.view_id.in_(views), group.gone.is_(None))).all()
    made = {row.id: group(view_id=views[row.view_id], filter_type=row.filter_type) for row in rows}
    session().add_all(made.values())
    session().flush()
    for row in rows:
        if row.parent_id in made:
            made[row.id].parent_id = made[row.parent_id].id
    session().flush()
    return {old: new.id for old, new in made.items()}


def _copy_parts(model: Any, views: Mapping[int, int], replaced: Replaced | None, groups: Mapping[int, int]) -> None:
    chosen = sa.select(model).where(model.view_id.in_(views))
    if hasattr(model, "gone"):
        chosen = chosen.where(model.gone.is_(None)).order_by(model.id)
    for row in session().scalars(chosen).all():
        values = {column.key: getattr(row, column.key) for column in sa.inspect(model).columns if column.key != "id"}
        values["view_id"] = views[row.view_id]
        if values.get("group_id") is not None:
            values["group_id"] = groups[values["group_id"]]
        copied = values if replaced is None else replaced.values(model, values, row.view_id)
        if copied is not None:
            session().add(model(**copied))
