"""Fields of large tables that are still to be computed anew."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "database_0005"
down_revision = "database_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "recalculation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("field_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("touched_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["table_id"], ["database.table.id"], name=op.f("fk_recalculation_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalculation")),
        schema="database",
    )
    op.create_index(op.f("ix_recalculation_table_id"), "recalculation", ["table_id"], unique=False, schema="database")
