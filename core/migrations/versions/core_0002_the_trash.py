"""The trash: what was deleted and can be restored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None

_SINCE_BEFORE = (
    "INSERT INTO core.trash (type, item_id, workspace_id, name, trashed_on)"
    " SELECT 'workspace', id, id, name, trashed_on FROM core.workspace WHERE trashed_on IS NOT NULL",
    "INSERT INTO core.trash (type, item_id, workspace_id, application_id, name, parent_name, trashed_on)"
    " SELECT 'application', a.id, a.workspace_id, a.id, a.name, w.name, a.trashed_on"
    " FROM core.application a JOIN core.workspace w ON w.id = a.workspace_id WHERE a.trashed_on IS NOT NULL",
)


def upgrade() -> None:
    op.create_table(
        "trash",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("parent_name", sa.Text(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("emptied", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trash")),
        schema="core",
    )
    op.create_index(
        "uq_trash_item", "trash", ["type", sa.text("coalesce(parent_id, 0)"), "item_id"], unique=True, schema="core"
    )
    op.create_index("ix_trash_workspace", "trash", ["workspace_id", "trashed_on"], unique=False, schema="core")
    op.create_index("ix_trash_due", "trash", ["trashed_on"], unique=False, schema="core")
    for statement in _SINCE_BEFORE:
        op.execute(statement)
