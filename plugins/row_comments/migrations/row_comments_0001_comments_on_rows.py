"""comments on rows"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "row_comments_0001"
down_revision = None
branch_labels = ("row_comments",)
depends_on = ("core_0001", "database_0001")


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS row_comments")
    op.create_table(
        "comment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("message", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("edited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        schema="row_comments",
    )
    op.create_index(
        "ix_comment_row",
        "comment",
        ["table_id", "row_id", sa.literal_column("id DESC")],
        unique=False,
        schema="row_comments",
    )
    op.create_index(op.f("ix_comment_user_id"), "comment", ["user_id"], unique=False, schema="row_comments")
    op.create_table(
        "notification_mode",
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("table_id", "row_id", "user_id", name=op.f("pk_notification_mode")),
        schema="row_comments",
    )
    op.create_index(
        op.f("ix_notification_mode_user_id"), "notification_mode", ["user_id"], unique=False, schema="row_comments"
    )
    for table, column, schema, target, ondelete in (
        ("comment", "table_id", "database", "table", "CASCADE"),
        ("comment", "user_id", "core", "user", "SET NULL"),
        ("notification_mode", "table_id", "database", "table", "CASCADE"),
        ("notification_mode", "user_id", "core", "user", "CASCADE"),
    ):
        op.create_foreign_key(
            f"fk_{table}_{column}",
            table,
            target,
            [column],
            ["id"],
            source_schema="row_comments",
            referent_schema=schema,
            ondelete=ondelete,
        )
