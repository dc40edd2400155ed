"""Where roles count about what is in the trash."""

import sqlalchemy as sa
from alembic import op

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("trash", sa.Column("place_type", sa.Text(), nullable=True), schema="core")
    op.add_column("trash", sa.Column("place_id", sa.BigInteger(), nullable=True), schema="core")
