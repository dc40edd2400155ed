"""The base of field types whose values a formula computes: formula, lookup, rollup and count fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import marshmallow.fields as mf
import sqlalchemy as sa

from plugin_api.archives import ArchivedFieldMixin
from plugin_api.computed import ComputedMixin, Dependency, Tables
from plugin_api.dates import FORMATS, TIME_FORMATS
from plugin_api.errors import ApiError
from plugin_api.exporters import ExportsMixin
from plugin_api.fields import Column, Field, FieldType, Items, ItemsMixin, PublicOptionsMixin, Row, VariableKindMixin
from plugin_api.kinds import Kind
from plugin_api.schemas import Bool, Choice, Schema, Str
from plugins.formulas import types
from plugins.formulas.compiler import Compiled, compiled
from plugins.formulas.errors import FormulaError, SelfReference
from plugins.formulas.exported import exported_text, exported_value
from plugins.formulas.representation import as_json, as_text, items_of, sort_terms
from plugins.formulas.tables import TableScope, compiled_in
from plugins.formulas.types import Type

DURATION_FORMATS = (
    "h:mm",
    "h:mm:ss",
    "h:mm:ss.s",
    "h:mm:ss.ss",
    "h:mm:ss.sss",
    "d h",
    "d h:mm",
    "d h:mm:ss",
    "d h mm",
    "d h mm ss",
)
_FIELD_IDS = ("through_field_id", "target_field_id")
_TOLD = ("formula_type", "array_formula_type", "nullable", "error")
_SEPARATORS = ("", "SPACE_COMMA", "SPACE_PERIOD", "COMMA_PERIOD", "PERIOD_COMMA")


class ResultOptions(Schema):
    """How the result is shown; what is not set follows from the formula."""

    number_decimal_places = Choice(range(types.MAX_PLACES + 1), allow_none=True)
    number_prefix = Str(allow_none=True, allow_blank=True, max_length=10, trim=False)
    number_suffix = Str(allow_none=True, allow_blank=True, max_length=10, trim=False)
    number_separator = Choice(_SEPARATORS, allow_none=True)
    date_format = Choice(list(FORMATS), allow_none=True)
    date_time_format = Choice(list(TIME_FORMATS), allow_none=True)
    date_show_tzinfo = Bool(allow_none=True)
    date_force_timezone = Str(allow_none=True, max_length=255)
    duration_format = Choice(DURATION_FORMATS, allow_none=True)


class FormulaType(Schema):
    """What is known of a formula's values. Settings that do not belong to the type are null."""

    formula_type = Str(metadata={"description": "The type of the values; invalid while the formula has an error."})
    array_formula_type = Str(allow_none=True, metadata={"description": "Of a list: the type of its items."})
    error = Str(allow_none=True, metadata={"description": "Why there are no values."})
    nullable = Bool()
    number_decimal_places = mf.Integer(allow_none=True)
    number_prefix = Str()
    number_suffix = Str()
    number_separator = Str()
    date_format = Str(allow_none=True)
    date_include_time = Bool(allow_none=True)
    date_time_format = Str(allow_none=True)
    date_show_tzinfo = Bool(allow_none=True)
    date_force_timezone = Str(allow_none=True)
    duration_format = Str(allow_none=True)


