"""builders and their pages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "builder_0001"
down_revision = None
branch_labels = ("builder",)
depends_on = ("core_0006",)


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SCHEMA IF NOT EXISTS builder")
    op.create_table(
        "builder",
        sa.Column("application_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("login_page_id", sa.BigInteger(), nullable=True),
        sa.Column("favicon_file", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("theme", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("custom_code", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("scripts", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_builder")),
        schema="builder",
    )
    op.create_table(
        "page",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("path_params", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("query_params", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("order", sa.BigInteger(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("visibility", sa.Text(), server_default="all", nullable=False),
        sa.Column("role_type", sa.Text(), server_default="allow_all", nullable=False),
        sa.Column("roles", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
        schema="builder",
    )
    op.create_index(op.f("ix_page_application_id"), "page", ["application_id"], unique=False, schema="builder")
    op.create_index(
        "uq_page_name",
        "page",
        ["application_id", "name"],
        unique=True,
        schema="builder",
        postgresql_where=sa.text("trashed_on IS NULL"),
    )
    op.create_index(
        "uq_page_route",
        "page",
        ["application_id", "route"],
        unique=True,
        schema="builder",
        postgresql_where=sa.text("trashed_on IS NULL"),
    )
    op.create_index(
        "uq_page_shared", "page", ["application_id"], unique=True, schema="builder", postgresql_where=sa.text("shared")
    )
    op.create_foreign_key(
        "fk_builder_application",
        "builder",
        "application",
        ["application_id"],
        ["id"],
        source_schema="builder",
        referent_schema="core",
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        "fk_page_application",
        "page",
        "application",
        ["application_id"],
        ["id"],
        source_schema="builder",
        referent_schema="core",
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        op.f("fk_builder_login_page_id"),
        "builder",
        "page",
        ["login_page_id"],
        ["id"],
        source_schema="builder",
        referent_schema="builder",
        ondelete="SET NULL",
    )
