"""Search indexes: which there are, the rows they have to catch up with, and the words of a text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "database_0004"
down_revision = "database_0003"
branch_labels = None
depends_on = None

# What stands between words: control characters, spaces, punctuation, and symbols up to U+00BF. All else is a letter or
# digit of some script. Ranges of code points are the same in every locale; a class such as [:alnum:] is not.
_BETWEEN = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f]+"
_LONGEST_WORD = 200  # characters; PostgreSQL takes 2046 bytes
_MOST_NOTED = 100_000

_FUNCTIONS = [
    f"""
    CREATE FUNCTION database.search_words(text) RETURNS SETOF text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $body$ SELECT DISTINCT w FROM regexp_split_to_table($1, '{_BETWEEN}') AS w WHERE w <> '' $body$
    """,
    f"""
    CREATE FUNCTION database.search_vector(text) RETURNS tsvector LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $body$
        SELECT array_to_tsvector(ARRAY(SELECT left(w, {_LONGEST_WORD}) FROM database.search_words($1) AS w))
    $body$
    """,
    f"""
    CREATE FUNCTION database.search_note() RETURNS trigger LANGUAGE plpgsql
    AS $body$
    BEGIN
        IF (SELECT count(*) FROM (SELECT 1 FROM changed LIMIT {_MOST_NOTED} + 1) AS noted) > {_MOST_NOTED} THEN
            INSERT INTO database.search_queue (table_id, row_id) VALUES (TG_ARGV[0]::bigint, NULL);
        ELSE
            INSERT INTO database.search_queue (table_id, row_id) SELECT TG_ARGV[0]::bigint, id FROM changed;
        END IF;
        RETURN NULL;
    END
    $body$
    """,
]


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "search_index",
        sa.Column("table_id", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("filenode", sa.BigInteger(), nullable=False),
        sa.Column("begun_on", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
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
        sa.Column("row_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_queue")),
        schema="database",
    )
    op.create_index("ix_search_queue_row", "search_queue", ["table_id", "row_id"], unique=False, schema="database")
    for function in _FUNCTIONS:
        op.get_bind().exec_driver_sql(function.replace("%", "%%"))
