"""notifications and who has them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "notifications_0001"
down_revision = None
branch_labels = ("notifications",)
depends_on = "core_0001"


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS notifications")
    op.create_table(
        "notification",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sender_id", sa.BigInteger(), nullable=True),
        sa.Column("workspace_id", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("type", "key", name=op.f("uq_notification_type_key")),
        schema="notifications",
    )
    op.create_index(
        op.f("ix_notification_created_on"), "notification", ["created_on"], unique=False, schema="notifications"
    )
    op.create_index(
        op.f("ix_notification_sender_id"), "notification", ["sender_id"], unique=False, schema="notifications"
    )
    op.create_index(
        op.f("ix_notification_workspace_id"), "notification", ["workspace_id"], unique=False, schema="notifications"
    )
    op.create_table(
        "recipient",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=True),
        sa.Column("read", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("mail_due", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.notification.id"],
            name=op.f("fk_recipient_notification_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "notification_id", name=op.f("pk_recipient")),
        schema="notifications",
    )
    op.create_index(
        "ix_recipient_mail",
        "recipient",
        ["user_id"],
        unique=False,
        schema="notifications",
        postgresql_where=sa.text("mail_due"),
    )
    op.create_index(
        op.f("ix_recipient_notification_id"), "recipient", ["notification_id"], unique=False, schema="notifications"
    )
    op.create_index(
        "ix_recipient_unread",
        "recipient",
        ["user_id", "workspace_id"],
        unique=False,
        schema="notifications",
        postgresql_where=sa.text("NOT read"),
    )
    op.create_index(
        op.f("ix_recipient_workspace_id"), "recipient", ["workspace_id"], unique=False, schema="notifications"
    )
    for table, column, target, ondelete in (
        ("notification", "sender_id", "user", "SET NULL"),
        ("notification", "workspace_id", "workspace", "CASCADE"),
        ("recipient", "user_id", "user", "CASCADE"),
        ("recipient", "workspace_id", "workspace", "CASCADE"),
    ):
        op.create_foreign_key(
            f"fk_{table}_{column}",
            table,
            target,
            [column],
            ["id"],
            source_schema="notifications",
            referent_schema="core",
            ondelete=ondelete,
        )
