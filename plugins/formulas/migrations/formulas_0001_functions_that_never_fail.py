"""functions that never fail"""

from __future__ import annotations

from alembic import op

revision = "formulas_0001"
down_revision = None
branch_labels = ("formulas",)
depends_on = ("core_0001", "database_0001")

_NUMBER = "'NaN'::numeric"
_SPAN = "make_interval(years => 10000)"
_SECONDS = "315360000000"

_EXPRESSIONS = [
    # Numbers keep at most 50 digits before the point and 20 after it, so that no chain of operations overflows.
    ("bounded", "numeric", "numeric", f"CASE WHEN abs($1) >= 1e50 THEN {_NUMBER} ELSE round($1, 20) END"),
    ("product", "numeric, numeric", "numeric", "formulas.bounded($1 * $2)"),
    (
        "quotient",
        "numeric, numeric",
        "numeric",
        f"CASE WHEN $2 = 0 THEN {_NUMBER} ELSE formulas.bounded($1 / $2) END",
    ),
    ("remainder", "numeric, numeric", "numeric", f"CASE WHEN $2 = 0 THEN {_NUMBER} ELSE $1 % $2 END"),
    (
        "round_to",
        "numeric, numeric",
        "numeric",
        "CASE WHEN $2 BETWEEN -50 AND 50 THEN round($1, trunc($2)::integer) ELSE $1 END",
    ),
    ("root", "numeric", "numeric", f"CASE WHEN $1 < 0 THEN {_NUMBER} ELSE sqrt($1) END"),
    (
        "exponential",
        "numeric",
        "numeric",
        f"CASE WHEN $1 > 115 THEN {_NUMBER} WHEN $1 < -50 THEN 0 ELSE round(exp($1), 20) END",
    ),
    ("logarithm", "numeric", "numeric", f"CASE WHEN $1 <= 0 THEN {_NUMBER} ELSE ln($1) END"),
    (
        "logarithm",
        "numeric, numeric",
        "numeric",
        f"CASE WHEN $1 <= 0 OR $2 <= 0 OR $2 = 1 THEN {_NUMBER} ELSE formulas.bounded(log($2, $1)) END",
    ),
    (
        "to_number",
        "text",
        "numeric",
        rf"""CASE WHEN $1 ~ '^\s*[+-]?(\d{{1,50}}(\.\d{{0,30}})?|\.\d{{1,30}})\s*$'
             THEN btrim($1, E' \t\r\n\f\v')::numeric ELSE {_NUMBER} END""",
    ),
    (
        "whole",
        "numeric",
        "integer",
        "CASE WHEN $1 BETWEEN -2000000000 AND 2000000000 THEN trunc($1)::integer "
        "WHEN $1 = 'NaN'::numeric THEN 0 WHEN $1 > 0 THEN 2000000000 ELSE -2000000000 END",
    ),
    # Dates stay within the years 1 to 9999, lengths of time within 10,000 years.
    ("span", "interval", "interval", f"CASE WHEN $1 BETWEEN -{_SPAN} AND {_SPAN} THEN $1 END"),
    (
        "seconds",
        "numeric",
        "interval",
        f"CASE WHEN $1 BETWEEN -{_SECONDS} AND {_SECONDS} THEN make_interval(secs => $1::double precision) END",
    ),
    (
        "scaled",
        "interval, numeric",
        "interval",
        f"CASE WHEN $2 BETWEEN -1e12 AND 1e12 AND abs(extract(epoch FROM $1) * $2) <= {_SECONDS} "
        "THEN formulas.span($1 * $2::double precision) END",
    ),
    (
        "moment_in_range",
        "timestamptz",
        "timestamptz",
        "CASE WHEN $1 >= '0001-01-02 00:00:00+00' AND $1 < '9999-12-31 00:00:00+00' THEN $1 END",
    ),
    (
        "moment_moved",
        "timestamptz, interval",
        "timestamptz",
        f"CASE WHEN $2 BETWEEN -{_SPAN} AND {_SPAN} "
        "THEN formulas.moment_in_range(timezone('UTC', timezone('UTC', $1) + $2)) END",
    ),
    (
        "day_in_range",
        "timestamp",
        "date",
        "CASE WHEN $1 >= '0001-01-01' AND $1 < '10000-01-01' THEN $1::date END",
    ),
    (
        "day_moved",
        "date, interval",
        "date",
        f"CASE WHEN $2 BETWEEN -{_SPAN} AND {_SPAN} THEN formulas.day_in_range($1 + $2) END",
    ),
    (
        "replaced",
        "text, text, text",
        "text",
        "CASE WHEN length($1)::bigint * greatest(length($3), 1) <= 20000000 THEN replace($1, $2, $3) ELSE $1 END",
    ),
    ("part", "text, text, integer", "text", "CASE WHEN $3 = 0 THEN '' ELSE split_part($1, $2, $3) END"),
    ("checked_url", "text", "text", r"CASE WHEN $1 ~* '^(https?|ftps?)\://[^\s/]\S*$' THEN $1 ELSE '' END"),
    ("text_or", "text, text", "text", "CASE WHEN btrim($1) <> '' THEN $1 ELSE $2 END"),
    ("link_text", "jsonb", "text", "coalesce($1->>'label', $1->>'url')"),
    ("items", "jsonb", "jsonb", "CASE WHEN jsonb_typeof($1) = 'array' THEN $1 ELSE '[]'::jsonb END"),
    (
        "files",
        "jsonb",
        "jsonb",
        "(SELECT coalesce(jsonb_agg(jsonb_build_object('id', n, 'value', item) ORDER BY n), '[]'::jsonb) "
        "FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY AS items(item, n))",
    ),
    (
        "ids_of",
        "jsonb",
        "bigint[]",
        "ARRAY(SELECT (item->>'id')::bigint FROM jsonb_array_elements(formulas.items($1)) "
        "WITH ORDINALITY AS items(item, n) ORDER BY n)",
    ),
    (
        "unique_items",
        "jsonb",
        "jsonb",
        "(SELECT coalesce(jsonb_agg(found.item ORDER BY found.n), '[]'::jsonb) FROM (SELECT DISTINCT ON (item->'value') "
        "item, n FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY AS items(item, n) "
        "ORDER BY item->'value', n) AS found)",
    ),
    (
        "sliced",
        "jsonb, integer, integer",
        "jsonb",
        "(SELECT coalesce(jsonb_agg(item ORDER BY n), '[]'::jsonb) FROM jsonb_array_elements(formulas.items($1)) "
        "WITH ORDINALITY AS items(item, n) WHERE n > $2 AND n <= $3)",
    ),
    (
        "list_text",
        "jsonb",
        "text",
        "(SELECT string_agg(coalesce(CASE jsonb_typeof(shown) WHEN 'object' THEN coalesce(shown->>'value', "
        "shown->>'visible_name', shown->>'name', shown->>'label', shown->>'url') WHEN 'array' THEN "
        "(SELECT string_agg(coalesce(inner_item->>'value', inner_item->>'name'), ', ') "
        "FROM jsonb_array_elements(shown) AS inner_items(inner_item)) ELSE shown #>> '{}' END, ''), ', ' ORDER BY n) "
        "FROM (SELECT n, CASE WHEN item ? 'value' THEN item->'value' ELSE item END AS shown "
        "FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY AS items(item, n)) AS listed)",
    ),
    (
        "difference",
        "text, timestamptz, timestamptz",
        "numeric",
        """CASE
            WHEN lower($1) IN ('year', 'yy', 'yyyy')
                THEN extract(year FROM timezone('UTC', $3)) - extract(year FROM timezone('UTC', $2))
            WHEN lower($1) IN ('quarter', 'qq', 'q')
                THEN 4 * (extract(year FROM timezone('UTC', $3)) - extract(year FROM timezone('UTC', $2)))
                    + extract(quarter FROM timezone('UTC', $3)) - extract(quarter FROM timezone('UTC', $2))
            WHEN lower($1) IN ('month', 'mm', 'm')
                THEN 12 * (extract(year FROM timezone('UTC', $3)) - extract(year FROM timezone('UTC', $2)))
                    + extract(month FROM timezone('UTC', $3)) - extract(month FROM timezone('UTC', $2))
            ELSE trunc(extract(epoch FROM $3 - $2) / CASE
                WHEN lower($1) IN ('week', 'wk', 'ww') THEN 604800
                WHEN lower($1) IN ('day', 'dd', 'd') THEN 86400
                WHEN lower($1) IN ('hour', 'hh') THEN 3600
                WHEN lower($1) IN ('minute', 'mi', 'n') THEN 60
                WHEN lower($1) IN ('second', 'ss', 's') THEN 1 END)
        END""",
    ),
    (
        "encoded",
        "text, text",
        "text",
        "(SELECT coalesce(string_agg(CASE WHEN strpos($2, letter) > 0 THEN letter ELSE "
        r"regexp_replace(encode(convert_to(letter, 'UTF8'), 'hex'), '(..)', '%\1', 'g') END, '' ORDER BY n), '') "
        "FROM regexp_split_to_table($1, '') WITH ORDINALITY AS letters(letter, n) WHERE letter <> '')",
    ),
    ("encoded_uri", "text", "text", "formulas.encoded($1, '{letters};,/?\\:@&=+$#-_.!~*''()')"),
    ("encoded_uri_component", "text", "text", "formulas.encoded($1, '{letters}-_.!~*''()')"),
    (
        "duration_text",
        "interval, text",
        "text",
        """(SELECT CASE WHEN total < 0 THEN '-' ELSE '' END || CASE $2
                WHEN 'h\\:mm' THEN lpad_hours || '\\:' || minutes
                WHEN 'd h' THEN days || 'd ' || day_hours || 'h'
                WHEN 'd h\\:mm' THEN days || 'd ' || day_hours || '\\:' || minutes
                WHEN 'd h\\:mm\\:ss' THEN days || 'd ' || day_hours || '\\:' || minutes || '\\:' || seconds
                WHEN 'd h mm' THEN days || 'd ' || day_hours || 'h ' || minutes || 'm'
                WHEN 'd h mm ss' THEN days || 'd ' || day_hours || 'h ' || minutes || 'm ' || seconds || 's'
                ELSE lpad_hours || '\\:' || minutes || '\\:' || seconds
                    || CASE WHEN strpos($2, '.') > 0
                        THEN substr(to_char(rest % 1, 'FM0.000'), 2, length($2) - strpos($2, '.') + 1) ELSE '' END
            END
            FROM (SELECT total, abs(total) AS rest,
                CASE WHEN abs(total) < 36000 THEN '0' ELSE '' END || trunc(abs(total) / 3600)\\:\\:text AS lpad_hours,
                trunc(abs(total) / 86400)\\:\\:text AS days,
                lpad((trunc(abs(total) / 3600)\\:\\:bigint % 24)\\:\\:text, 2, '0') AS day_hours,
                lpad((trunc(abs(total) / 60)\\:\\:bigint % 60)\\:\\:text, 2, '0') AS minutes,
                lpad((trunc(abs(total))\\:\\:bigint % 60)\\:\\:text, 2, '0') AS seconds
                FROM (SELECT extract(epoch FROM $1) AS total) AS whole) AS parts)""".replace("\\:\\:", "::"),
    ),
    (
        "sortable",
        "jsonb, text",
        "jsonb",
        "(SELECT jsonb_agg(CASE WHEN $2 = 'numeric' AND jsonb_typeof(item->'value') = 'string' AND "
        "item->>'value' <> 'NaN' THEN to_jsonb((item->>'value')::numeric) ELSE item->'value' END ORDER BY n) "
        "FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY AS items(item, n))",
    ),
]
"""Functions that are one expression; PostgreSQL puts most of them into the statement that uses them."""

