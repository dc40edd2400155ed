"""uploads of CSV files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "csv_import_0001"
down_revision = None
branch_labels = ("csv_import",)
depends_on = ("core_0001",)


def upgrade() -> None:
    """Apply."""
    op.execute("CREATE SCHEMA IF NOT EXISTS csv_import")
    op.create_table(
        "upload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("parts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("created_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        schema="csv_import",
    )
    op.create_index(op.f("ix_upload_user_id"), "upload", ["user_id"], unique=False, schema="csv_import")
    op.create_foreign_key(
        "fk_upload_user_id",
        "upload",
        "user",
        ["user_id"],
        ["id"],
        source_schema="csv_import",
        referent_schema="core",
        ondelete="CASCADE",
    )
