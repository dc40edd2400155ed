"""The views of tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "views_0001"
down_revision = None
branch_labels = ("views",)
depends_on = ("core_0001", "database_0001")


_GRIDS = """
    INSERT INTO views.view (table_id, type, name, "order", slug, options)
    SELECT id, 'grid', 'Grid', 1, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''),
        '{"row_identifier_type": "id", "row_height_size": "small"}'
    FROM database."table"
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS views")
    op.create_table(
        "view",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("filter_type", sa.Text(), server_default="AND", nullable=False),
        sa.Column("filters_disabled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("show_logo", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("allow_public_export", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("ownership_type", sa.Text(), server_default="collaborative", nullable=False),
        sa.Column("owned_by_id", sa.BigInteger(), nullable=True),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
        sa.UniqueConstraint("slug", name=op.f("uq_view_slug")),
        schema="views",
    )
    op.create_index(op.f("ix_view_table_id"), "view", ["table_id"], unique=False, schema="views")
    op.create_table(
        "decoration",
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value_provider_type", sa.Text(), server_default="", nullable=False),
        sa.Column("value_provider_conf", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("order", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["view_id"], ["views.view.id"], name=op.f("fk_decoration_view_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decoration")),
        schema="views",
    )
    op.create_index(op.f("ix_decoration_view_id"), "decoration", ["view_id"], unique=False, schema="views")
    op.create_table(
        "field_options",
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["view_id"], ["views.view.id"], name=op.f("fk_field_options_view_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("view_id", "field_id", name=op.f("pk_field_options")),
        schema="views",
    )
    op.create_index(op.f("ix_field_options_field_id"), "field_options", ["field_id"], unique=False, schema="views")
    op.create_table(
        "filter_group",
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("filter_type", sa.Text(), server_default="AND", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["views.filter_group.id"], name=op.f("fk_filter_group_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["view_id"], ["views.view.id"], name=op.f("fk_filter_group_view_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filter_group")),
        schema="views",
    )
    op.create_index(op.f("ix_filter_group_parent_id"), "filter_group", ["parent_id"], unique=False, schema="views")
    op.create_index(op.f("ix_filter_group_view_id"), "filter_group", ["view_id"], unique=False, schema="views")
    op.create_table(
        "group_by",
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.Text(), server_default="ASC", nullable=False),
        sa.Column("width", sa.BigInteger(), server_default="200", nullable=False),
        sa.Column("type", sa.Text(), server_default="default", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["view_id"], ["views.view.id"], name=op.f("fk_group_by_view_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_by")),
        schema="views",
    )
    op.create_index(op.f("ix_group_by_field_id"), "group_by", ["field_id"], unique=False, schema="views")
    op.create_index(op.f("ix_group_by_view_id"), "group_by", ["view_id"], unique=False, schema="views")
    op.create_table(
        "sort",
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.Text(), server_default="ASC", nullable=False),
        sa.Column("type", sa.Text(), server_default="default", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["view_id"], ["views.view.id"], name=op.f("fk_sort_view_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sort")),
        schema="views",
    )
    op.create_index(op.f("ix_sort_field_id"), "sort", ["field_id"], unique=False, schema="views")
    op.create_index(op.f("ix_sort_view_id"), "sort", ["view_id"], unique=False, schema="views")
    op.create_table(
        "filter",
        sa.Column("view_id", sa.BigInteger(), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("gone", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["views.filter_group.id"], name=op.f("fk_filter_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["view_id"], ["views.view.id"], name=op.f("fk_filter_view_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filter")),
        schema="views",
    )
    op.create_index(op.f("ix_filter_field_id"), "filter", ["field_id"], unique=False, schema="views")
    op.create_index(op.f("ix_filter_group_id"), "filter", ["group_id"], unique=False, schema="views")
    op.create_index(op.f("ix_filter_view_id"), "filter", ["view_id"], unique=False, schema="views")
    for table, column, schema, target in (
        ("view", "table_id", "database", "table"),
        ("field_options", "field_id", "database", "field"),
        ("filter", "field_id", "database", "field"),
        ("sort", "field_id", "database", "field"),
        ("group_by", "field_id", "database", "field"),
    ):
        op.create_foreign_key(
            f"fk_{table}_{column}",
            table,
            target,
            [column],
            ["id"],
            source_schema="views",
            referent_schema=schema,
            ondelete="CASCADE",
        )
    # Tables that were there before their views get the grid every table has.
    op.execute(_GRIDS)
