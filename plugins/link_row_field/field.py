"""What links are to the row engine: no column, pairs in a relation table, names of the linked rows to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api.archives import ArchivedFieldMixin, ArchiveReader, known_values
from plugin_api.errors import ApiError
from plugin_api.exporters import ExportsMixin
from plugin_api.fields import Batch, ConvertsMixin, EffectsMixin, Field, FieldType, Prepared, ReferringMixin, Row
from plugin_api.kinds import Kind
from plugin_api.links import CopiedLink, LinkedRows, LinkMixin, Relation, linked_rows
from plugin_api.schemas import MAX_INT, Bool, Int, Schema, as_int
from plugin_api.sql import quoted_csv, text_sort
from plugins.link_row_field import copies, effects
from plugins.link_row_field.values import prepare, prepare_import

_NO_VIEW = -1
_OLD_NAMES = ("link_row_table", "link_row_related_field")


class LinkRowOptions(Schema):
    """What clients may set of a link."""

    link_row_table_id = Int(allow_none=True, metadata={"description": "The table to link to, of the same database."})
    link_row_table = Int(allow_none=True, load_only=True, metadata={"description": "Old name of link_row_table_id."})
    has_related_field = Bool(load_only=True, metadata={"description": "Whether the other table shows the links too."})
    link_row_multiple_relationships = Bool(metadata={"description": "Whether a row may link to more than one."})
    link_row_limit_selection_view_id = Int(
        allow_none=True, metadata={"description": "A view of the other table whose rows are offered for choosing."}
    )


class LinkRowField(FieldType, LinkMixin, EffectsMixin, ConvertsMixin, ReferringMixin, ExportsMixin, ArchivedFieldMixin):
    """Rows of another table, or of the same one, in that table's order."""

    type = "link_row"
    kind = Kind.LINKS
    options_schema = LinkRowOptions
    can_be_primary = False
    empty_first = True

    def column(self, field: Field) -> None:
        """The pairs are in a table of their own."""

    def linked_table_id(self, field: Field) -> int:
        """The other table."""
        return int(field.options["link_row_table_id"])

    def relation(self, field: Field, schema: str) -> Relation:
        """The field that made the relation has the left side, the related field the right one."""
        own, other = ("left_id", "right_id") if field.options.get("side") != "right" else ("right_id", "left_id")
        columns = (sa.Column("left_id", sa.BigInteger), sa.Column("right_id", sa.BigInteger))
        name = f"link_{field.options['relation_id']}"
        return Relation(sa.Table(name, sa.MetaData(), *columns, schema=schema), own, other)

    def value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The ids of the linked rows, as an array in their order."""
        return self._gathered(field, row, lambda found: _ordered(sa.func.array_agg, found, found.row.c.id))

    def read(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """Objects with id, name and order of the linked rows."""
        return self.shown(field, row, {})

    def shown(
        self,
        field: Field,
        row: Row,
        more: Mapping[str, Callable[[Row], sa.ColumnElement[Any]]],
        limit: int | None = None,
    ) -> sa.ColumnElement[Any]:
        """The linked rows as objects."""

        def shown(found: LinkedRows) -> sa.ColumnElement[Any]:
            name = field.linked.name(found.row) if field.linked else sa.null()
            pairs: list[Any] = ["id", found.row.c.id, "value", name, "order", sa.cast(found.row.c.order, sa.Text)]
            for key, expression in more.items():
                pairs += [key, expression(found.row)]
            return sa.func.json_build_object(*pairs)

        def objects(found: LinkedRows) -> sa.ColumnElement[Any]:
            return _ordered(sa.func.json_agg, found, shown(found))

        gathered = self._gathered(field, row, objects) if limit is None else self._first(field, row, shown, limit)
        return sa.func.coalesce(gathered, sa.literal_column("'[]'::json"))

    def text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The names, separated by commas; NULL without links."""

        def names(found: LinkedRows) -> sa.ColumnElement[Any]:
            name = quoted_csv(field.linked.name(found.row)) if field.linked else sa.null()
            return sa.func.string_agg(name, pg.aggregate_order_by(sa.literal(", "), *found.order))

        return self._gathered(field, row, names)

    def export_text(self, field: Field, row: Row) -> sa.ColumnElement[str]:
        """The names, with nothing but commas between them."""

        def names(found: LinkedRows) -> sa.ColumnElement[Any]:
            name = quoted_csv(_exported_name(field, found))
            return sa.func.string_agg(name, pg.aggregate_order_by(sa.literal(","), *found.order))

        return self._gathered(field, row, names)

    def export_value(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """A list of names."""
        listed = self._gathered(
            field, row, lambda found: _ordered(sa.func.json_agg, found, _exported_name(field, found))
        )
        return sa.func.coalesce(listed, sa.literal_column("'[]'::json"))

    def search(self, field: Field, row: Row) -> None:
        """Searching for a part of a text does not look into other tables; searching by words does."""

    def referred(self, field: Field) -> sa.Select[Any]:
        """The rows of the other table, by their names."""
        if field.linked is None:
            columns: list[Any] = [sa.literal(0).label("key"), sa.literal("").label("text")]
            return sa.select(*columns).where(sa.false())
        row = field.linked.rows.alias("l")
        return sa.select(row.c.id.label("key"), field.linked.name(row).label("text")).where(row.c.trashed_on.is_(None))

    def refers(self, field: Field, row: Row, keys: sa.Select[Any]) -> sa.ColumnElement[bool]:
        """Whether one of them is linked."""
        if field.linked is None:
            return sa.false()
        relation = self.relation(field, str(field.linked.rows.schema))
        pairs = relation.table.alias(f"p{field.id}")
        found: sa.Select[Any] = sa.select(sa.literal_column("1")).select_from(pairs)
        return sa.exists(found.where(relation.of(row, pairs), pairs.c[relation.other].in_(keys)).correlate(row))

    def sort(self, field: Field, row: Row) -> Sequence[sa.ColumnElement[Any]]:
        """By the names."""
        return text_sort(self.text(field, row))

    def prepare(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """Ids or names of rows."""
        return prepare(field, values, batch)

    def prepare_import(self, field: Field, values: Sequence[Any], batch: Batch) -> Prepared:
        """The same; nothing is no links."""
        return prepare_import(field, values, batch)

    def check_options(self, options: dict[str, Any], previous: Field | None) -> dict[str, Any]:
        """The table must be there and open to the acting user."""
        table_id = options.pop("link_row_table", None)
        if options.get("link_row_table_id") is None and table_id is not None:
            options["link_row_table_id"] = table_id
        if options.get("link_row_table_id") is None:
            raise ApiError("ERROR_LINK_ROW_TABLE_NOT_PROVIDED", 400, "Give link_row_table_id, the table to link to.")
        effects.require_table(options["link_row_table_id"])
        if options.get("link_row_limit_selection_view_id") == _NO_VIEW:
            options["link_row_limit_selection_view_id"] = None
        if previous is None or _choice(options) != _choice(previous.options):
            effects.require_view(*_choice(options))
        options.setdefault("link_row_multiple_relationships", True)
        return options

    def options_json(self, field: Field) -> dict[str, Any]:
        """Both names of the table and of the related field."""
        table_id, related = field.options["link_row_table_id"], field.options.get("link_row_related_field_id")
        return {
            "link_row_table_id": table_id,
            "link_row_related_field_id": related,
            "link_row_table": table_id,
            "link_row_related_field": related,
            "link_row_limit_selection_view_id": field.options.get("link_row_limit_selection_view_id"),
            "link_row_multiple_relationships": field.options.get("link_row_multiple_relationships", True),
        }

    def archived(self, field: Field, row: Row) -> sa.ColumnElement[Any]:
        """The ids of the linked rows."""
        return sa.func.coalesce(self.value(field, row), sa.literal_column("'{}'::bigint[]"))

    def unarchived(self, field: Field, values: Sequence[Any], batch: Batch, archive: ArchiveReader) -> Prepared:
        """The same ids: rows keep theirs. Whether there are such rows is found out when all of them are there."""
        found = [map(_row_id, value) if isinstance(value, list) else () for value in values]
        return Prepared([list(dict.fromkeys(one for one in ids if one)) for ids in found])

    def archived_options(self, field: Field) -> dict[str, Any]:
        """The other table, the field there, and the view that limits the choice."""
        shown = {name: value for name, value in self.options_json(field).items() if name not in _OLD_NAMES}
        return {**shown, "has_related_field": shown["link_row_related_field_id"] is not None}

    def unarchived_options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """As they are stored, but for the relation, which is yet to be made."""
        known = known_values(LinkRowOptions(), {**given, "link_row_table_id": _either(given, "link_row_table")})
        kept = ("link_row_table_id", "link_row_multiple_relationships", "link_row_limit_selection_view_id")
        options = {name: known[name] for name in kept if name in known}
        return {**options, "link_row_related_field_id": as_int(_either(given, "link_row_related_field"))}

    def converts_from(self, source: FieldType) -> bool:
        """Fields of any type may become links; without any."""
        return True

    def converted(self, field: Field, previous: Field, source: FieldType, row: Row) -> sa.ColumnElement[Any] | None:
        """Values of other types are lost: there is no column for them."""
        return None if source is self else sa.null()

    def added(self, field: Field, given: Mapping[str, Any]) -> None:
        """Make the relation and, unless it is not wanted, the field in the other table."""
        effects.added(field, given)

    def changed(self, previous: Field, field: Field, given: Mapping[str, Any]) -> None:
        """Make, keep or remove relation and related field."""
        effects.changed(previous, field, given)

    def trashed(self, field: Field) -> None:
        """The related field goes along."""
        effects.trashed(field)

    def restored(self, field: Field) -> None:
        """The related field comes back too."""
        effects.restored(field)

    def brought(self, field: Field) -> Any:
        """The relation and the related field."""
        return effects.brought(field)

    def copied(self, pairs: Sequence[CopiedLink], tables: Mapping[int, int], schemas: tuple[str, str] | None) -> None:
        """Relations of their own, with the same pairs."""
        copies.copy_links(pairs, tables, schemas)

    def views_copied(self, copied: Mapping[int, int], views: Mapping[int, int]) -> None:
        """The views that limit what may be chosen."""
        copies.limit_to_copies(set(copied.values()), views)

    def removed(self, field: Field, schema: str) -> None:
        """The pairs go with the last of both fields."""
        effects.removed(field, schema)

    def _gathered(self, field: Field, row: Row, aggregate: Any) -> sa.ColumnElement[Any]:
        if field.linked is None:  # asked while the field is turned into one of another type: links are not kept
            return sa.null()
        relation = self.relation(field, str(field.linked.rows.schema))
        found = linked_rows(field, row, relation, field.linked.rows)
        query = sa.select(aggregate(found)).select_from(found.source).where(found.condition)
        return query.correlate(row).scalar_subquery()

    def _first(self, field: Field, row: Row, shown: Any, limit: int) -> sa.ColumnElement[Any]:
        """The first linked rows."""
        if field.linked is None:
            return sa.null()
        relation = self.relation(field, str(field.linked.rows.schema))
        found = linked_rows(field, row, relation, field.linked.rows)
        place = sa.func.row_number().over(order_by=found.order)
        chosen = sa.select(shown(found).label("shown"), place.label("place")).select_from(found.source)
        cut = chosen.where(found.condition).order_by(*found.order).limit(limit).correlate(row).subquery()
        return sa.select(sa.func.json_agg(pg.aggregate_order_by(cut.c.shown, cut.c.place))).scalar_subquery()


def _exported_name(field: Field, found: LinkedRows) -> sa.ColumnElement[str]:
    """The name of a linked row in a file, where nothing but its name is told of it: rows without one are numbered."""
    numbered = sa.func.concat("unnamed row ", found.row.c.id, type_=sa.Text())
    return (
        numbered
        if field.linked is None
        else sa.func.coalesce(sa.func.nullif(field.linked.name(found.row), ""), numbered)
    )


def _either(given: Mapping[str, Any], old_name: str) -> Any:
    """A setting by its name, or by the one it had long ago."""
    found = given.get(f"{old_name}_id")
    return given.get(old_name) if found is None else found


def _row_id(given: Any) -> int | None:
    """The id of a row, which may stand alone or in an object."""
    found = as_int(given.get("id") if isinstance(given, Mapping) else given)
    return found if found is not None and 0 < found <= MAX_INT else None


def _choice(options: Mapping[str, Any]) -> tuple[int, int | None]:
    """The table rows are chosen from, and the view that offers them."""
    return options["link_row_table_id"], options.get("link_row_limit_selection_view_id")


def _ordered(function: Any, found: LinkedRows, value: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The aggregate of a value over the linked rows in their order."""
    aggregated: sa.ColumnElement[Any] = function(pg.aggregate_order_by(value, *found.order))
    return aggregated
