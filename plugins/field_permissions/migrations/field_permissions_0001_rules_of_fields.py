"""rules of fields"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "field_permissions_0001"
down_revision = None
branch_labels = ("field_permissions",)
depends_on = ("core_0001", "database_0001")


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS field_permissions")
    op.create_table(
        "field_permission",
        sa.Column("field_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("allow_in_forms", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("field_id", name=op.f("pk_field_permission")),
        schema="field_permissions",
    )
    op.create_foreign_key(
        "fk_field_permission_field_id",
        "field_permission",
        "field",
        ["field_id"],
        ["id"],
        source_schema="field_permissions",
        referent_schema="database",
        ondelete="CASCADE",
    )
