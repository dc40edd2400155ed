"""Search indexes: which there are, and the rows they have to catch up with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "database_0004"
down_revision = "database_0003"
branch_labels = None
depends_on = None

_NOTE = """
    CREATE FUNCTION database.search_note() RETURNS trigger LANGUAGE plpgsql
    AS $body$
    BEGIN
        INSERT INTO database.search_queue (table_id, row_id) SELECT TG_ARGV[0]::bigint, id FROM changed;
        RETURN NULL;
    END
    $body$
"""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "search_index",
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["table_id"], ["database.table.id"], name=op.f("fk_search_index_table_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("table_id", name=op.f("pk_search_index")),
        schema="database",
    )
    op.create_table(
        "search_queue",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_queue")),
        schema="database",
    )
    op.create_index("ix_search_queue_row", "search_queue", ["table_id", "row_id"], unique=False, schema="database")
    op.execute(_NOTE)
