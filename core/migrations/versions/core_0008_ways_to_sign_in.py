"""The ways to sign in that administrators set up, the password first, and whose accounts go with which."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, JSONB(), server_default="{}", nullable=False)


def _now() -> sa.Column[Any]:
    return sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "auth_provider",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("enabled", sa.Boolean(), server_default=sa.true(), nullable=False),
        _json("settings"),
        _json("secrets"),
        _json("kept"),
        _now(),
        sa.PrimaryKeyConstraint("id", name="pk_auth_provider"),
        schema="core",
    )
    op.create_table(
        "provided_account",
        sa.Column("auth_provider_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        _now(),
        sa.PrimaryKeyConstraint("auth_provider_id", "user_id", name="pk_provided_account"),
        sa.ForeignKeyConstraint(
            ["auth_provider_id"],
            ["core.auth_provider.id"],
            ondelete="CASCADE",
            name="fk_provided_account_auth_provider_id_auth_provider",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["core.user.id"], ondelete="CASCADE", name="fk_provided_account_user_id_user"
        ),
        schema="core",
    )
    op.create_index("ix_provided_account_user_id", "provided_account", ["user_id"], schema="core")
    op.execute("INSERT INTO core.auth_provider (type) VALUES ('password')")
