"""The field type `single_select`: one of the field's options."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api import Plugin, hookimpl, reading
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
from plugin_api.columns import each
from plugin_api.errors import problem
from plugin_api.exporters import ExportsMixin
from plugin_api.fields import (
    Batch,
    Column,
    ConvertsMixin,
    Field,
    FieldType,
    InvalidValue,
    Prepared,
    Row,
    SelectOptionsMixin,
    SortVariantsMixin,
    kind_of,
)
from plugin_api.kinds import Kind
from plugin_api.schemas import Int, Schema
from plugin_api.selects import OPTION, OptionFinder, archived_option, id_pairs, linked, no_option, option_object
from plugin_api.sql import text_sort

plugin = Plugin(name="single_select_field", version="1.0", title="Single select", api=(1, 0), requires=("database",))

_FEW_OPTIONS = 30


class SingleSelectOptions(Schema):
    """Options of a single select field."""

    single_select_default = Int(load_default=None, allow_none=True)


class SingleSelectField(
    FieldType, SelectOptionsMixin, SortVariantsMixin, ConvertsMixin, ExportsMixin, ArchivedFieldMixin
):
    """The id of an option, shown with its name and color."""

    type = "single_select"
    kind = Kind.SINGLE_SELECT
    options_schema = SingleSelectOptions
    sort_variants = ("order",)

    def column(self, field: Field) -> Column:
        """The option's id."""
        return Column(sa.BigInteger())

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The option as an object."""
        return self._option(field, row, option_object(OPTION))

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The option's name."""
        return self._option(field, row, OPTION.c.value)

    def export_text(self, field: Field, row: Row) -> sa.ColumnElement[str] | None:
        """The name; that of one of a few options without a look into another table, for each of very many rows."""
        if not 0 < len(field.select_options) <= _FEW_OPTIONS:
            return None
        names = [(option.id, sa.literal(option.value, sa.Text())) for option in field.select_options]
        return sa.case(dict(names), value=row.c[field.column])

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By name."""
        return text_sort(self.text(field, row))

    def sort_variant(self, variant: str, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By the order of the options."""
        return [self._option(field, row, OPTION.c.order), self.value(field, row)]

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Options by id or by name."""
        finder, prepared = OptionFinder(field), Prepared([None] * len(values))
        for index, value in enumerate(values):
            if value is not None and (isinstance(value, bool) or not isinstance(value, int | str)):
                prepared.errors[index] = [problem("invalid", "Give the id or the name of an option, or null.")]
                continue
            prepared.values[index] = finder.find(value)
            if value is not None and prepared.values[index] is None:
                raise no_option(field, value)
        return prepared

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Options by name; a name that no option has is an error of its row."""
        finder = OptionFinder(field)

        def find(text: str) -> int | None:
            name = text.strip()
            found = finder.find(name)
            if name and found is None:
                raise InvalidValue("invalid", f"There is no option {name[:100]!r}.")
            return found

        return each(["" if value is None else str(value) for value in values], find)

    def default(self, field: Field) -> Any:
        """The default of the field's options, when that option is still there."""
        return OptionFinder(field).find(field.options.get("single_select_default"))

    def link_options(self, options: dict[str, Any], ids: Mapping[int, int], given: Collection[str]) -> dict[str, Any]:
        """The default must be one of the field's options; a removed one is forgotten."""
        wanted = options.get("single_select_default")
        if wanted is None or (wanted not in ids and "single_select_default" not in given):
            return {**options, "single_select_default": None}
        return {**options, "single_select_default": linked(wanted, ids)}

    def remapped(self, value: sa.ColumnElement[Any], ids: Mapping[int, int]) -> sa.ColumnElement[Any]:
        """The option of the copy."""
        pairs = id_pairs(ids)
        return sa.select(pairs.c.new).where(pairs.c.old == value).scalar_subquery()

    def options_json(self, field: Field) -> dict[str, Any]:
        """The default."""
        return {"single_select_default": None, **field.options}

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The option's id."""
        return row.c[field.column]

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """The copy of the option; options are also known by their names."""
        finder, ids = OptionFinder(field), archive.ids("database_select_option")
        return Prepared([finder.find(archived_option(value, ids)) for value in values])

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The option of that name."""
        return reading.name(text, reading.option_names(field.select_options))

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Rows lose options that were removed; of several options the first one stays."""
        if kind_of(source, previous) is Kind.MULTIPLE_SELECT and source.column(previous) is not None:
            return self._first(field, previous, row)
        if source.type != self.type:
            return self.from_text(field, source.text(previous, row))
        kept = [option.id for option in field.select_options]
        if all(option.id in kept for option in previous.select_options):
            return None
        value = row.c[previous.column]
        return sa.case((value.in_(kept), value), else_=sa.null())

    def _first(self, field: Field, previous: Field, row: Row) -> sa.ColumnElement[Any]:
        ids = sa.type_coerce(row.c[previous.column], pg.ARRAY(sa.BigInteger))
        query = sa.select(OPTION.c.value).where(OPTION.c.id == ids[1]).correlate(row)
        return self.from_text(field, query.scalar_subquery())

    def _option(self, field: Field, row: Row, shown: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return sa.select(shown).where(OPTION.c.id == row.c[field.column]).correlate(row).scalar_subquery()


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `single_select`."""
    return [SingleSelectField()]
