"""Columns that are being prepared to take the place of those of fields."""

import sqlalchemy as sa
from alembic import op

revision = "database_0007"
down_revision = "database_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "prepared_column",
        sa.Column("field_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["table_id"], ["database.table.id"], name=op.f("fk_prepared_column_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("field_id", name=op.f("pk_prepared_column")),
        schema="database",
    )
    op.create_index(
        op.f("ix_prepared_column_table_id"), "prepared_column", ["table_id"], unique=False, schema="database"
    )