_GUARDED = [
    (
        "power",
        "base numeric, exponent numeric",
        "numeric",
        """
        IF base = 0 THEN
            RETURN CASE WHEN exponent > 0 THEN 0 WHEN exponent = 0 THEN 1 ELSE 'NaN' END;
        END IF;
        IF ln(abs(base)) * exponent > 115 THEN RETURN 'NaN'; END IF;
        IF ln(abs(base)) * exponent < -50 THEN RETURN 0; END IF;
        RETURN formulas.bounded(power(base, exponent));
        """,
        "'NaN'",
    ),
    (
        "regex_replaced",
        "subject text, pattern text, replacement text",
        "text",
        "RETURN left(regexp_replace(subject, pattern, replacement, 'g'), 1000000);",
        "subject",
    ),
    (
        "parsed_day",
        "written text, pattern text",
        "date",
        "RETURN formulas.day_in_range(to_timestamp(written, pattern)::timestamp);",
        "NULL",
    ),
    (
        "parsed_moment",
        "written text, pattern text, zone text",
        "timestamptz",
        "RETURN formulas.moment_in_range(timezone(zone, to_timestamp(written, pattern)::timestamp));",
        "NULL",
    ),
    ("clock_in", "moment timestamptz, zone text", "timestamp", "RETURN timezone(zone, moment);", "NULL"),
    ("parsed_span", "written text", "interval", "RETURN formulas.span(written::interval);", "NULL"),
]
"""Functions that try, and answer something else where PostgreSQL would refuse."""

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def upgrade() -> None:
    op.execute("CREATE SCHEMA IF NOT EXISTS formulas")
    for name, arguments, result, body in _EXPRESSIONS:
        _execute(
            f"CREATE FUNCTION formulas.{name}({arguments}) RETURNS {result} "
            f"LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN {body.replace('{letters}', _LETTERS)}"
        )
    for name, arguments, result, body, otherwise in _GUARDED:
        _execute(
            f"CREATE FUNCTION formulas.{name}({arguments}) RETURNS {result} LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE "
            f"AS $body$ BEGIN {body} EXCEPTION WHEN OTHERS THEN RETURN {otherwise}; END $body$"
        )


def _execute(statement: str) -> None:
    op.get_bind().exec_driver_sql(statement.replace("\\:", ":").replace("%", "%%"))
