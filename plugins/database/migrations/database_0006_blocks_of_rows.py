"""The blocks of order values that changes of a table's number of rows are in."""

import sqlalchemy as sa
from alembic import op

revision = "database_0006"
down_revision = "database_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. What was noted before has no block: a periodic task counts these tables anew."""
    op.add_column("row_count", sa.Column("block", sa.BigInteger(), nullable=True), schema="database")
