"""roles at applications and tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "roles_0001"
down_revision = None
branch_labels = ("roles",)
depends_on = ("core_0001",)


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS roles")
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("scope_type", sa.Text(), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint(
            "scope_type",
            "scope_id",
            "subject_type",
            "subject_id",
            name=op.f("uq_assignment_scope_type_scope_id_subject_type_subject_id"),
        ),
        schema="roles",
    )
    op.create_index("ix_assignment_application", "assignment", ["application_id", "user_id"], schema="roles")
    op.create_index("ix_assignment_workspace", "assignment", ["workspace_id", "user_id"], schema="roles")
    op.create_index("ix_assignment_subject", "assignment", ["subject_id", "subject_type"], schema="roles")
    op.create_foreign_key(
        "fk_assignment_application_id",
        "assignment",
        "application",
        ["application_id"],
        ["id"],
        source_schema="roles",
        referent_schema="core",
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        "fk_assignment_member",
        "assignment",
        "membership",
        ["workspace_id", "user_id"],
        ["workspace_id", "user_id"],
        source_schema="roles",
        referent_schema="core",
        ondelete="CASCADE",
    )
