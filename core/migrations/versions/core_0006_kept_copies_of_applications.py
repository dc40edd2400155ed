"""Applications can belong to something else than their workspace, such as a snapshot."""

import sqlalchemy as sa
from alembic import op

revision = "core_0006"
down_revision = "core_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("application", sa.Column("kept_by", sa.Text(), nullable=True), schema="core")