class BrokenField(FormulaError):
    """A field that cannot be computed, with the API's code for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ComputedField(
    FieldType, ComputedMixin, VariableKindMixin, ItemsMixin, ExportsMixin, PublicOptionsMixin, ArchivedFieldMixin
):
    """A field whose values are those of a formula; subclasses say which.

    In the options, `result` is what the platform found out: the type, what it depends on, what is wrong.
    """

    read_only = True
    options_schema = ResultOptions

    def formula(self, field: Field, tables: Tables) -> str:
        """The formula of the field; BrokenField when there can be none."""
        raise NotImplementedError

    def further(self, field: Field, tables: Tables) -> dict[str, Any]:
        """Further things to remember of the tables as they are now."""
        return {}

    def formula_type(self, field: Field) -> Type:
        """The type of the values."""
        stored = _result(field).get("type")
        return types.from_stored(stored) if stored else types.invalid("The formula was not read yet.")

    def column(self, field: Field) -> Column:
        """A column of the PostgreSQL type of the formula's type."""
        return Column(types.column_type(self.formula_type(field)))

    def kind_of(self, field: Field) -> Kind:
        """The kind of the formula's type."""
        return types.kind(self.formula_type(field))

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """As fields of that type show it."""
        return as_json(self.formula_type(field), self.value(field, row))

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """As people read it."""
        return as_text(self.formula_type(field), self.value(field, row))

    def item_kind(self, field: Field) -> Kind:
        """Of a list: the kind of its items."""
        of = self.formula_type(field).of
        return types.kind(of) if of else Kind.OTHER

    def items(self, field: Field, row: Row) -> Items | None:
        """Of a list: its items, one for each linked row in most cases."""
        of = self.formula_type(field).of
        return items_of(of, self.value(field, row)) if of else None

    def export_text(self, field: Field, row: Row) -> sa.ColumnElement[str] | None:
        """The items of lists with nothing but commas between them."""
        return exported_text(self.formula_type(field), self.value(field, row))

    def export_value(self, field: Field, row: Row) -> sa.ColumnElement[Any] | None:
        """Lists as lists of what people read of the items, links as objects."""
        return exported_value(self.formula_type(field), self.value(field, row))

    def search(self, field: Field, row: Row) -> sa.ColumnElement[str] | None:
        """The text, but for booleans."""
        return None if self.formula_type(field).name == "boolean" else self.text(field, row)

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """As the formula's type sorts; 400 for types that have no order."""
        found = self.formula_type(field)
        if (found.of or found).name in ("button", "link", "single_file", "invalid"):
            message = f"Rows cannot be ordered by {field.name[:100]!r}: it is {found.title}."
            raise ApiError("ERROR_ORDER_BY_FIELD_NOT_POSSIBLE", 400, message)
        return sort_terms(found, self.value(field, row))

    def dependencies(self, field: Field) -> Collection[Dependency]:
        """What the formula refers to."""
        return [Dependency(*found) for found in _result(field).get("dependencies", ())]

    def expression(self, field: Field, row: Row, tables: Tables) -> sa.ColumnElement[Any]:
        """The formula's value; NULL while it has an error."""
        found = self.formula_type(field)
        if found.name == "invalid":
            return sa.cast(sa.null(), sa.Text)
        return self._compiled(field, tables).sql(row, found)

    def resolved(self, field: Field, tables: Tables) -> dict[str, Any]:
        """The options with what the formula is in the tables as they are now."""
        options = {key: value for key, value in field.options.items() if key != "result"}
        return {**options, **self.further(field, tables), "result": self._read(field, tables)}

    def copied(self, field: Field, ids: Mapping[int, int]) -> dict[str, Any]:
        """The options with the copies of the fields they name; what the formula is will be found out anew."""
        options = {key: value for key, value in field.options.items() if key != "result"}
        named = {key: ids.get(options[key], options[key]) for key in _FIELD_IDS if options.get(key)}
        return {**options, **named}

    def refuse(self, field: Field) -> None:
        """400 for a formula that was just given and cannot be used."""
        result = _result(field)
        if result.get("code"):
            raise ApiError(result["code"], 400, str(self.formula_type(field).error))

    def options_json(self, field: Field) -> dict[str, Any]:
        """The keys of the formula's type over the stored options."""
        found = self.formula_type(field)
        shown = [{"id": one.id, "value": one.value, "color": one.color} for one in (found.of or found).select_options]
        kept = {key: value for key, value in field.options.items() if key != "result"}
        return {**kept, **found.json(), "select_options": shown, "available_collaborators": []}

    def archived(self, field: Field, row: Row) -> None:
        """Nothing: the values are computed where the archive is read."""

    def archived_options(self, field: Field) -> dict[str, Any]:
        """The stored options, and of what they led to no more than the type."""
        found = self.formula_type(field).json()
        kept = {key: value for key, value in field.options.items() if key != "result"}
        return {**{key: found.get(key) for key in _TOLD}, **kept}

    def public_json(self, field: Field) -> dict[str, Any]:
        """What the values are, not what they are made of."""
        own = {*self.options_schema().fields, *field.options} - set(ResultOptions().fields)
        shown = {key: value for key, value in self.options_json(field).items() if key not in own}
        return {**shown, "error": "There are no values." if shown["error"] else None}

    def _compiled(self, field: Field, tables: Tables) -> Compiled:
        return compiled(self.formula(field, tables), TableScope(tables, field.table_id, field.name))

    def _read(self, field: Field, tables: Tables) -> dict[str, Any]:
        try:
            formula = self.formula(field, tables)
            found = compiled_in(formula, tables, field.table_id, field.name)
        except FormulaError as error:
            return _broken(field, error)
        shown, before = found.type, _result(field)
        if before.get("formula") == formula and any(via for _, via in found.dependencies):
            shown = types.not_less_precise(shown, types.from_stored(before["type"]))
        return {
            "formula": formula,
            "type": types.with_settings(shown, field.options).stored(),
            "dependencies": _listed(found.dependencies),
            **({"volatile": True} if found.volatile else {}),
        }


def _result(field: Field) -> Mapping[str, Any]:
    found: Mapping[str, Any] = field.options.get("result") or {}
    return found


def _broken(field: Field, error: FormulaError) -> dict[str, Any]:
    code = error.code if isinstance(error, BrokenField) else "ERROR_WITH_FORMULA"
    own = {(field.id, None)} if isinstance(error, SelfReference) else set()
    dependencies = _listed(error.dependencies | own)
    return {"type": types.invalid(error.message).stored(), "dependencies": dependencies, "code": code}


def _listed(dependencies: Collection[tuple[int, int | None]]) -> list[list[int | None]]:
    return [[used, via] for used, via in sorted(dependencies, key=lambda found: (found[0], found[1] or 0))]
