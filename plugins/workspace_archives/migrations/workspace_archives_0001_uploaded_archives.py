"""uploaded archives"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "workspace_archives_0001"
down_revision = None
branch_labels = ("workspace_archives",)
depends_on = ("core_0006",)


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SCHEMA IF NOT EXISTS workspace_archives")
    op.create_table(
        "resource",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        schema="workspace_archives",
    )
    op.create_index(
        op.f("ix_resource_workspace_id"), "resource", ["workspace_id"], unique=False, schema="workspace_archives"
    )
    for column, target, ondelete in (("workspace_id", "workspace", "CASCADE"), ("created_by_id", "user", "SET NULL")):
        op.create_foreign_key(
            f"fk_resource_{column}",
            "resource",
            target,
            [column],
            ["id"],
            source_schema="workspace_archives",
            referent_schema="core",
            ondelete=ondelete,
        )
