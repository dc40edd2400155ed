"""snapshots of applications"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "snapshots_0001"
down_revision = None
branch_labels = ("snapshots",)
depends_on = ("core_0006",)


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SCHEMA IF NOT EXISTS snapshots")
    op.create_table(
        "snapshot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("copy_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ready", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("deleted_on", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        schema="snapshots",
    )
    op.create_index(op.f("ix_snapshot_workspace_id"), "snapshot", ["workspace_id"], unique=False, schema="snapshots")
    op.create_index(
        "uq_snapshot_name",
        "snapshot",
        ["application_id", "name"],
        unique=True,
        schema="snapshots",
        postgresql_where=sa.text("deleted_on IS NULL"),
    )
    for column, target, ondelete in (
        ("workspace_id", "workspace", "CASCADE"),
        ("application_id", "application", "SET NULL"),
        ("copy_id", "application", "SET NULL"),
        ("created_by_id", "user", "SET NULL"),
    ):
        op.create_foreign_key(
            f"fk_snapshot_{column}",
            "snapshot",
            target,
            [column],
            ["id"],
            source_schema="snapshots",
            referent_schema="core",
            ondelete=ondelete,
        )
