"""Data syncs of tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "data_sync_0001"
down_revision = None
branch_labels = ("data_sync",)
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS data_sync")
    op.create_table(
        "data_sync",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("secrets", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("auto_add_new_properties", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("last_sync", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("interval", sa.Text(), server_default="MANUAL", nullable=False),
        sa.Column("when", sa.Text(), server_default="00:00:00", nullable=False),
        sa.Column("next_run", sa.DateTime(timezone=True), nullable=True),
        sa.Column("automatically_deactivated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("authorized_user_id", sa.BigInteger(), nullable=True),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_sync")),
        sa.UniqueConstraint("table_id", name=op.f("uq_data_sync_table_id")),
        schema="data_sync",
    )
    op.create_index(op.f("ix_data_sync_next_run"), "data_sync", ["next_run"], unique=False, schema="data_sync")
    op.create_table(
        "synced_property",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("data_sync_id", sa.BigInteger(), nullable=False),
        sa.Column("field_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("unique_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["data_sync_id"],
            ["data_sync.data_sync.id"],
            name=op.f("fk_synced_property_data_sync_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synced_property")),
        sa.UniqueConstraint("data_sync_id", "key", name=op.f("uq_synced_property_data_sync_id_key")),
        sa.UniqueConstraint("field_id", name=op.f("uq_synced_property_field_id")),
        schema="data_sync",
    )
