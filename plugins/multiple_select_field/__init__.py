"""The field type `multiple_select`: any number of the field's options, in the order they were chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api import Plugin, hookimpl, reading
from plugin_api.archives import ArchivedFieldMixin, ArchiveReader
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
    kind_of,
)
from plugin_api.kinds import Kind
from plugin_api.schemas import Int, List, Schema
from plugin_api.selects import OPTION, OptionFinder, archived_option, id_pairs, option_object
from plugin_api.sql import quoted_csv, text_sort
from plugins.multiple_select_field.values import check_items, import_items

plugin = Plugin(
    name="multiple_select_field", version="1.0", title="Multiple select", api=(1, 0), requires=("database",)
)


class MultipleSelectOptions(Schema):
    """Options of a multiple select field."""

    multiple_select_default = List(Int(), load_default=None, allow_none=True)


class MultipleSelectField(FieldType, SelectOptionsMixin, ConvertsMixin, ExportsMixin, ArchivedFieldMixin):
    """The ids of the chosen options, shown with their names and colors."""

    type = "multiple_select"
    kind = Kind.MULTIPLE_SELECT
    options_schema = MultipleSelectOptions

    def column(self, field: Field) -> Column:
        """An array of option ids, empty rather than NULL."""
        return Column(pg.ARRAY(sa.BigInteger()), default="'{}'", nullable=False)

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The options as objects, in the stored order."""
        return self._options(field, row, lambda n: _list(pg.aggregate_order_by(option_object(OPTION), n)))

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The options' names, separated by commas; NULL when there are none."""
        return self._options(field, row, lambda n: _names(n, ", "))

    def export_text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The options' names, with nothing but commas between them."""
        return self._options(field, row, lambda n: _names(n, ","))

    def export_value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """A list of the options' names."""
        return self._options(field, row, lambda n: _list(pg.aggregate_order_by(OPTION.c.value, n)))

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By the names, rows without options first."""
        return text_sort(self.text(field, row))

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Lists of ids and names, or names in one text."""
        finder, prepared = OptionFinder(field), Prepared([[] for _ in values])
        for index, value in enumerate(values):
            try:
                prepared.values[index] = check_items(field, finder, value)
            except InvalidValue as error:
                prepared.errors[index] = error.detail
        return prepared

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Names in one text; a name that no option has is an error of its row."""
        finder, prepared = OptionFinder(field), Prepared([[] for _ in values])
        for index, value in enumerate(values):
            try:
                prepared.values[index] = import_items(finder, value)
            except InvalidValue as error:
                prepared.errors[index] = error.detail
        return prepared

    def default(self, field: Field) -> Any:
        """The default of the field's options, in their order, as far as those options are still there."""
        wanted = set(field.options.get("multiple_select_default") or ())
        return [option.id for option in field.select_options if option.id in wanted]

    def link_options(self, options: dict[str, Any], ids: Mapping[int, int], given: Collection[str]) -> dict[str, Any]:
        """The default keeps those that are the field's options."""
        wanted = options.get("multiple_select_default")
        if wanted is None:
            return {**options, "multiple_select_default": None}
        kept = dict.fromkeys(ids[option] for option in wanted if option in ids)
        return {**options, "multiple_select_default": list(kept)}

    def remapped(self, value: sa.ColumnElement[Any], ids: Mapping[int, int]) -> sa.ColumnElement[Any]:
        """The options of the copy, in their order."""
        pairs, chosen = id_pairs(ids), _chosen(value)
        found = sa.func.array_agg(pg.aggregate_order_by(pairs.c.new, chosen.c.n))
        joined = chosen.join(pairs, pairs.c.old == chosen.c.id)
        nothing = sa.cast(sa.literal_column("'{}'"), pg.ARRAY(sa.BigInteger()))
        return sa.select(sa.func.coalesce(found, nothing)).select_from(joined).scalar_subquery()

    def options_json(self, field: Field) -> dict[str, Any]:
        """The default."""
        return {"multiple_select_default": None, **field.options}

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The ids of the options."""
        return row.c[field.column]

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """The copies of the options."""
        finder, ids = OptionFinder(field), archive.ids("database_select_option")

        def chosen(value: Any) -> list[int]:
            found = [finder.find(archived_option(one, ids)) for one in (value if isinstance(value, list) else ())]
            return list(dict.fromkeys(one for one in found if one is not None))

        return Prepared([chosen(value) for value in values])

    def from_text(self, field: Field, text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The options named in a list separated by commas."""
        return reading.names(text, reading.option_names(field.select_options))

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Rows lose options that were removed."""
        if kind_of(source, previous) is Kind.SINGLE_SELECT:
            return self.from_text(field, quoted_csv(source.text(previous, row)))
        if source.type != self.type:
            return self.from_text(field, source.text(previous, row))
        kept = [option.id for option in field.select_options]
        value: sa.ColumnElement[Any] = row.c[previous.column]
        for option in previous.select_options:
            if option.id not in kept:
                value = sa.func.array_remove(value, sa.cast(option.id, sa.BigInteger))
        return None if value is row.c[previous.column] else value

    def _options(self, field: Field, row: Row, shown: Any) -> sa.ColumnElement[Any]:
        ids = _chosen(row.c[field.column])
        joined = ids.join(OPTION, OPTION.c.id == ids.c.id)
        return sa.select(shown(ids.c.n)).select_from(joined).correlate(row).scalar_subquery()


def _chosen(value: sa.ColumnElement[Any]) -> Any:
    """The ids in an array with their places."""
    return sa.func.unnest(value).table_valued("id", with_ordinality="n", name="chosen").render_derived()


def _names(n: Any, separator: str) -> sa.ColumnElement[Any]:
    return sa.func.string_agg(quoted_csv(OPTION.c.value), pg.aggregate_order_by(sa.literal(separator), n))


def _list(objects: Any) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(sa.func.json_agg(objects), sa.literal_column("'[]'::json"))


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `multiple_select`."""
    return [MultipleSelectField()]
