"""Texts are compared in all scripts: what is an upper case letter does not depend on the server's own locale."""

from alembic import op

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None

_COLLATION = """
    DO $body$ BEGIN
        IF current_setting('server_version_num')::int >= 170000 THEN
            CREATE COLLATION IF NOT EXISTS core.letters (provider = builtin, locale = 'C.UTF-8');
        ELSE
            CREATE COLLATION IF NOT EXISTS core.letters (provider = icu, locale = 'und');
        END IF;
    END $body$
"""
_SPECIAL = r"[][\\^$.|?*+(){}]"
_WORD = rf"""
    CREATE OR REPLACE FUNCTION core.has_word(value text, word text) RETURNS boolean
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
        SELECT $1 COLLATE core.letters ~* ('\m' || regexp_replace($2, '({_SPECIAL})', '\\\1', 'g') || '\M')
    $body$
"""
_REINDEX = """
    DO $body$ DECLARE
        found record;
    BEGIN
        FOR found IN SELECT DISTINCT objid::regclass AS index FROM pg_depend
            JOIN pg_index ON indexrelid = objid
            WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_proc'::regclass
                AND refobjid IN ('core.fold_text(text)'::regprocedure, 'core.sort_text(text)'::regprocedure)
        LOOP
            EXECUTE 'REINDEX INDEX ' || found.index;
        END LOOP;
    END $body$
"""


def upgrade() -> None:
    """Apply."""
    connection = op.get_bind()
    where = "SELECT quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace"
    schema = connection.exec_driver_sql(where + " WHERE extname = 'unaccent'").scalar_one()
    connection.exec_driver_sql(_COLLATION)
    functions = {
        "lower_text": "lower($1 COLLATE core.letters)",
        "fold_text": f"lower({schema}.unaccent('{schema}.unaccent', $1) COLLATE core.letters)",
    }
    for name, body in functions.items():
        connection.exec_driver_sql(
            f"CREATE OR REPLACE FUNCTION core.{name}(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
            f" AS $body$ SELECT {body} $body$"
        )
    connection.exec_driver_sql(_WORD.replace("%", "%%"))
    connection.exec_driver_sql(_REINDEX)
