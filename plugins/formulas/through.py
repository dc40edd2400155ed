"""Finding the link field and the field of the linked table that lookup, rollup and count fields go through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plugin_api.computed import Tables
from plugin_api.fields import Field
from plugin_api.links import LinkMixin
from plugins.formulas.field import BrokenField
from plugins.formulas.parser import quoted


def through_field(field: Field, tables: Tables, code: str) -> Field:
    """The link field, by `through_field_id` or else `through_field_name`."""
    found = _chosen(field.options, "through", tables.fields(field.table_id))
    if found is None:
        raise BrokenField(code, "The link field to go through is not a field of this table.")
    if not isinstance(tables.type_of(found), LinkMixin):
        raise BrokenField(code, f"The field {found.name!r} does not link to another table.")
    return found


def target_field(field: Field, through: Field, tables: Tables, code: str) -> Field:
    """The field of the linked table, by `target_field_id` or else `target_field_name`."""
    kind: Any = tables.type_of(through)
    found = _chosen(field.options, "target", tables.fields(kind.linked_table_id(through)))
    if found is None:
        raise BrokenField(code, f"The field to look up is not a field of the table {through.name!r} links to.")
    return found


def lookup_text(through: Field, target: Field) -> str:
    """The formula that looks a field up."""
    return f"lookup({quoted(through.name)}, {quoted(target.name)})"


def _chosen(options: Mapping[str, Any], role: str, fields: Sequence[Field]) -> Field | None:
    wanted, name = options.get(f"{role}_field_id"), options.get(f"{role}_field_name")
    if wanted is not None:
        return next((found for found in fields if found.id == wanted), None)
    return next((found for found in fields if found.name == name), None)
