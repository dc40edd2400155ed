"""Views in archives: what is written of the views of tables, and the views that are made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow as ma
import sqlalchemy as sa

from plugin_api import context
from plugin_api.archives import ArchivedViewMixin, ArchiveReader, ArchiveWriter, known_values
from plugin_api.db import session
from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.people import EMAIL
from plugin_api.platform import registry
from plugin_api.schemas import Bool, Choice, Int, Schema, Str
from plugin_api.tables import RestoredTable
from plugin_api.views import ViewType
from plugins.database.fields.store import fields_by_id
from plugins.views import models, store
from plugins.views.copies import Replaced
from plugins.views.decorators import checked_conf
from plugins.views.kinds import AbsentViewType, view_type
from plugins.views.part_schemas import ORDERS
from plugins.views.parts import EVERYTHING
from plugins.views.schemas import JOINS, OWNERSHIP
from plugins.views.settings import fits, named_fields

_COMMON = ("filter_type", "filters_disabled", "show_logo", "allow_public_export", "ownership_type")
_MODELS = {"filters": models.Filter, "sortings": models.Sort, "group_bys": models.GroupBy}
Json = dict[str, Any]


def views_content(table_ids: Sequence[int], archive: ArchiveWriter) -> dict[int, Json]:
    """The key `views` of tables: what members share, and the acting user's own views."""
    emails: dict[int | None, str] = {}
    found = {table_id: store.of_table(table_id, EVERYTHING) for table_id in table_ids}
    mine = context.actor().user_id
    owners = {view.owned_by_id for views in found.values() for view, _ in views if view.owned_by_id}
    chosen = sa.select(EMAIL.c.id, EMAIL.c.email).where(EMAIL.c.id.in_(owners))
    emails.update({row.id: row.email for row in session().execute(chosen)})
    return {
        table_id: {
            "views": [
                _view_json(view, parts, emails.get(view.owned_by_id), archive)
                for view, parts in views
                if view.ownership_type == OWNERSHIP[0] or view.owned_by_id == mine
            ]
        }
        for table_id, views in found.items()
    }


def _view_json(view: models.View, parts: Json, owner: str | None, archive: ArchiveWriter) -> Json:
    kind = view_type(view.type)
    return {
        "id": view.id,
        "type": view.type,
        "name": view.name,
        "order": view.order,
        **{name: getattr(view, name) for name in _COMMON},
        "owned_by": owner,
        **{key: [_part_json(one) for one in parts[key]] for key in EVERYTHING},
        "public": False,
        **_settings_json(kind, view.options, archive),
        "field_options": _field_options_json(view.id),
    }


def _part_json(part: Json) -> Json:
    """A part as an archive has it: fields by `field_id`, not which view it is of."""
    found = {("field_id" if key == "field" else key): value for key, value in part.items()}
    return {key: value for key, value in found.items() if key not in ("view", "preload_values")}


def _settings_json(kind: ViewType, options: Mapping[str, Any], archive: ArchiveWriter) -> Json:
    """The settings of the type: those that name fields by names that end with `_id`."""
    known = {**({} if isinstance(kind, AbsentViewType) else store.defaults(kind)), **kind.unshared(options)}
    if isinstance(kind, ArchivedViewMixin):
        known = kind.archived_settings(known, archive)
    return {(f"{key}_id" if key in kind.field_settings else key): value for key, value in known.items()}


def _field_options_json(view_id: int) -> list[Json]:
    row = models.FieldOptions
    chosen = sa.select(row.field_id, row.options).where(row.view_id == view_id).order_by(row.field_id)
    return [{"field_id": field_id, **options} for field_id, options in session().execute(chosen)]


class ArchivedView(Schema):
    """What an archive says of every view."""

    id = Int(required=True)
    type = Str(required=True, max_length=255)
    name = Str(required=True, max_length=255)
    order = Int(load_default=1, min_value=0, max_value=2**31 - 1)
    filter_type = Choice(JOINS, load_default="AND")
    filters_disabled = Bool(load_default=False)
    show_logo = Bool(load_default=True)
    allow_public_export = Bool(load_default=False)
    ownership_type = Choice(OWNERSHIP, load_default=OWNERSHIP[0])


class _OfField(Schema):
    field_id = Int(required=True)


class _Filter(_OfField):
    type = Str(required=True, max_length=48)
    value = Str(allow_blank=True, trim=False, load_default="")


class _Sort(_OfField):
    order = Choice(ORDERS, load_default="ASC")
    type = Str(max_length=32, load_default="default")


class _GroupBy(_Sort):
    width = Int(min_value=0, max_value=2**31 - 1, load_default=200)


class _Decoration(Schema):
    type = Str(required=True, max_length=255)
    value_provider_type = Str(allow_blank=True, max_length=255, load_default="")
    order = Int(load_default=1, min_value=0, max_value=2**31 - 1)


_SCHEMAS: Mapping[str, type[Schema]] = {"filters": _Filter, "sortings": _Sort, "group_bys": _GroupBy}


def restore_views(tables: Sequence[RestoredTable], archive: ArchiveReader) -> dict[int, int]:
    """Make the views of tables; answers their ids by those in the archive. What makes no sense is left out."""
    made: dict[int, int] = {}
    for table in tables:
        fields = fields_by_id(table.copy.fields.values())
        for given in _objects(table.content.get("views")):
            found = _view(table, given, fields, archive)
            if found is not None:
                made[found[0]] = found[1]
    archive.ids("database_view").update(made)
    return made


