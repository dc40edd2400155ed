"""Tables for tests: made through the plugin's own stores, filled and read through the row engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from plugin_api.context import Actor, acting_as
from plugin_api.db import begin, connection
from plugin_api.fields import Batch, Field, FieldType, Prepared
from plugin_api.permissions import Access
from plugins.database.context import TableContext
from plugins.database.engine import read, write
from plugins.database.fields.store import NewField
from plugins.database.rows.prepare import PreparedRows, batch, prepare
from plugins.database.shape import TableShape, latest_shape
from plugins.database.tables.store import insert_table


class Sheet:
    """A table called Sheet with a text field Name, in a workspace whose admin is `api`."""

    def __init__(self, api: Any, fields: Sequence[NewField] = ()) -> None:
        self.api = api
        with begin():
            self.workspace_id = _insert("workspace", name="Workspace")
            _insert("membership", workspace_id=self.workspace_id, user_id=api.user["id"], permissions="ADMIN")
            self.database_id = _insert("application", workspace_id=self.workspace_id, type="database", name="Database")
            self.id = self.add_table("Sheet", fields).id
        self.path = f"/api/database/fields/table/{self.id}/"

    def add_table(self, name: str, fields: Sequence[NewField] = ()) -> TableContext:
        """A further table in the same database."""
        named = [NewField("Name", "text", primary=True), *fields]
        return insert_table(self.database_id, self.workspace_id, name, named, Access(self.workspace_id, "ADMIN"))[0]

    def member(self, make_user: Any, role: str) -> Any:
        """A client acting as a member of the workspace with a role."""
        other = make_user()
        with begin():
            _insert("membership", workspace_id=self.workspace_id, user_id=other.user["id"], permissions=role)
        return other

    def add(self, name: str, type_name: str, **options: Any) -> int:
        """Create a field over HTTP; answers its id."""
        status, body = self.api.post(self.path, {"name": name, "type": type_name, **options})
        assert status == 200, body
        return int(body["id"])

    def field(self, field_id: int) -> str:
        """The path of a field."""
        return f"/api/database/fields/{field_id}/"

    @contextmanager
    def shape(self) -> Iterator[TableShape]:
        """The table's shape as it is now, inside a unit of work."""
        actor = Actor("user", self.api.user["id"])
        with begin(), acting_as(actor):
            yield latest_shape(self.id)

    def insert(self, *rows: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Insert rows by field names; answers them."""
        with self.shape() as shape:
            prepared = prepare(shape, rows, True, True)
            assert not prepared.errors, prepared.errors
            names = shape.select_list(shape.fields, True)
            return list(json.loads(write.insert(shape, prepared.fields, prepared.rows, names)))

    def check(self, *rows: Mapping[str, Any]) -> PreparedRows:
        """What checking rows by field names answers."""
        with self.shape() as shape:
            return prepare(shape, rows, True, True)

    def imported(self, name: str, values: Sequence[Any]) -> Prepared:
        """What checking imported values of a field answers."""
        with self.shape() as shape:
            field, kind = self._of(shape, name)
            moment: Batch = batch(True)
            return kind.prepare_import(field, values, moment)

    def column(self, name: str) -> list[Any]:
        """The values of a field in row order, as the API shows them."""
        with self.shape() as shape:
            query = read.RowQuery(shape, [shape.by_name[name]], True)
            return [row[name] for row in json.loads(read.page(query, 1000, 0))]

    def sorted(self, name: str, variant: str = "") -> list[Any]:
        """The values of a field, ordered by it."""
        with self.shape() as shape:
            field, kind = self._of(shape, name)
            terms: Any = kind.sort_variant(variant, field, shape.row) if variant else kind.sort(field, shape.row)  # type: ignore[attr-defined]
            query = read.RowQuery(shape, [field], True, order_by=[term.asc().nulls_first() for term in terms])
            return [row[name] for row in json.loads(read.page(query, 1000, 0))]

    def texts(self, name: str) -> list[Any]:
        """The values of a field as people read them."""
        with self.shape() as shape:
            field, kind = self._of(shape, name)
            query = sa.select(kind.text(field, shape.row)).select_from(shape.row).order_by(shape.row.c.order)
            return list(connection().execute(query).scalars())

    def _of(self, shape: TableShape, name: str) -> tuple[Field, FieldType]:
        field = shape.by_name[name]
        return field, shape.type_of(field)


def _insert(table: str, **values: Any) -> int:
    target = sa.table(table, *map(sa.column, ["id", *values]), schema="core")
    return int(connection().execute(sa.insert(target).values(**values).returning(target.c.id)).scalar_one())
