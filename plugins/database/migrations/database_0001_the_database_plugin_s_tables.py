"""the database plugin's tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "database_0001"
down_revision = None
branch_labels = ("database",)
depends_on = "core_0001"


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS database")
    op.create_table(
        "row_history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("action_type", sa.Text(), nullable=False),
        sa.Column("action_command_type", sa.Text(), server_default="DO", nullable=False),
        sa.Column("action_timestamp", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("before_values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after_values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("fields_metadata", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_history")),
        schema="database",
    )
    op.create_index(
        "ix_row_history_row",
        "row_history",
        ["table_id", "row_id", sa.literal_column("id DESC")],
        unique=False,
        schema="database",
    )
    op.create_table(
        "table",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table")),
        schema="database",
    )
    op.create_index(op.f("ix_table_application_id"), "table", ["application_id"], unique=False, schema="database")
    op.create_table(
        "field",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("primary", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("read_only", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("immutable_type", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("immutable_properties", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("db_index", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("field_constraints", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["table_id"], ["database.table.id"], name=op.f("fk_field_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field")),
        schema="database",
    )
    op.create_index(op.f("ix_field_table_id"), "field", ["table_id"], unique=False, schema="database")
    op.create_index(
        "uq_field_name",
        "field",
        ["table_id", "name"],
        unique=True,
        schema="database",
        postgresql_where=sa.text("trashed_on IS NULL"),
    )
    op.create_index(
        "uq_field_primary", "field", ["table_id"], unique=True, schema="database", postgresql_where=sa.text('"primary"')
    )
    op.create_table(
        "row_count",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["table_id"], ["database.table.id"], name=op.f("fk_row_count_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_count")),
        schema="database",
    )
    op.create_index(op.f("ix_row_count_table_id"), "row_count", ["table_id"], unique=False, schema="database")
    op.create_table(
        "select_option",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"], ["database.field.id"], name=op.f("fk_select_option_field_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_select_option")),
        schema="database",
    )
    op.create_index(op.f("ix_select_option_field_id"), "select_option", ["field_id"], unique=False, schema="database")
    op.create_foreign_key(
        "fk_table_application_id",
        "table",
        "application",
        ["application_id"],
        ["id"],
        source_schema="database",
        referent_schema="core",
        ondelete="CASCADE",
    )
