"""Fields in an archive: how they are described there, and the originals such descriptions stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from plugin_api.archives import ArchivedFieldMixin, BadArchive, known_values
from plugin_api.computed import ComputedMixin
from plugin_api.fields import Field, FieldType, SelectOption, SelectOptionsMixin
from plugin_api.links import LinkMixin
from plugin_api.schemas import Bool, Dict, Int, List, Nested, Schema, Str
from plugins.database import models
from plugins.database.fields import service
from plugins.database.fields.constraints import check_constraints
from plugins.database.fields.service import MAX_FIELDS, MAX_NAME, RESERVED_NAMES
from plugins.database.fields.store import shape
from plugins.database.shape import AbsentType, field_type
from plugins.database.tables.copies import Original

RELATED, TARGET = "link_row_related_field_id", "link_row_table_id"
_MAX_OPTIONS = 100_000


class ArchivedOption(Schema):
    """A select option."""

    id = Int(required=True)
    value = Str(required=True, allow_blank=True, trim=False)
    color = Str(load_default="light-blue", max_length=255)


class ArchivedField(Schema):
    """What an archive says of every field."""

    id = Int(required=True)
    name = Str(required=True, max_length=MAX_NAME)
    type = Str(required=True, max_length=255)
    order = Int(load_default=0, min_value=-(2**31), max_value=2**31 - 1)
    primary = Bool(load_default=False)
    description = Str(load_default=None, allow_none=True, allow_blank=True)
    read_only = Bool(load_default=False)
    immutable_type = Bool(load_default=False)
    immutable_properties = Bool(load_default=False)
    db_index = Bool(load_default=False)
    field_constraints = List(Dict(), load_default=list)
    select_options = List(Nested(ArchivedOption), load_default=list, max_length=_MAX_OPTIONS)


def field_json(row: models.Field, options: tuple[SelectOption, ...]) -> dict[str, Any]:
    """A field as an archive describes it. Synced fields are ordinary ones there: nothing syncs them any more."""
    found = shape(row, options)
    kind, free = field_type(row.type), row.read_only
    settings = kind.archived_options(found) if isinstance(kind, ArchivedFieldMixin) else None
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "order": row.order,
        "primary": row.primary,
        "description": row.description,
        "read_only": False,
        "immutable_type": row.immutable_type and not free,
        "immutable_properties": row.immutable_properties and not free,
        "db_index": row.db_index,
        "field_constraints": row.field_constraints,
        **(kind.options_json(found) if settings is None else settings),
        **({"select_options": _options_json(options)} if isinstance(kind, SelectOptionsMixin) else {}),
    }


def _options_json(options: Sequence[SelectOption]) -> list[dict[str, Any]]:
    return [{"id": one.id, "value": one.value, "color": one.color, "order": n} for n, one in enumerate(options)]


def originals(table_id: int, given: Sequence[Any]) -> list[Original]:
    """What the fields of a table in an archive are to be copied from, the primary one first.

    Fields of types that are not installed are left out. BadArchive for what no table can have.
    """
    found = [_original(table_id, one) for one in given if isinstance(one, Mapping)]
    there = [one for one in found if not isinstance(field_type(one.shape.type), AbsentType)]
    _check_names([one.shape.name for one in there])
    if sum(one.shape.primary for one in there) != 1:
        raise BadArchive("A table in the archive has no primary field, or more than one.")
    return sorted(there, key=lambda one: (not one.shape.primary, one.properties["order"], one.shape.id))


def _check_names(names: Sequence[str]) -> None:
    if len(names) > MAX_FIELDS:
        raise BadArchive(f"A table in the archive has more than {MAX_FIELDS} fields.")
    if len(set(names)) != len(names) or RESERVED_NAMES & set(names):
        raise BadArchive("A table in the archive has two fields of one name, or one whose name is reserved.")


def _original(table_id: int, given: Mapping[str, Any]) -> Original:
    own = known_values(ArchivedField(), given)
    kind = field_type(own["type"])
    options = _settings(kind, given)
    chosen = tuple(SelectOption(one["id"], one["value"], one["color"]) for one in own["select_options"])
    if not isinstance(kind, SelectOptionsMixin):
        chosen = ()
    found = Field(own["id"], table_id, own["name"], own["type"], own["primary"], own["order"], options, chosen)
    properties = {name: own[name] for name in ("order", "description", "immutable_type", "immutable_properties")}
    rules = _constraints(found, own["field_constraints"])
    return Original(found, {**properties, "read_only": False, "db_index": own["db_index"], "field_constraints": rules})


def _settings(kind: FieldType, given: Mapping[str, Any]) -> dict[str, Any]:
    own = kind.unarchived_options(given) if isinstance(kind, ArchivedFieldMixin) else None
    return service.stored_options(kind, known_values(kind.options_schema(), given)) if own is None else own


def _constraints(field: Field, given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rules for values that the field can have here."""
    wanted = [{"type_name": str(one.get("type_name") or one.get("type") or "")} for one in given]
    return check_constraints(field, wanted) if wanted else []


def joined_links(tables: Mapping[int, Sequence[Original]]) -> dict[int, list[Original]]:
    """The fields of all tables, links agreeing with each other about which of them are the same links.

    BadArchive for links to tables that are not there.
    """
    fields = {one.shape.id: one for found in tables.values() for one in found}
    return {table_id: [_joined(one, tables, fields) for one in found] for table_id, found in tables.items()}


def _joined(one: Original, tables: Mapping[int, Any], fields: Mapping[int, Original]) -> Original:
    kind, options = field_type(one.shape.type), dict(one.shape.options)
    if isinstance(kind, ComputedMixin):
        options = {key: value for key, value in options.items() if not _names_nothing(key, value, fields)}
    elif isinstance(kind, LinkMixin):
        if options.get(TARGET) not in tables:
            raise BadArchive(f"The field {one.shape.name[:100]!r} links to a table that is not in the archive.")
        options[RELATED] = options[RELATED] if _agree(one, fields.get(options[RELATED] or 0)) else None
    return replace(one, shape=replace(one.shape, options=options))


def _names_nothing(key: str, value: Any, fields: Mapping[int, Original]) -> bool:
    return key.endswith("_field_id") and value not in fields


def _agree(one: Original, other: Original | None) -> bool:
    """Whether two links are both sides of the same."""
    if other is None or not isinstance(field_type(other.shape.type), LinkMixin):
        return False
    here, there = (one.shape.table_id, one.shape.id), (other.shape.table_id, other.shape.id)
    facing = _other_side(one) == there and _other_side(other) == here
    return facing and here[0] != there[0]


def _other_side(one: Original) -> tuple[Any, Any]:
    return one.shape.options.get(TARGET), one.shape.options.get(RELATED)
