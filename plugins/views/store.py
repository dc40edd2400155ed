"""Stored views: making, finding and serializing them, without permission checks or announcements."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from itertools import count
from typing import Any

import sqlalchemy as sa

from plugin_api.db import session
from plugin_api.fields import Field
from plugin_api.views import ViewType
from plugins.database.context import TableContext
from plugins.database.fields.store import fields_by_id
from plugins.views import models
from plugins.views.decorators import fields_of, with_fields
from plugins.views.kinds import view_type
from plugins.views.parts import BY_KEY
from plugins.views.preloads import with_preloads
from plugins.views.settings import living_settings, named_fields

_NAME_LENGTH = 255
_COMMON = ("filter_type", "filters_disabled", "show_logo", "allow_public_export", "ownership_type", "owned_by_id")


def new_slug() -> str:
    """The secret part of a shared view's address."""
    return secrets.token_urlsafe(32)


@cache
def _with_parts(keys: frozenset[str]) -> sa.Select[Any]:
    parts = [BY_KEY[key].shown.label(key) for key in keys]
    return sa.select(models.View, *parts).where(models.View.trashed_on.is_(None))


def of_table(table_id: int, keys: Collection[str] = ()) -> list[tuple[models.View, dict[str, Any]]]:
    """The views of a table in their order, with the wanted parts: one query."""
    query = _with_parts(frozenset(keys)).where(models.View.table_id == table_id)
    rows = session().execute(query.order_by(models.View.order, models.View.id))
    return [(row.View, {key: getattr(row, key) for key in keys}) for row in rows]


def view_json(view: models.View, table: TableContext, parts: Mapping[str, Any]) -> dict[str, Any]:
    """A view as the API shows it."""
    return views_json([(view, dict(parts))], table)[0]


def views_json(found: Sequence[tuple[models.View, dict[str, Any]]], table: TableContext) -> list[dict[str, Any]]:
    """Views of a table as the API shows them: a query when their settings name fields, and for links in filters."""
    there, named = _fields_there(found), _named_filters(found, table)
    return [_json(view, table, _living_parts({**parts, **named[view.id]}, there), there) for view, parts in found]


def _named_filters(
    found: Sequence[tuple[models.View, dict[str, Any]]], table: TableContext
) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """The filters of views that were asked for, with what clients show of their values."""
    filters = with_preloads([one for _, parts in found for one in parts.get("filters", ())], table)
    return {
        view.id: {"filters": [one for one in filters if one["view"] == view.id]} if "filters" in parts else {}
        for view, parts in found
    }


def _json(
    view: models.View, table: TableContext, parts: Mapping[str, Any], there: Mapping[int, Field]
) -> dict[str, Any]:
    kind = view_type(view.type)
    shown = {"id": table.id, "name": table.name, "order": table.order, "database_id": table.application_id}
    return {
        "id": view.id,
        "table_id": view.table_id,
        "name": view.name,
        "order": view.order,
        "type": view.type,
        "table": shown,
        **{name: getattr(view, name) for name in _COMMON},
        **parts,
        "public_view_has_password": bool(view.password),
        **kind.options_json(living_settings(kind, view.options, there)),
        "public": view.public,
        "slug": view.slug,
    }


def _fields_there(found: Iterable[tuple[models.View, Mapping[str, Any]]]) -> dict[int, Field]:
    """Those of the fields that settings and decorations name which are not in the trash, by id."""
    named = {field_id for view, parts in found for field_id in _named(view, parts)}
    return fields_by_id(named) if named else {}


def _named(view: models.View, parts: Mapping[str, Any]) -> list[int]:
    marks = [field_id for part in parts.get("decorations", ()) for field_id in fields_of(part)]
    return [*named_fields(view_type(view.type), view.options).values(), *marks]


def _living_parts(parts: dict[str, Any], there: Collection[int]) -> dict[str, Any]:
    if not parts.get("decorations"):
        return parts
    kept = {field_id: field_id for field_id in there}
    return {**parts, "decorations": [_living_mark(part, kept) for part in parts["decorations"]]}


def _living_mark(part: dict[str, Any], kept: Mapping[int, int]) -> dict[str, Any]:
    conf = with_fields(part["value_provider_type"], part["value_provider_conf"], kept)
    return {**part, "value_provider_conf": conf}


def defaults(kind: ViewType) -> dict[str, Any]:
    """The settings of a view of which none was changed."""
    loaded: dict[str, Any] = kind.options_schema().load({})
    return loaded


def parts_json(parts: Mapping[str, Any], view: models.View) -> dict[str, Any]:
    """Parts of a view as the API shows them."""
    return _living_parts(dict(parts), _fields_there([(view, parts)]))


def insert(table_id: int, kind: ViewType, values: Mapping[str, Any], options: Mapping[str, Any]) -> models.View:
    """Store a view at the end of its table's list."""
    last = sa.select(sa.func.coalesce(sa.func.max(models.View.order), 0))
    last = last.where(models.View.table_id == table_id, models.View.trashed_on.is_(None))
    order = session().scalar(last) + 1  # type: ignore[operator]
    view = models.View(table_id=table_id, type=kind.type, order=order, slug=new_slug(), options=dict(options), **values)
    session().add(view)
    session().flush()
    session().refresh(view)
    return view


def with_settings(type_name: str, settings: Mapping[str, Any]) -> int | None:
    """The id of a view of a type that has these settings, such as a secret address; None without one."""
    view = models.View
    query = sa.select(view.id).where(view.type == type_name, view.options.contains(settings))
    return session().scalar(query.where(view.trashed_on.is_(None)).order_by(view.id).limit(1))


def free_name(table_id: int, name: str) -> str:
    """The name with the first number from 2 on that no view of the table bears."""
    query = sa.select(models.View.name).where(models.View.table_id == table_id, models.View.trashed_on.is_(None))
    taken = set(session().scalars(query))
    numbered = (f"{name[: _NAME_LENGTH - len(f' {n}')]} {n}" for n in count(2))
    return next(found for found in numbered if found not in taken)
