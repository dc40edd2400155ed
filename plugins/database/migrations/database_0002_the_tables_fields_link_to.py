"""The tables fields link to."""

import sqlalchemy as sa
from alembic import op

revision = "database_0002"
down_revision = "database_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    linked = sa.Computed("((options ->> 'link_row_table_id'))::bigint", persisted=True)
    op.add_column("field", sa.Column("linked_table_id", sa.BigInteger(), linked, nullable=True), schema="database")
    op.create_index(op.f("ix_field_linked_table_id"), "field", ["linked_table_id"], unique=False, schema="database")
