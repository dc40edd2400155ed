"""dashboards"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "dashboard_0001"
down_revision = None
branch_labels = ("dashboard",)
depends_on = ("core_0006",)


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SCHEMA IF NOT EXISTS dashboard")
    op.create_table(
        "dashboard",
        sa.Column("application_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_dashboard")),
        schema="dashboard",
    )
    op.create_foreign_key(
        "fk_dashboard_application",
        "dashboard",
        "application",
        ["application_id"],
        ["id"],
        source_schema="dashboard",
        referent_schema="core",
        ondelete="CASCADE",
    )