def _objects(given: Any) -> list[Json]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _view(
    table: RestoredTable, given: Json, fields: Mapping[int, Field], archive: ArchiveReader
) -> tuple[int, int] | None:
    own = _loaded(ArchivedView, given)
    kind = view_type(own["type"]) if own else None
    if own is None or kind is None or isinstance(kind, AbsentViewType):
        return None
    view = models.View(
        table_id=table.copy.copy_id,
        type=kind.type,
        name=own["name"],
        order=own["order"],
        slug=store.new_slug(),
        owned_by_id=archive.person(given.get("owned_by")) or context.actor().user_id,
        options=_settings(kind, given, table, fields, archive),
        **{name: own[name] for name in _COMMON},
    )
    session().add(view)
    session().flush()
    _parts(view.id, given, Replaced(table.copy.fields, table.copy.select_options, {view.id: kind}))
    _field_options(view.id, kind, given, table)
    return own["id"], view.id


def _settings(
    kind: ViewType, given: Json, table: RestoredTable, fields: Mapping[int, Field], archive: ArchiveReader
) -> Json:
    """The settings of the type, without those that cannot be here."""
    renamed = {name: given[f"{name}_id"] for name in kind.field_settings if f"{name}_id" in given}
    named = {**given, **renamed}
    if isinstance(kind, ArchivedViewMixin):
        named = kind.restored_settings(named, archive)
    options = kind.copied(kind.unshared(known_values(kind.options_schema(), named)), table.copy.fields)
    unfit = [name for name, one in named_fields(kind, options).items() if not fits(kind, name, fields.get(one))]
    options = {**options, **dict.fromkeys(unfit)}
    living = {one: fields[one] for one in named_fields(kind, options).values()}
    try:
        return kind.check_options(options, living)
    except ApiError:
        return {**options, **dict.fromkeys(kind.field_settings)}


def _parts(view_id: int, given: Json, replaced: Replaced) -> None:
    groups = _groups(view_id, _objects(given.get("filter_groups")))
    for key, model in _MODELS.items():
        for one in _objects(given.get(key)):
            values = _loaded(_SCHEMAS[key], {**one, "field_id": one.get("field_id", one.get("field"))})
            found = replaced.values(model, {**values, "view_id": view_id}, view_id) if values else None
            if found is not None:
                group = {"group_id": groups.get(one.get("group"))} if model is models.Filter else {}
                session().add(model(**found, **group))
    for one in _objects(given.get("decorations")):
        _decoration(view_id, one, replaced)
    session().flush()


def _groups(view_id: int, given: Sequence[Json]) -> dict[Any, int]:
    """The groups of filters, by their ids in the archive; those inside of themselves are at the top."""
    made: dict[Any, models.FilterGroup] = {}
    for one in given:
        join = one.get("filter_type")
        made[one.get("id")] = models.FilterGroup(view_id=view_id, filter_type=join if join in JOINS else "AND")
    session().add_all(made.values())
    session().flush()
    parents = {one.get("id"): one.get("parent_group", one.get("group")) for one in given}
    for name, parent in parents.items():
        if parent in made and not _is_above(name, parent, parents):
            made[name].parent_id = made[parent].id
        else:
            parents[name] = None
    session().flush()
    return {name: group.id for name, group in made.items()}


def _is_above(name: Any, start: Any, parents: Mapping[Any, Any]) -> bool:
    """Whether one group is met on the way up from another."""
    here, steps = start, 0
    while here is not None and steps <= len(parents):
        if here == name:
            return True
        here, steps = parents.get(here), steps + 1
    return steps > len(parents)


def _decoration(view_id: int, given: Json, replaced: Replaced) -> None:
    values = _loaded(_Decoration, given)
    if values is None or values["type"] not in registry("decorator_types"):
        return
    conf = given.get("value_provider_conf")
    try:
        values["value_provider_conf"] = checked_conf(values["value_provider_type"], conf if conf else {})
    except ApiError:
        values.update({"value_provider_type": "", "value_provider_conf": {}})
    found = replaced.values(models.Decoration, {**values, "view_id": view_id}, view_id)
    session().add(models.Decoration(**(found or {})))


def _field_options(view_id: int, kind: ViewType, given: Json, table: RestoredTable) -> None:
    schema, copy = kind.field_options_schema(), table.copy
    options = given.get("field_options")
    listed = _objects(options)
    done: set[int] = set()
    for one in listed:
        field_id = copy.fields.get(one.get("field_id") or 0) if isinstance(one.get("field_id"), int) else None
        if field_id is None or field_id in done:
            continue
        done.add(field_id)
        own = kind.copied_field_options(known_values(schema, one), copy.fields, copy.select_options)
        session().add(models.FieldOptions(view_id=view_id, field_id=field_id, options=own))
    session().flush()


def _loaded(schema: type[Schema], given: Json) -> Json | None:
    """The values of a schema, its defaults for those that are wrong; None when something needed is wrong."""
    try:
        found: Json = schema().load(given)
    except ma.ValidationError as error:
        bad = set(error.messages_dict)
        needed = {name for name, field in schema().fields.items() if field.required}
        return None if bad & needed else schema().load({key: one for key, one in given.items() if key not in bad})
    return found
