"""the tokens and their rights"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "database_tokens_0001"
down_revision = None
branch_labels = ("database_tokens",)
depends_on = ("core_0001", "database_0001")


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS database_tokens")
    op.create_table(
        "token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("key_digest", sa.Text(), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_token_key_digest")),
        schema="database_tokens",
    )
    op.create_index(op.f("ix_token_user_id"), "token", ["user_id"], unique=False, schema="database_tokens")
    op.create_index(op.f("ix_token_workspace_id"), "token", ["workspace_id"], unique=False, schema="database_tokens")
    op.create_table(
        "right",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_id", sa.BigInteger(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("database_id", sa.BigInteger(), nullable=True),
        sa.Column("table_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_id"], ["database_tokens.token.id"], name=op.f("fk_right_token_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_right")),
        schema="database_tokens",
    )
    op.create_index(op.f("ix_right_database_id"), "right", ["database_id"], unique=False, schema="database_tokens")
    op.create_index(op.f("ix_right_table_id"), "right", ["table_id"], unique=False, schema="database_tokens")
    op.create_index(op.f("ix_right_token_id"), "right", ["token_id"], unique=False, schema="database_tokens")
    for table, column, schema, target in (
        ("token", "user_id", "core", "user"),
        ("token", "workspace_id", "core", "workspace"),
        ("right", "database_id", "core", "application"),
        ("right", "table_id", "database", "table"),
    ):
        op.create_foreign_key(
            f"fk_{table}_{column}",
            table,
            target,
            [column],
            ["id"],
            source_schema="database_tokens",
            referent_schema=schema,
            ondelete="CASCADE",
        )
