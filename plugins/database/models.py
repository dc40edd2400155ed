"""What the database application keeps: tables, fields, select options, row counts and the history of rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plugin_api.db import TYPES, schema_metadata


class Base(DeclarativeBase):
    """Base of the plugin's mapped classes."""

    metadata = schema_metadata("database")
    type_annotation_map = TYPES


def _key(target: str, **kwargs: Any) -> Any:
    return mapped_column(sa.ForeignKey(target, ondelete="CASCADE"), **kwargs)


def _now() -> Any:
    return mapped_column(server_default=sa.func.now())


class Table(Base):
    """A table of a database application. Its rows are in the workspace's schema.

    `version` grows with every change of its shape; `workspace_id` is the one whose schema holds its rows.
    """

    __tablename__ = "table"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    application_id: Mapped[int] = mapped_column(index=True)
    workspace_id: Mapped[int]
    name: Mapped[str]
    order: Mapped[int]
    version: Mapped[int] = mapped_column(server_default="1")
    created_on: Mapped[datetime] = _now()
    updated_on: Mapped[datetime] = _now()
    trashed_on: Mapped[datetime | None]


class Field(Base):
    """A field of a table. `options` are those of its type; a trashed field keeps its column."""

    __tablename__ = "field"
    __table_args__ = (
        sa.Index("uq_field_name", "table_id", "name", unique=True, postgresql_where=sa.text("trashed_on IS NULL")),
        sa.Index("uq_field_primary", "table_id", unique=True, postgresql_where=sa.text('"primary"')),
    )

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int] = _key("database.table.id", index=True)
    name: Mapped[str]
    type: Mapped[str]
    order: Mapped[int]
    primary: Mapped[bool] = mapped_column(server_default=sa.false())
    description: Mapped[str | None]
    read_only: Mapped[bool] = mapped_column(server_default=sa.false())
    immutable_type: Mapped[bool] = mapped_column(server_default=sa.false())
    immutable_properties: Mapped[bool] = mapped_column(server_default=sa.false())
    db_index: Mapped[bool] = mapped_column(server_default=sa.false())
    field_constraints: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    linked_table_id: Mapped[int | None] = mapped_column(
        sa.Computed("((options ->> 'link_row_table_id'))::bigint", persisted=True), index=True
    )
    created_on: Mapped[datetime] = _now()
    trashed_on: Mapped[datetime | None]


class SelectOption(Base):
    """An option of a select field."""

    __tablename__ = "select_option"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    field_id: Mapped[int] = _key("database.field.id", index=True)
    value: Mapped[str]
    color: Mapped[str]
    order: Mapped[int]


class FieldBackup(Base):
    """What a field was before it was changed; its values are in the table `backup_<id>` of the workspace's schema."""

    __tablename__ = "field_backup"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    field_id: Mapped[int] = mapped_column(index=True)
    table_id: Mapped[int]
    workspace_id: Mapped[int]
    previous: Mapped[dict[str, Any]] = mapped_column(JSONB)
    has_values: Mapped[bool]
    created_on: Mapped[datetime] = _now()


class Recalculation(Base):
    """Fields of a large table that are still to be computed anew, with all that follows from them."""

    __tablename__ = "recalculation"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int] = _key("database.table.id", index=True)
    workspace_id: Mapped[int]
    field_ids: Mapped[list[int]] = mapped_column(JSONB)
    touched_on: Mapped[datetime] = _now()


class PreparedColumn(Base):
    """A column that is being prepared to take the place of a field's; fields/beside.py says what belongs to it."""

    __tablename__ = "prepared_column"

    field_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_id: Mapped[int] = _key("database.table.id", index=True)
    workspace_id: Mapped[int]


class RowCount(Base):
    """Changes of a table's number of rows; their sum is the number. engine/places.py says what a block is."""

    __tablename__ = "row_count"

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int] = _key("database.table.id", index=True)
    block: Mapped[int | None]
    change: Mapped[int]


class RowHistory(Base):
    """One change of one row: who, when, which fields, their values before and after."""

    __tablename__ = "row_history"
    __table_args__ = (sa.Index("ix_row_history_row", "table_id", "row_id", sa.text("id DESC")),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int]
    row_id: Mapped[int]
    user_id: Mapped[int | None]
    user_name: Mapped[str]
    action_type: Mapped[str]
    action_command_type: Mapped[str] = mapped_column(server_default="DO")
    action_timestamp: Mapped[datetime] = _now()
    before_values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after_values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    fields_metadata: Mapped[dict[str, Any]] = mapped_column(JSONB)


class SearchIndex(Base):
    """The search index of a table: a table `search_<table id>` in the workspace's schema, with a text for each row.

    state: building or ready. mark: stands for the fields whose texts are in it; see `search/texts.py`.
    """

    __tablename__ = "search_index"

    table_id: Mapped[int] = mapped_column(sa.ForeignKey("database.table.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str]
    mark: Mapped[str]


class SearchQueue(Base):
    """Rows that were written since they were last indexed."""

    __tablename__ = "search_queue"
    __table_args__ = (sa.Index("ix_search_queue_row", "table_id", "row_id"),)

    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    table_id: Mapped[int]
    row_id: Mapped[int]
