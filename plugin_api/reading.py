"""Reading what people wrote: SQL that makes values of texts, for fields that change their type. Nothing here fails.

The functions are in the product's database; `FUNCTIONS` makes them elsewhere, such as in the tests of a plugin.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api.fields import SelectOption

_SPACE = r"[ \t\n\r\f\v]*"
_NUMBER = rf"^{_SPACE}[+-]?(\d{{1,100}}(\.\d{{0,100}})?|\.\d{{1,100}})([eE][+-]?\d{{1,2}})?{_SPACE}$"
_CLOCK = (
    r"(?:[Tt ] *(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d*)?)? *([AaPp][Mm])? *"
    r"(?:([Zz])|([+-])(\d{2}):?(\d{2})?)?)?"
)
_ISO = rf"^{_SPACE}(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_CLOCK}{_SPACE}$"
_WRITTEN = rf"^{_SPACE}(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}){_CLOCK}{_SPACE}$"
_DECIMAL = r"(\d{1,15}(?:\.\d{1,9})?)"
_DAYS = r"^(?:(\d{1,9}) *d *)?"

FUNCTIONS = (
    f"""
    CREATE OR REPLACE FUNCTION core.read_number(value text) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $body$ SELECT CASE WHEN value ~ '{_NUMBER}' THEN btrim(value, E' \\t\\n\\r\\f\\v')::numeric END $body$
    """,
    f"""
    CREATE OR REPLACE FUNCTION core.read_moment(value text, day_first boolean, zone text) RETURNS timestamptz
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
    DECLARE
        m text[] := regexp_match(value, '{_ISO}');
        y int; mo int; d int; h int; mi int; s int; clock timestamp; found timestamptz;
    BEGIN
        IF m IS NOT NULL THEN
            y := m[1]; mo := m[2]; d := m[3];
        ELSE
            m := regexp_match(value, '{_WRITTEN}');
            IF m IS NULL THEN RETURN NULL; END IF;
            y := m[3]; mo := m[1]; d := m[2];
            IF (day_first AND m[2]::int <= 12) OR mo > 12 THEN mo := m[2]; d := m[1]; END IF;
        END IF;
        h := coalesce(m[4], '0'); mi := coalesce(m[5], '0'); s := coalesce(m[6], '0');
        IF m[8] IS NOT NULL THEN
            IF h NOT BETWEEN 1 AND 12 THEN RETURN NULL; END IF;
            h := h % 12 + CASE WHEN lower(m[8]) = 'pm' THEN 12 ELSE 0 END;
        END IF;
        IF y < 1 OR mo NOT BETWEEN 1 AND 12 OR d NOT BETWEEN 1 AND 31 OR h > 23 OR mi > 59 OR s > 59 THEN
            RETURN NULL;
        END IF;
        clock := make_date(y, mo, 1) + (d - 1);
        IF extract(month FROM clock) <> mo THEN RETURN NULL; END IF;
        clock := clock + make_interval(0, 0, 0, 0, h, mi, s + ('0.' || coalesce(m[7], '0'))::float8);
        IF m[9] IS NULL AND m[10] IS NULL THEN
            found := timezone(zone, clock);
        ELSE
            found := timezone('UTC', clock - make_interval(0, 0, 0, 0, coalesce((m[10] || m[11])::int, 0),
                coalesce((m[10] || coalesce(m[12], '0'))::int, 0)));
        END IF;
        IF extract(year FROM timezone('UTC', found)) NOT BETWEEN 1 AND 9999 THEN RETURN NULL; END IF;
        RETURN found;
    END $body$
    """,
    f"""
    CREATE OR REPLACE FUNCTION core.read_duration(value text, hours_first boolean, unit numeric) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
    DECLARE
        written text := lower(btrim(value, E' \\t\\n\\r\\f\\v')); m text[]; seconds numeric; sign int := 1;
    BEGIN
        IF left(written, 1) = '-' THEN sign := -1; written := ltrim(substr(written, 2)); END IF;
        IF written ~ '^{_DECIMAL}$' THEN
            seconds := written;
        ELSIF written ~ ':' THEN
            m := coalesce(
                regexp_match(written, '{_DAYS}(\\d{{1,15}}):(\\d{{1,9}}):{_DECIMAL}$'),
                regexp_match(written, '{_DAYS}(\\d{{1,15}}):{_DECIMAL}$'));
            seconds := coalesce(m[1], '0')::numeric * 86400 + CASE
                WHEN m[4] IS NOT NULL THEN m[2]::numeric * 3600 + m[3]::numeric * 60 + m[4]::numeric
                WHEN hours_first OR (m[1] IS NOT NULL AND unit >= 60) THEN m[2]::numeric * 3600 + m[3]::numeric * 60
                ELSE m[2]::numeric * 60 + m[3]::numeric END;
        ELSIF written <> '' THEN
            m := regexp_match(written,
                '^(?:{_DECIMAL} *d)? *(?:{_DECIMAL} *h)? *(?:{_DECIMAL} *m)? *(?:{_DECIMAL} *s)?$');
            IF m IS NOT NULL THEN
                seconds := coalesce(m[1], '0')::numeric * 86400 + coalesce(m[2], '0')::numeric * 3600
                    + coalesce(m[3], '0')::numeric * 60 + coalesce(m[4], '0')::numeric;
            END IF;
        END IF;
        RETURN CASE WHEN seconds <= {999_999_999 * 86_400} THEN sign * seconds END;
    END $body$
    """,
    """
    CREATE OR REPLACE FUNCTION core.read_list(value text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $body$
        SELECT coalesce(array_agg(item ORDER BY n), '{}') FROM (
            SELECT btrim(coalesce(replace(m[1], '""', '"'), m[2]), E' \\t\\n\\r\\f\\v') AS item, n
            FROM regexp_matches(value, '\\s*(?:"((?:[^"]|"")*)"\\s*|([^,]*))(?:,|$)', 'g') WITH ORDINALITY AS x(m, n)
        ) items WHERE item <> ''
    $body$
    """,
    """
    CREATE OR REPLACE FUNCTION core.read_names(names text[], ids jsonb) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
        SELECT coalesce(array_agg(id ORDER BY n), '{}') FROM (
            SELECT coalesce(ids ->> ('=' || name), ids ->> ('~' || lower(name)))::bigint AS id, min(n) AS n
            FROM unnest(names) WITH ORDINALITY AS x(name, n) GROUP BY 1
        ) found WHERE id IS NOT NULL
    $body$
    """,
)


def number(text: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A numeric such as -1.5 or 1e3; NULL for anything else."""
    return sa.func.core.read_number(text, type_=sa.Numeric())


def moment(text: sa.ColumnElement[Any], day_first: bool, zone: str) -> sa.ColumnElement[Any]:
    """A timestamptz: ISO 8601, or day, month and year (in another order if there is no such day) with a time.

    A clock time without an offset is one of the time zone. NULL for anything else.
    """
    return sa.func.core.read_moment(text, day_first, zone, type_=sa.DateTime(timezone=True))


def duration(text: sa.ColumnElement[Any], hours_first: bool, unit: Any) -> sa.ColumnElement[Any]:
    """Seconds, a numeric, of texts such as 90, 1:30 or 2h 5m; NULL for anything else.

    hours_first: whether 1:30 is hours and minutes. unit: the smallest part that is shown, in seconds.
    """
    return sa.func.core.read_duration(text, hours_first, sa.literal(unit, sa.Numeric), type_=sa.Numeric())


def names(text: sa.ColumnElement[Any], ids: Mapping[str, int]) -> sa.ColumnElement[Any]:
    """The ids (bigint[], each once) of what a list separated by commas names; quotes keep commas together.

    Exact names go first, then those that differ in case. Unknown names are left out; NULL of NULL.
    """
    return _found(sa.func.core.read_list(text), ids)


def name(text: sa.ColumnElement[Any], ids: Mapping[str, int]) -> sa.ColumnElement[Any]:
    """The id (bigint) of what the whole text names; NULL when nothing is called so."""
    nothing = sa.cast(sa.literal("{}"), pg.ARRAY(sa.Text()))
    first: sa.ColumnElement[Any] = _found(sa.func.array_append(nothing, sa.func.trim(text)), ids)[1]
    return first


def _found(names: sa.ColumnElement[Any], ids: Mapping[str, int]) -> sa.ColumnElement[Any]:
    """For PostgreSQL, names are as they are behind a "=", and in lower case behind a "~"."""
    keyed: dict[str, int] = {}
    for called, found in ids.items():
        keyed.setdefault(f"={called.strip()}", found)
        keyed.setdefault(f"~{called.strip().lower()}", found)
    known = sa.cast(sa.literal(json.dumps(keyed)), pg.JSONB())
    return sa.func.core.read_names(names, known, type_=pg.ARRAY(sa.BigInteger()))


def option_names(options: Iterable[SelectOption]) -> dict[str, int]:
    """Select options by their names, the first of equal ones."""
    found: dict[str, int] = {}
    for option in options:
        found.setdefault(option.value, option.id)
    return found
