"""teams of members"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "teams_0001"
down_revision = None
branch_labels = ("teams",)
depends_on = ("core_0001",)


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS teams")
    op.create_table(
        "team",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("default_role", sa.Text(), nullable=True),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("trashed_on", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_team_workspace_id_name")),
        schema="teams",
    )
    op.create_table(
        "subject",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["teams.team.id"], name=op.f("fk_subject_team_id_team"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subject")),
        sa.UniqueConstraint("team_id", "user_id", name=op.f("uq_subject_team_id_user_id")),
        schema="teams",
    )
    op.create_index("ix_subject_member", "subject", ["workspace_id", "user_id"], unique=False, schema="teams")
    op.create_foreign_key(
        "fk_team_workspace_id",
        "team",
        "workspace",
        ["workspace_id"],
        ["id"],
        source_schema="teams",
        referent_schema="core",
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        "fk_subject_member",
        "subject",
        "membership",
        ["workspace_id", "user_id"],
        ["workspace_id", "user_id"],
        source_schema="teams",
        referent_schema="core",
        ondelete="CASCADE",
    )
