"""entries of the audit log"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "audit_log_0001"
down_revision = None
branch_labels = ("audit_log",)
depends_on = ("core_0001",)

_INDEXES = {
    "ix_entry_time": ["created_on"],
    "ix_entry_type": ["action_type", "created_on"],
    "ix_entry_user": ["user_id", "created_on"],
    "ix_entry_workspace": ["workspace_id", "created_on"],
    "ix_entry_workspace_type": ["workspace_id", "action_type", "created_on"],
    "ix_entry_workspace_user": ["workspace_id", "user_id", "created_on"],
}


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS audit_log")
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("action_type", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("user_email", sa.Text(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=True),
        sa.Column("workspace_name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column(
            "created_on", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        schema="audit_log",
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, "entry", columns, unique=False, schema="audit_log")
