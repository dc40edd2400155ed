"""The fields of a database's tables as formulas see them: any field type, by the kind of its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from plugin_api.computed import Tables
from plugin_api.fields import Field, FieldType, Row, kind_of
from plugin_api.kinds import Kind
from plugin_api.links import LinkMixin
from plugins.formulas.compiler import Compiled, compiled
from plugins.formulas.errors import FormulaError, SelfReference
from plugins.formulas.parser import parse
from plugins.formulas.representation import helper
from plugins.formulas.scope import Joined, Link, Reference
from plugins.formulas.types import MAX_PLACES, Type, array, boolean, date, duration, number, text

_SHALLOW = 10
_SPARE_FRAMES = 150
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


@runtime_checkable
class HasFormulaType(Protocol):
    """Field types whose values have a formula type of their own, stored in its representation."""

    def formula_type(self, field: Field) -> Type:
        """The type of a field's values."""


@dataclass(frozen=True)
class TableScope:
    """The fields of a table; `own` is the name of the formula's field, which it cannot refer to."""

    tables: Tables
    table_id: int
    own: str | None = None

    def field(self, name: str) -> Reference | None:
        """The field called so that is not a link."""
        found = self._named(name)
        return None if found is None or self._links(found) else reference(found, self.tables.type_of(found))

    def link(self, name: str) -> Link | None:
        """The link field called so."""
        found = self._named(name)
        return self._link(found) if found is not None and self._links(found) else None

    def primary(self) -> Reference | Link | None:
        """The field that names rows."""
        found = next((found for found in self.tables.fields(self.table_id) if found.primary), None)
        if found is None:
            return None
        return self._link(found) if self._links(found) else reference(found, self.tables.type_of(found))

    def _named(self, name: str) -> Field | None:
        if name == self.own:
            raise SelfReference(f"A formula cannot refer to its own field {name!r}.")
        return next((found for found in self.tables.fields(self.table_id) if found.name == name), None)

    def _links(self, found: Field) -> bool:
        return isinstance(self.tables.type_of(found), LinkMixin)

    def _link(self, found: Field) -> Link:
        kind: Any = self.tables.type_of(found)
        linked = kind.linked_table_id(found)
        return Link(found.id, TableScope(self.tables, linked), lambda row: self._joined(found, linked, row))

    def _joined(self, found: Field, linked: int, row: Row) -> Joined:
        relation = self.tables.relation(found)
        pairs, other = relation.table.alias(), self.tables.rows(linked).alias()
        joined = pairs.join(other, relation.to(other, pairs))
        condition = sa.and_(relation.of(row, pairs), other.c.trashed_on.is_(None))
        return Joined(joined, other, condition, (other.c.order, other.c.id))


def compiled_in(formula: str, tables: Tables, table_id: int, own: str) -> Compiled:
    """The formula of the field `own` of a table; FormulaError when it is wrong or too deep to become a statement."""
    found = compiled(formula, TableScope(tables, table_id, own))
    if parse(formula).depth > _SHALLOW:
        row = tables.rows(table_id).alias()
        try:
            _deeper(_SPARE_FRAMES, lambda: str(sa.select(found.sql(row)).compile(dialect=_DIALECT)))
        except RecursionError:
            raise FormulaError("The formula is nested too deep. Make a field of a part of it.") from None
    return found


def _deeper(frames: int, work: Callable[[], object]) -> None:
    """Do the work as if called from further down: where the statement is made, the stack may be fuller than here."""
    if frames:
        _deeper(frames - 1, work)
    else:
        work()


def reference(field: Field, kind: FieldType) -> Reference:
    """A field as formulas see it."""
    if isinstance(kind, HasFormulaType):
        found = kind.formula_type(field)
        return Reference(field.id, field.name, found, lambda row: kind.value(field, row))
    made = _BY_KIND.get(kind_of(kind, field), _text)
    return made(field, kind)


def _text(field: Field, kind: FieldType) -> Reference:
    return Reference(field.id, field.name, text(nullable=True), lambda row: kind.text(field, row))


def _plain_text(field: Field, kind: FieldType) -> Reference:
    found = Type("url", nullable=True) if kind.type == "url" else text(nullable=True)
    return Reference(field.id, field.name, found, lambda row: kind.value(field, row))


def _number(field: Field, kind: FieldType) -> Reference:
    found = number(_places(field, kind), nullable=True)
    found = replace(
        found,
        number_prefix=str(field.options.get("number_prefix") or ""),
        number_suffix=str(field.options.get("number_suffix") or ""),
        number_separator=str(field.options.get("number_separator") or ""),
    )
    return Reference(field.id, field.name, found, lambda row: sa.cast(kind.value(field, row), sa.Numeric))


def _places(field: Field, kind: FieldType) -> int:
    if "number_decimal_places" in field.options:
        return int(field.options["number_decimal_places"])
    column = kind.column(field)
    if column is None or isinstance(column.type, sa.Integer):
        return 0
    scale = column.type.scale if isinstance(column.type, sa.Numeric) else None
    return 0 if kind.type == "number" else MAX_PLACES if scale is None else int(scale)


def _boolean(field: Field, kind: FieldType) -> Reference:
    return Reference(field.id, field.name, boolean(), lambda row: kind.value(field, row))


def _date(field: Field, kind: FieldType) -> Reference:
    timed = kind_of(kind, field) == Kind.DATETIME
    found = replace(date(timed), **{key: field.options[key] for key in _DATE_FORMATS if key in field.options})
    return Reference(field.id, field.name, replace(found, date_include_time=timed), lambda row: kind.value(field, row))


def _duration(field: Field, kind: FieldType) -> Reference:
    found = duration(str(field.options.get("duration_format") or "h:mm"))
    column = kind.column(field)
    if column is None or isinstance(column.type, sa.Interval):
        return Reference(field.id, field.name, found, lambda row: kind.value(field, row))
    return Reference(
        field.id,
        field.name,
        found,
        lambda row: helper.seconds(sa.cast(kind.value(field, row), sa.Numeric), type_=sa.Interval()),
    )


def _select(name: str) -> Callable[[Field, FieldType], Reference]:
    def made(field: Field, kind: FieldType) -> Reference:
        found = Type(name, nullable=True, select_options=field.select_options)
        return Reference(field.id, field.name, found, lambda row: kind.value(field, row))

    return made


def _people(field: Field, kind: FieldType) -> Reference:
    found = Type("multiple_collaborators", nullable=True)
    return Reference(field.id, field.name, found, lambda row: sa.func.to_jsonb(kind.read(field, row), type_=JSONB()))


def _files(field: Field, kind: FieldType) -> Reference:
    found = array(Type("single_file", nullable=True))
    return Reference(field.id, field.name, found, lambda row: helper.files(sa.func.to_jsonb(kind.read(field, row))))


_DATE_FORMATS = ("date_format", "date_time_format", "date_show_tzinfo", "date_force_timezone")
_BY_KIND: dict[Kind, Callable[[Field, FieldType], Reference]] = {
    Kind.TEXT: _plain_text,
    Kind.CODE: _plain_text,
    Kind.NUMBER: _number,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.DATETIME: _date,
    Kind.DURATION: _duration,
    Kind.SINGLE_SELECT: _select("single_select"),
    Kind.MULTIPLE_SELECT: _select("multiple_select"),
    Kind.COLLABORATORS: _people,
    Kind.FILES: _files,
}
