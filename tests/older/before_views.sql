SELECT pg_catalog.set_config('search_path', '', false);
CREATE SCHEMA core;
CREATE SCHEMA database;
CREATE SCHEMA database_tokens;
CREATE SCHEMA formulas;
CREATE SCHEMA user_files;
CREATE SCHEMA ws_1;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE FUNCTION core.fold_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$ SELECT lower(public.unaccent('public.unaccent', $1)) $_$;
CREATE FUNCTION core.read_duration(value text, hours_first boolean, unit numeric) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
    DECLARE
        written text := lower(btrim(value, E' \t\n\r\f\v')); m text[]; seconds numeric; sign int := 1;
    BEGIN
        IF left(written, 1) = '-' THEN sign := -1; written := ltrim(substr(written, 2)); END IF;
        IF written ~ '^(\d{1,15}(?:\.\d{1,9})?)$' THEN
            seconds := written;
        ELSIF written ~ ':' THEN
            m := coalesce(
                regexp_match(written, '^(?:(\d{1,9}) *d *)?(\d{1,15}):(\d{1,9}):(\d{1,15}(?:\.\d{1,9})?)$'),
                regexp_match(written, '^(?:(\d{1,9}) *d *)?(\d{1,15}):(\d{1,15}(?:\.\d{1,9})?)$'));
            seconds := coalesce(m[1], '0')::numeric * 86400 + CASE
                WHEN m[4] IS NOT NULL THEN m[2]::numeric * 3600 + m[3]::numeric * 60 + m[4]::numeric
                WHEN hours_first OR (m[1] IS NOT NULL AND unit >= 60) THEN m[2]::numeric * 3600 + m[3]::numeric * 60
                ELSE m[2]::numeric * 60 + m[3]::numeric END;
        ELSIF written <> '' THEN
            m := regexp_match(written,
                '^(?:(\d{1,15}(?:\.\d{1,9})?) *d)? *(?:(\d{1,15}(?:\.\d{1,9})?) *h)? *(?:(\d{1,15}(?:\.\d{1,9})?) *m)? *(?:(\d{1,15}(?:\.\d{1,9})?) *s)?$');
            IF m IS NOT NULL THEN
                seconds := coalesce(m[1], '0')::numeric * 86400 + coalesce(m[2], '0')::numeric * 3600
                    + coalesce(m[3], '0')::numeric * 60 + coalesce(m[4], '0')::numeric;
            END IF;
        END IF;
        RETURN CASE WHEN seconds <= 86399999913600 THEN sign * seconds END;
    END $_$;
CREATE FUNCTION core.read_list(value text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
        SELECT coalesce(array_agg(item ORDER BY n), '{}') FROM (
            SELECT btrim(coalesce(replace(m[1], '""', '"'), m[2]), E' \t\n\r\f\v') AS item, n
            FROM regexp_matches(value, '\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)', 'g') WITH ORDINALITY AS x(m, n)
        ) items WHERE item <> ''
    $_$;
CREATE FUNCTION core.read_moment(value text, day_first boolean, zone text) RETURNS timestamp with time zone
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
    DECLARE
        m text[] := regexp_match(value, '^[ \t\n\r\f\v]*(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ] *(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d*)?)? *([AaPp][Mm])? *(?:([Zz])|([+-])(\d{2}):?(\d{2})?)?)?[ \t\n\r\f\v]*$');
        y int; mo int; d int; h int; mi int; s int; clock timestamp; found timestamptz;
    BEGIN
        IF m IS NOT NULL THEN
            y := m[1]; mo := m[2]; d := m[3];
        ELSE
            m := regexp_match(value, '^[ \t\n\r\f\v]*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[Tt ] *(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,6})\d*)?)? *([AaPp][Mm])? *(?:([Zz])|([+-])(\d{2}):?(\d{2})?)?)?[ \t\n\r\f\v]*$');
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
    END $_$;
CREATE FUNCTION core.read_names(names text[], ids jsonb) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
        SELECT coalesce(array_agg(id ORDER BY n), '{}') FROM (
            SELECT coalesce(ids ->> ('=' || name), ids ->> ('~' || lower(name)))::bigint AS id, min(n) AS n
            FROM unnest(names) WITH ORDINALITY AS x(name, n) GROUP BY 1
        ) found WHERE id IS NOT NULL
    $$;
CREATE FUNCTION core.read_number(value text) RETURNS numeric
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$ SELECT CASE WHEN value ~ '^[ \t\n\r\f\v]*[+-]?(\d{1,100}(\.\d{0,100})?|\.\d{1,100})([eE][+-]?\d{1,2})?[ \t\n\r\f\v]*$' THEN btrim(value, E' \t\n\r\f\v')::numeric END $_$;
CREATE FUNCTION core.sort_case(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$ SELECT translate($1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ') $_$;
CREATE FUNCTION core.sort_text(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$ SELECT translate(core.fold_text($1), E' _-,;:!?.''"()[]{}@*/\\&#%`^+<=>|~$', E'	

 !') $_$;
CREATE FUNCTION database.search_note() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        INSERT INTO database.search_queue (table_id, row_id) SELECT TG_ARGV[0]::bigint, id FROM changed;
        RETURN NULL;
    END
    $$;
CREATE FUNCTION formulas.bounded(numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (abs($1) >= '100000000000000000000000000000000000000000000000000'::numeric) THEN 'NaN'::numeric ELSE round($1, 20) END;
CREATE FUNCTION formulas.checked_url(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($1 ~* '^(https?|ftps?)://[^\s/]\S*$'::text) THEN $1 ELSE ''::text END;
CREATE FUNCTION formulas.clock_in(moment timestamp with time zone, zone text) RETURNS timestamp without time zone
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$ BEGIN RETURN timezone(zone, moment); EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
CREATE FUNCTION formulas.day_in_range(timestamp without time zone) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($1 >= '0001-01-01 00:00:00'::timestamp without time zone) AND ($1 < '10000-01-01 00:00:00'::timestamp without time zone)) THEN ($1)::date ELSE NULL::date END;
CREATE FUNCTION formulas.day_moved(date, interval) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($2 >= (- make_interval(years => 10000))) AND ($2 <= make_interval(years => 10000))) THEN formulas.day_in_range(($1 + $2)) ELSE NULL::date END;
CREATE FUNCTION formulas.difference(text, timestamp with time zone, timestamp with time zone) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (lower($1) = ANY (ARRAY['year'::text, 'yy'::text, 'yyyy'::text])) THEN (EXTRACT(year FROM timezone('UTC'::text, $3)) - EXTRACT(year FROM timezone('UTC'::text, $2))) WHEN (lower($1) = ANY (ARRAY['quarter'::text, 'qq'::text, 'q'::text])) THEN ((((4)::numeric * (EXTRACT(year FROM timezone('UTC'::text, $3)) - EXTRACT(year FROM timezone('UTC'::text, $2)))) + EXTRACT(quarter FROM timezone('UTC'::text, $3))) - EXTRACT(quarter FROM timezone('UTC'::text, $2))) WHEN (lower($1) = ANY (ARRAY['month'::text, 'mm'::text, 'm'::text])) THEN ((((12)::numeric * (EXTRACT(year FROM timezone('UTC'::text, $3)) - EXTRACT(year FROM timezone('UTC'::text, $2)))) + EXTRACT(month FROM timezone('UTC'::text, $3))) - EXTRACT(month FROM timezone('UTC'::text, $2))) ELSE trunc((EXTRACT(epoch FROM ($3 - $2)) / (CASE WHEN (lower($1) = ANY (ARRAY['week'::text, 'wk'::text, 'ww'::text])) THEN 604800 WHEN (lower($1) = ANY (ARRAY['day'::text, 'dd'::text, 'd'::text])) THEN 86400 WHEN (lower($1) = ANY (ARRAY['hour'::text, 'hh'::text])) THEN 3600 WHEN (lower($1) = ANY (ARRAY['minute'::text, 'mi'::text, 'n'::text])) THEN 60 WHEN (lower($1) = ANY (ARRAY['second'::text, 'ss'::text, 's'::text])) THEN 1 ELSE NULL::integer END)::numeric)) END;
CREATE FUNCTION formulas.duration_text(interval, text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT (CASE WHEN (parts.total < (0)::numeric) THEN '-'::text ELSE ''::text END || CASE $2 WHEN 'h:mm'::text THEN ((parts.lpad_hours || ':'::text) || parts.minutes) WHEN 'd h'::text THEN (((parts.days || 'd '::text) || parts.day_hours) || 'h'::text) WHEN 'd h:mm'::text THEN ((((parts.days || 'd '::text) || parts.day_hours) || ':'::text) || parts.minutes) WHEN 'd h:mm:ss'::text THEN ((((((parts.days || 'd '::text) || parts.day_hours) || ':'::text) || parts.minutes) || ':'::text) || parts.seconds) WHEN 'd h mm'::text THEN (((((parts.days || 'd '::text) || parts.day_hours) || 'h '::text) || parts.minutes) || 'm'::text) WHEN 'd h mm ss'::text THEN (((((((parts.days || 'd '::text) || parts.day_hours) || 'h '::text) || parts.minutes) || 'm '::text) || parts.seconds) || 's'::text) ELSE (((((parts.lpad_hours || ':'::text) || parts.minutes) || ':'::text) || parts.seconds) || CASE WHEN (strpos($2, '.'::text) > 0) THEN substr(to_char((parts.rest % (1)::numeric), 'FM0.000'::text), 2, ((length($2) - strpos($2, '.'::text)) + 1)) ELSE ''::text END) END) FROM (SELECT whole.total, abs(whole.total) AS rest, (CASE WHEN (abs(whole.total) < (36000)::numeric) THEN '0'::text ELSE ''::text END || (trunc((abs(whole.total) / (3600)::numeric)))::text) AS lpad_hours, (trunc((abs(whole.total) / (86400)::numeric)))::text AS days, lpad((((trunc((abs(whole.total) / (3600)::numeric)))::bigint % (24)::bigint))::text, 2, '0'::text) AS day_hours, lpad((((trunc((abs(whole.total) / (60)::numeric)))::bigint % (60)::bigint))::text, 2, '0'::text) AS minutes, lpad((((trunc(abs(whole.total)))::bigint % (60)::bigint))::text, 2, '0'::text) AS seconds FROM (SELECT EXTRACT(epoch FROM $1) AS total) whole) parts);
CREATE FUNCTION formulas.encoded(text, text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT COALESCE(string_agg(CASE WHEN (strpos($2, letters.letter) > 0) THEN letters.letter ELSE regexp_replace(encode(convert_to(letters.letter, 'UTF8'::name), 'hex'::text), '(..)'::text, '%\1'::text, 'g'::text) END, ''::text ORDER BY letters.n), ''::text) AS "coalesce" FROM regexp_split_to_table($1, ''::text) WITH ORDINALITY letters(letter, n) WHERE (letters.letter <> ''::text));
CREATE FUNCTION formulas.encoded_uri(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN formulas.encoded($1, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789;,/?:@&=+$#-_.!~*''()'::text);
CREATE FUNCTION formulas.encoded_uri_component(text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN formulas.encoded($1, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*''()'::text);
CREATE FUNCTION formulas.exponential(numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($1 > (115)::numeric) THEN 'NaN'::numeric WHEN ($1 < ('-50'::integer)::numeric) THEN (0)::numeric ELSE round(exp($1), 20) END;
CREATE FUNCTION formulas.items(jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (jsonb_typeof($1) = 'array'::text) THEN $1 ELSE '[]'::jsonb END;
CREATE FUNCTION formulas.files(jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', items.n, 'value', items.item) ORDER BY items.n), '[]'::jsonb) AS "coalesce" FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY items(item, n));
CREATE FUNCTION formulas.ids_of(jsonb) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ARRAY(SELECT ((items.item ->> 'id'::text))::bigint AS int8 FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY items(item, n) ORDER BY items.n);
CREATE FUNCTION formulas.link_text(jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN COALESCE(($1 ->> 'label'::text), ($1 ->> 'url'::text));
CREATE FUNCTION formulas.list_text(jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT string_agg(COALESCE(CASE jsonb_typeof(listed.shown) WHEN 'object'::text THEN COALESCE((listed.shown ->> 'value'::text), (listed.shown ->> 'visible_name'::text), (listed.shown ->> 'name'::text), (listed.shown ->> 'label'::text), (listed.shown ->> 'url'::text)) WHEN 'array'::text THEN (SELECT string_agg(COALESCE((inner_items.inner_item ->> 'value'::text), (inner_items.inner_item ->> 'name'::text)), ', '::text) AS string_agg FROM jsonb_array_elements(listed.shown) inner_items(inner_item)) ELSE (listed.shown #>> '{}'::text[]) END, ''::text), ', '::text ORDER BY listed.n) AS string_agg FROM (SELECT items.n, CASE WHEN (items.item ? 'value'::text) THEN (items.item -> 'value'::text) ELSE items.item END AS shown FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY items(item, n)) listed);
CREATE FUNCTION formulas.logarithm(numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($1 <= (0)::numeric) THEN 'NaN'::numeric ELSE ln($1) END;
CREATE FUNCTION formulas.logarithm(numeric, numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($1 <= (0)::numeric) OR ($2 <= (0)::numeric) OR ($2 = (1)::numeric)) THEN 'NaN'::numeric ELSE formulas.bounded(log($2, $1)) END;
CREATE FUNCTION formulas.moment_in_range(timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($1 >= '0001-01-02 00:00:00+00'::timestamp with time zone) AND ($1 < '9999-12-31 00:00:00+00'::timestamp with time zone)) THEN $1 ELSE NULL::timestamp with time zone END;
CREATE FUNCTION formulas.moment_moved(timestamp with time zone, interval) RETURNS timestamp with time zone
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($2 >= (- make_interval(years => 10000))) AND ($2 <= make_interval(years => 10000))) THEN formulas.moment_in_range(timezone('UTC'::text, (timezone('UTC'::text, $1) + $2))) ELSE NULL::timestamp with time zone END;
CREATE FUNCTION formulas.parsed_day(written text, pattern text) RETURNS date
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$ BEGIN RETURN formulas.day_in_range(to_timestamp(written, pattern)::timestamp); EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
CREATE FUNCTION formulas.parsed_moment(written text, pattern text, zone text) RETURNS timestamp with time zone
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$ BEGIN RETURN formulas.moment_in_range(timezone(zone, to_timestamp(written, pattern)::timestamp)); EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
CREATE FUNCTION formulas.parsed_span(written text) RETURNS interval
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$ BEGIN RETURN formulas.span(written::interval); EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$;
CREATE FUNCTION formulas.part(text, text, integer) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($3 = 0) THEN ''::text ELSE split_part($1, $2, $3) END;
CREATE FUNCTION formulas.power(base numeric, exponent numeric) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$ BEGIN 
        IF base = 0 THEN
            RETURN CASE WHEN exponent > 0 THEN 0 WHEN exponent = 0 THEN 1 ELSE 'NaN' END;
        END IF;
        IF ln(abs(base)) * exponent > 115 THEN RETURN 'NaN'; END IF;
        IF ln(abs(base)) * exponent < -50 THEN RETURN 0; END IF;
        RETURN formulas.bounded(power(base, exponent));
         EXCEPTION WHEN OTHERS THEN RETURN 'NaN'; END $$;
CREATE FUNCTION formulas.product(numeric, numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN formulas.bounded(($1 * $2));
CREATE FUNCTION formulas.quotient(numeric, numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($2 = (0)::numeric) THEN 'NaN'::numeric ELSE formulas.bounded(($1 / $2)) END;
CREATE FUNCTION formulas.regex_replaced(subject text, pattern text, replacement text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$ BEGIN RETURN left(regexp_replace(subject, pattern, replacement, 'g'), 1000000); EXCEPTION WHEN OTHERS THEN RETURN subject; END $$;
CREATE FUNCTION formulas.remainder(numeric, numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($2 = (0)::numeric) THEN 'NaN'::numeric ELSE ($1 % $2) END;
CREATE FUNCTION formulas.replaced(text, text, text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (((length($1))::bigint * GREATEST(length($3), 1)) <= 20000000) THEN replace($1, $2, $3) ELSE $1 END;
CREATE FUNCTION formulas.root(numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($1 < (0)::numeric) THEN 'NaN'::numeric ELSE sqrt($1) END;
CREATE FUNCTION formulas.round_to(numeric, numeric) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($2 >= ('-50'::integer)::numeric) AND ($2 <= (50)::numeric)) THEN round($1, (trunc($2))::integer) ELSE $1 END;
CREATE FUNCTION formulas.span(interval) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($1 >= (- make_interval(years => 10000))) AND ($1 <= make_interval(years => 10000))) THEN $1 ELSE NULL::interval END;
CREATE FUNCTION formulas.scaled(interval, numeric) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((($2 >= '-1000000000000'::numeric) AND ($2 <= '1000000000000'::numeric)) AND (abs((EXTRACT(epoch FROM $1) * $2)) <= ('315360000000'::bigint)::numeric)) THEN formulas.span(($1 * ($2)::double precision)) ELSE NULL::interval END;
CREATE FUNCTION formulas.seconds(numeric) RETURNS interval
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($1 >= ('-315360000000'::bigint)::numeric) AND ($1 <= ('315360000000'::bigint)::numeric)) THEN make_interval(secs => ($1)::double precision) ELSE NULL::interval END;
CREATE FUNCTION formulas.sliced(jsonb, integer, integer) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT COALESCE(jsonb_agg(items.item ORDER BY items.n), '[]'::jsonb) AS "coalesce" FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY items(item, n) WHERE ((items.n > $2) AND (items.n <= $3)));
CREATE FUNCTION formulas.sortable(jsonb, text) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT jsonb_agg(CASE WHEN (($2 = 'numeric'::text) AND (jsonb_typeof((items.item -> 'value'::text)) = 'string'::text) AND ((items.item ->> 'value'::text) <> 'NaN'::text)) THEN to_jsonb(((items.item ->> 'value'::text))::numeric) ELSE (items.item -> 'value'::text) END ORDER BY items.n) AS jsonb_agg FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY items(item, n));
CREATE FUNCTION formulas.text_or(text, text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (btrim($1) <> ''::text) THEN $1 ELSE $2 END;
CREATE FUNCTION formulas.to_number(text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ($1 ~ '^\s*[+-]?(\d{1,50}(\.\d{0,30})?|\.\d{1,30})\s*$'::text) THEN (btrim($1, ' 	
'::text))::numeric ELSE 'NaN'::numeric END;
CREATE FUNCTION formulas.unique_items(jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT COALESCE(jsonb_agg(found.item ORDER BY found.n), '[]'::jsonb) AS "coalesce" FROM (SELECT DISTINCT ON ((items.item -> 'value'::text)) items.item, items.n FROM jsonb_array_elements(formulas.items($1)) WITH ORDINALITY items(item, n) ORDER BY (items.item -> 'value'::text), items.n) found);
CREATE FUNCTION formulas.whole(numeric) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (($1 >= ('-2000000000'::integer)::numeric) AND ($1 <= (2000000000)::numeric)) THEN (trunc($1))::integer WHEN ($1 = 'NaN'::numeric) THEN 0 WHEN ($1 > (0)::numeric) THEN 2000000000 ELSE '-2000000000'::integer END;
CREATE TABLE core.action (
    id bigint NOT NULL,
    user_id bigint,
    session_id text,
    group_id text,
    type text NOT NULL,
    scope text NOT NULL,
    workspace_id bigint,
    params jsonb NOT NULL,
    ip_address text,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    undone_on timestamp with time zone,
    error text
);
ALTER TABLE core.action ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.action_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.application (
    id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    type text NOT NULL,
    name text NOT NULL,
    "order" bigint DEFAULT '1'::bigint NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    trashed_on timestamp with time zone
);
ALTER TABLE core.application ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.application_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.instance_settings (
    id bigint NOT NULL,
    instance_id text NOT NULL,
    "values" jsonb DEFAULT '{}'::jsonb NOT NULL
);
CREATE TABLE core.invitation (
    id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    invited_by_id bigint NOT NULL,
    email text NOT NULL,
    permissions text NOT NULL,
    message text DEFAULT ''::text NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE core.invitation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.invitation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.job (
    id bigint NOT NULL,
    type text NOT NULL,
    user_id bigint,
    state text DEFAULT 'pending'::text NOT NULL,
    progress_percentage numeric(5,2) DEFAULT '0'::numeric NOT NULL,
    human_readable_error text DEFAULT ''::text NOT NULL,
    error text DEFAULT ''::text NOT NULL,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    result jsonb DEFAULT '{}'::jsonb NOT NULL,
    context jsonb DEFAULT '{}'::jsonb NOT NULL,
    attempts bigint DEFAULT '0'::bigint NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE core.job ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.membership (
    id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    user_id bigint NOT NULL,
    permissions text DEFAULT 'MEMBER'::text NOT NULL,
    "order" bigint DEFAULT '0'::bigint NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE core.membership ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.membership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.migration (
    version_num character varying(32) NOT NULL
);
CREATE TABLE core.outbox (
    id bigint NOT NULL,
    type text NOT NULL,
    workspace_id bigint,
    user_id bigint,
    websocket_id text,
    payload jsonb NOT NULL,
    attempts bigint DEFAULT '0'::bigint NOT NULL,
    handler text,
    due_on timestamp with time zone DEFAULT now() NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE core.outbox ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.plugin_state (
    name text NOT NULL,
    enabled boolean NOT NULL,
    changed_on timestamp with time zone DEFAULT now() NOT NULL
);
CREATE TABLE core.revoked_token (
    digest text NOT NULL,
    expires_on timestamp with time zone NOT NULL
);
CREATE TABLE core.trash (
    id bigint NOT NULL,
    type text NOT NULL,
    item_id bigint NOT NULL,
    parent_id bigint,
    workspace_id bigint NOT NULL,
    application_id bigint,
    user_id bigint,
    name text NOT NULL,
    names jsonb,
    parent_name text,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    trashed_on timestamp with time zone DEFAULT now() NOT NULL,
    emptied boolean DEFAULT false NOT NULL
);
ALTER TABLE core.trash ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.trash_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core."user" (
    id bigint NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    password text DEFAULT ''::text NOT NULL,
    is_staff boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    language text DEFAULT 'en'::text NOT NULL,
    email_notification_frequency text DEFAULT 'instant'::text NOT NULL,
    email_verified boolean DEFAULT false NOT NULL,
    completed_onboarding boolean DEFAULT false NOT NULL,
    completed_guided_tours jsonb DEFAULT '[]'::jsonb NOT NULL,
    to_be_deleted boolean DEFAULT false NOT NULL,
    delete_requested_on timestamp with time zone,
    auth_version bigint DEFAULT '1'::bigint NOT NULL,
    refresh_version bigint DEFAULT '1'::bigint NOT NULL,
    date_joined timestamp with time zone DEFAULT now() NOT NULL,
    last_login timestamp with time zone
);
ALTER TABLE core."user" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE core.workspace (
    id bigint NOT NULL,
    name text NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    trashed_on timestamp with time zone,
    generative_ai_models_settings jsonb DEFAULT '{}'::jsonb NOT NULL
);
ALTER TABLE core.workspace ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.workspace_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database.field (
    id bigint NOT NULL,
    table_id bigint NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    "order" bigint NOT NULL,
    "primary" boolean DEFAULT false NOT NULL,
    description text,
    read_only boolean DEFAULT false NOT NULL,
    immutable_type boolean DEFAULT false NOT NULL,
    immutable_properties boolean DEFAULT false NOT NULL,
    db_index boolean DEFAULT false NOT NULL,
    field_constraints jsonb DEFAULT '[]'::jsonb NOT NULL,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    trashed_on timestamp with time zone,
    linked_table_id bigint GENERATED ALWAYS AS (((options ->> 'link_row_table_id'::text))::bigint) STORED
);
CREATE TABLE database.field_backup (
    id bigint NOT NULL,
    field_id bigint NOT NULL,
    table_id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    previous jsonb NOT NULL,
    has_values boolean NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE database.field_backup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database.field_backup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE database.field ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database.field_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database.recalculation (
    id bigint NOT NULL,
    table_id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    field_ids jsonb NOT NULL,
    touched_on timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE database.recalculation ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database.recalculation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database.row_count (
    id bigint NOT NULL,
    table_id bigint NOT NULL,
    change bigint NOT NULL
);
ALTER TABLE database.row_count ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database.row_count_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database.row_history (
    id bigint NOT NULL,
    table_id bigint NOT NULL,
    row_id bigint NOT NULL,
    user_id bigint,
    user_name text NOT NULL,
    action_type text NOT NULL,
    action_command_type text DEFAULT 'DO'::text NOT NULL,
    action_timestamp timestamp with time zone DEFAULT now() NOT NULL,
    before_values jsonb NOT NULL,
    after_values jsonb NOT NULL,
    fields_metadata jsonb NOT NULL
);
ALTER TABLE database.row_history ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database.row_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database.search_index (
    table_id bigint NOT NULL,
    state text NOT NULL,
    mark text NOT NULL
);
CREATE TABLE database.search_queue (
    id bigint NOT NULL,
    table_id bigint NOT NULL,
    row_id bigint NOT NULL
);
ALTER TABLE database.search_queue ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database.search_queue_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database.select_option (
    id bigint NOT NULL,
    field_id bigint NOT NULL,
    value text NOT NULL,
    color text NOT NULL,
    "order" bigint NOT NULL
);
ALTER TABLE database.select_option ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database.select_option_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database."table" (
    id bigint NOT NULL,
    application_id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    name text NOT NULL,
    "order" bigint NOT NULL,
    version bigint DEFAULT '1'::bigint NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    trashed_on timestamp with time zone
);
ALTER TABLE database."table" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database.table_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database_tokens."right" (
    id bigint NOT NULL,
    token_id bigint NOT NULL,
    operation text NOT NULL,
    database_id bigint,
    table_id bigint
);
ALTER TABLE database_tokens."right" ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database_tokens.right_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE database_tokens.token (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    workspace_id bigint NOT NULL,
    name text NOT NULL,
    key text NOT NULL,
    key_digest text NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE database_tokens.token ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME database_tokens.token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE user_files.file (
    id bigint NOT NULL,
    name text NOT NULL,
    original_name text NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    mime_type text NOT NULL,
    served_type text NOT NULL,
    is_image boolean NOT NULL,
    image_width bigint,
    image_height bigint,
    uploaded_at timestamp with time zone DEFAULT now() NOT NULL,
    uploaded_by bigint
);
ALTER TABLE user_files.file ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME user_files.file_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE ws_1.table_1 (
    id bigint NOT NULL,
    "order" numeric(40,20) NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    created_by bigint,
    last_modified_by bigint,
    trashed_on timestamp with time zone,
    field_1 text,
    field_2 text,
    field_3 numeric(52,2),
    field_4 boolean DEFAULT false NOT NULL,
    field_5 timestamp with time zone,
    field_6 text DEFAULT ''::text NOT NULL,
    field_7 text DEFAULT ''::text NOT NULL,
    field_8 text DEFAULT ''::text NOT NULL,
    field_9 smallint DEFAULT 0 NOT NULL,
    field_10 bigint,
    field_11 bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    field_12 bigint,
    field_13 uuid DEFAULT gen_random_uuid() NOT NULL,
    field_23 text
);
CREATE SEQUENCE ws_1.field_12_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE ws_1.field_12_seq OWNED BY ws_1.table_1.field_12;
CREATE TABLE ws_1.link_17 (
    left_id bigint NOT NULL,
    right_id bigint NOT NULL
);
ALTER TABLE ws_1.table_1 ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME ws_1.table_1_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE ws_1.table_2 (
    id bigint NOT NULL,
    "order" numeric(40,20) NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    created_by bigint,
    last_modified_by bigint,
    trashed_on timestamp with time zone,
    field_16 text,
    field_19 jsonb,
    field_20 numeric,
    field_21 numeric,
    field_22 text
);
ALTER TABLE ws_1.table_2 ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME ws_1.table_2_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE ws_1.table_3 (
    id bigint NOT NULL,
    "order" numeric(40,20) NOT NULL,
    created_on timestamp with time zone DEFAULT now() NOT NULL,
    updated_on timestamp with time zone DEFAULT now() NOT NULL,
    created_by bigint,
    last_modified_by bigint,
    trashed_on timestamp with time zone,
    field_24 text,
    field_25 text,
    field_26 boolean DEFAULT false NOT NULL
);
ALTER TABLE ws_1.table_3 ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME ws_1.table_3_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY ws_1.table_1 ALTER COLUMN field_12 SET DEFAULT nextval('ws_1.field_12_seq'::regclass);
INSERT INTO core.action VALUES
	(1, 1, NULL, NULL, 'create_user', 'root', NULL, '{"email": "ann@example.com"}', '127.0.0.1', '2026-11-28 06:58:26.93289+00', NULL, NULL),
	(2, 2, NULL, NULL, 'create_user', 'root', NULL, '{"email": "bob@example.com"}', '127.0.0.1', '2026-11-28 06:58:27.220737+00', NULL, NULL),
	(3, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_group', 'root', 1, '{"workspace_id": 1, "workspace_name": "Shop"}', '127.0.0.1', '2026-11-28 06:58:27.397757+00', NULL, NULL),
	(4, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_application', 'workspace1', 1, '{"type": "database", "with_data": false, "application_id": 1, "application_name": "Stock"}', '127.0.0.1', '2026-11-28 06:58:27.469837+00', NULL, NULL),
	(5, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_table', 'application1', 1, '{"table_id": 1, "table_name": "Products", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:27.586707+00', NULL, NULL),
	(6, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 2, "table_id": 1, "field_name": "Notes", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:27.678557+00', NULL, NULL),
	(7, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 3, "table_id": 1, "field_name": "Price", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:27.78323+00', NULL, NULL),
	(8, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 4, "table_id": 1, "field_name": "In stock", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:27.851121+00', NULL, NULL),
	(9, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 5, "table_id": 1, "field_name": "Added", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:27.914141+00', NULL, NULL),
	(10, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 6, "table_id": 1, "field_name": "Mail", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:27.97312+00', NULL, NULL),
	(11, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 7, "table_id": 1, "field_name": "Site", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.032003+00', NULL, NULL),
	(12, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 8, "table_id": 1, "field_name": "Phone", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.081422+00', NULL, NULL),
	(13, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 9, "table_id": 1, "field_name": "Stars", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.135709+00', NULL, NULL),
	(14, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 10, "table_id": 1, "field_name": "Kind", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.196364+00', NULL, NULL),
	(15, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 11, "table_id": 1, "field_name": "Tags", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.299686+00', NULL, NULL),
	(16, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 12, "table_id": 1, "field_name": "Number", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.37279+00', NULL, NULL),
	(17, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 13, "table_id": 1, "field_name": "Id", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.467831+00', NULL, NULL),
	(18, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 14, "table_id": 1, "field_name": "Made", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.546578+00', NULL, NULL),
	(19, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 15, "table_id": 1, "field_name": "Changed", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:28.621774+00', NULL, NULL),
	(20, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_rows', 'table1', 1, '{"row_id": 2, "values": [{"field_1": "Product 00", "field_2": "", "field_3": "0.50", "field_4": true, "field_5": "2026-05-01T12:00:00+00:00", "field_6": "p0@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": 1, "field_11": []}, {"field_1": "Product 01", "field_2": "a note\nof two lines", "field_3": "1.50", "field_4": false, "field_5": "2026-05-02T12:00:00+00:00", "field_6": "p1@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": 2, "field_11": [3]}, {"field_1": "Product 02", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "2.50", "field_4": true, "field_5": "2026-05-03T12:00:00+00:00", "field_6": "p2@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [3, 4]}, {"field_1": "Product 03", "field_2": "", "field_3": "3.50", "field_4": false, "field_5": "2026-05-04T12:00:00+00:00", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": 1, "field_11": []}, {"field_1": "Product 04", "field_2": "a note\nof two lines", "field_3": "4.50", "field_4": true, "field_5": "2026-05-05T12:00:00+00:00", "field_6": "p4@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": 2, "field_11": [3]}, {"field_1": "Product 05", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "5.50", "field_4": false, "field_5": "2026-05-06T12:00:00+00:00", "field_6": "p5@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [3, 4]}, {"field_1": "Product 06", "field_2": "", "field_3": "6.50", "field_4": true, "field_5": "2026-05-07T12:00:00+00:00", "field_6": "p6@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": 1, "field_11": []}, {"field_1": "Product 07", "field_2": "a note\nof two lines", "field_3": "7.50", "field_4": false, "field_5": "2026-05-08T12:00:00+00:00", "field_6": "p7@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": 2, "field_11": [3]}, {"field_1": "Product 08", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "8.50", "field_4": true, "field_5": "2026-05-09T12:00:00+00:00", "field_6": "p8@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [3, 4]}, {"field_1": "Product 09", "field_2": "", "field_3": "9.50", "field_4": false, "field_5": "2026-05-10T12:00:00+00:00", "field_6": "p9@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": 1, "field_11": []}, {"field_1": "Product 10", "field_2": "a note\nof two lines", "field_3": "10.50", "field_4": true, "field_5": "2026-05-11T12:00:00+00:00", "field_6": "p10@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": 2, "field_11": [3]}, {"field_1": "Product 11", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "11.50", "field_4": false, "field_5": "2026-05-12T12:00:00+00:00", "field_6": "p11@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [3, 4]}, {"field_1": "Product 12", "field_2": "", "field_3": "12.50", "field_4": true, "field_5": "2026-05-13T12:00:00+00:00", "field_6": "p12@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": 1, "field_11": []}, {"field_1": "Product 13", "field_2": "a note\nof two lines", "field_3": "13.50", "field_4": false, "field_5": "2026-05-14T12:00:00+00:00", "field_6": "p13@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": 2, "field_11": [3]}, {"field_1": "Product 14", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "14.50", "field_4": true, "field_5": "2026-05-15T12:00:00+00:00", "field_6": "p14@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [3, 4]}, {"field_1": "Product 15", "field_2": "", "field_3": "15.50", "field_4": false, "field_5": "2026-05-16T12:00:00+00:00", "field_6": "p15@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": 1, "field_11": []}, {"field_1": "Product 16", "field_2": "a note\nof two lines", "field_3": "16.50", "field_4": true, "field_5": "2026-05-17T12:00:00+00:00", "field_6": "p16@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": 2, "field_11": [3]}, {"field_1": "Product 17", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "17.50", "field_4": false, "field_5": "2026-05-18T12:00:00+00:00", "field_6": "p17@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [3, 4]}, {"field_1": "Product 18", "field_2": "", "field_3": "18.50", "field_4": true, "field_5": "2026-05-19T12:00:00+00:00", "field_6": "p18@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": 1, "field_11": []}, {"field_1": "Product 19", "field_2": "a note\nof two lines", "field_3": "19.50", "field_4": false, "field_5": "2026-05-20T12:00:00+00:00", "field_6": "p19@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": 2, "field_11": [3]}, {"field_1": "Product 20", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "20.50", "field_4": true, "field_5": "2026-05-21T12:00:00+00:00", "field_6": "p20@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [3, 4]}, {"field_1": "Product 21", "field_2": "", "field_3": "21.50", "field_4": false, "field_5": "2026-05-22T12:00:00+00:00", "field_6": "p21@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": 1, "field_11": []}, {"field_1": "Product 22", "field_2": "a note\nof two lines", "field_3": "22.50", "field_4": true, "field_5": "2026-05-23T12:00:00+00:00", "field_6": "p22@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": 2, "field_11": [3]}, {"field_1": "Product 23", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "23.50", "field_4": false, "field_5": "2026-05-24T12:00:00+00:00", "field_6": "p23@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [3, 4]}, {"field_1": "Product 24", "field_2": "", "field_3": "24.50", "field_4": true, "field_5": "2026-05-25T12:00:00+00:00", "field_6": "p24@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": 1, "field_11": []}], "row_ids": [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26], "table_id": 1, "before_id": null, "table_name": "Products", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:28.68444+00', NULL, NULL),
	(21, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'update_rows', 'table1', 1, '{"types": {"field_1": "text", "field_3": "number"}, "row_id": 5, "stored": [{"id": 5, "after": {"field_1": "Pear", "field_3": -1.25}, "before": {"field_1": "Product 03", "field_3": 3.5}}], "changes": [{"id": 5, "after": {"field_1": "Pear", "field_3": "-1.25"}, "before": {"field_1": "Product 03", "field_3": "3.50"}}], "row_ids": [5], "table_id": 1, "table_name": "Products", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:28.741558+00', NULL, NULL),
	(22, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_db_token', 'workspace1', 1, '{"token_id": 1, "token_name": "Till"}', '127.0.0.1', '2026-11-28 06:58:28.760749+00', NULL, NULL),
	(23, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_table', 'application1', 1, '{"table_id": 2, "table_name": "Orders", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:28.868307+00', NULL, NULL),
	(24, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table2', 1, '{"field_id": 17, "table_id": 2, "field_name": "Products", "table_name": "Orders"}', '127.0.0.1', '2026-11-28 06:58:28.944549+00', NULL, NULL),
	(25, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table2', 1, '{"field_id": 19, "table_id": 2, "field_name": "Prices", "table_name": "Orders"}', '127.0.0.1', '2026-11-28 06:58:28.998253+00', NULL, NULL),
	(26, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table2', 1, '{"field_id": 20, "table_id": 2, "field_name": "Sum", "table_name": "Orders"}', '127.0.0.1', '2026-11-28 06:58:29.090105+00', NULL, NULL),
	(27, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table2', 1, '{"field_id": 21, "table_id": 2, "field_name": "Count", "table_name": "Orders"}', '127.0.0.1', '2026-11-28 06:58:29.144979+00', NULL, NULL),
	(28, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table2', 1, '{"field_id": 22, "table_id": 2, "field_name": "Label", "table_name": "Orders"}', '127.0.0.1', '2026-11-28 06:58:29.237803+00', NULL, NULL),
	(29, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'update_rows', 'table2', 1, '{"types": {"field_17": "link_row"}, "row_id": 1, "stored": [{"id": 1, "after": {"field_17": [5, 6]}, "before": {"field_17": []}}], "changes": [{"id": 1, "after": {"field_17": [{"id": 5, "order": "5.00000000000000000000", "value": "Pear"}, {"id": 6, "order": "6.00000000000000000000", "value": "Product 04"}]}, "before": {"field_17": []}}], "row_ids": [1], "table_id": 2, "table_name": "Orders", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:29.386496+00', NULL, NULL),
	(30, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'update_rows', 'table2', 1, '{"types": {"field_17": "link_row"}, "row_id": 2, "stored": [{"id": 2, "after": {"field_17": [5, 7]}, "before": {"field_17": []}}], "changes": [{"id": 2, "after": {"field_17": [{"id": 5, "order": "5.00000000000000000000", "value": "Pear"}, {"id": 7, "order": "7.00000000000000000000", "value": "Product 05"}]}, "before": {"field_17": []}}], "row_ids": [2], "table_id": 2, "table_name": "Orders", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:29.497754+00', NULL, NULL),
	(31, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_field', 'table1', 1, '{"field_id": 23, "table_id": 1, "field_name": "Gone", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:29.538649+00', NULL, NULL),
	(32, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'update_rows', 'table1', 1, '{"types": {"field_23": "text"}, "row_id": 5, "stored": [{"id": 5, "after": {"field_23": "kept"}, "before": {"field_23": null}}], "changes": [{"id": 5, "after": {"field_23": "kept"}, "before": {"field_23": null}}], "row_ids": [5], "table_id": 1, "table_name": "Products", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:29.645531+00', NULL, NULL),
	(33, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_application', 'workspace1', 1, '{"type": "database", "with_data": false, "application_id": 2, "application_name": "Gone"}', '127.0.0.1', '2026-11-28 06:58:29.728888+00', NULL, NULL),
	(34, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'create_table', 'application1', 1, '{"table_id": 3, "table_name": "Gone", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:29.791436+00', NULL, NULL),
	(35, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'delete_field', 'table1', 1, '{"field_id": 23, "table_id": 1, "field_name": "Gone", "table_name": "Products"}', '127.0.0.1', '2026-11-28 06:58:29.898193+00', NULL, NULL),
	(36, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'delete_table', 'application1', 1, '{"table_id": 3, "table_name": "Gone", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:29.993752+00', NULL, NULL),
	(37, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'delete_application', 'workspace1', 1, '{"type": "database", "application_id": 2, "application_name": "Gone"}', '127.0.0.1', '2026-11-28 06:58:30.036018+00', NULL, NULL),
	(38, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'delete_row', 'table1', 1, '{"row_id": 10, "row_ids": [10], "table_id": 1, "table_name": "Products", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:30.069574+00', NULL, NULL),
	(39, 1, '10c5a9a7-0a1f-4a6f-9b9e-5f0c3c1a7a10', NULL, 'update_rows', 'table1', 1, '{"types": {"field_1": "text"}, "row_id": 5, "stored": [{"id": 5, "after": {"field_1": "Plum"}, "before": {"field_1": "Pear"}}], "changes": [{"id": 5, "after": {"field_1": "Plum"}, "before": {"field_1": "Pear"}}], "row_ids": [5], "table_id": 1, "table_name": "Products", "database_id": 1}', '127.0.0.1', '2026-11-28 06:58:30.155719+00', NULL, NULL);
INSERT INTO core.application VALUES
	(1, 1, 'database', 'Stock', 1, '2026-11-28 06:58:27.469837+00', '2026-11-28 06:58:27.469837+00', NULL),
	(2, 1, 'database', 'Gone', 2, '2026-11-28 06:58:29.728888+00', '2026-11-28 06:58:29.728888+00', '2026-11-28 06:58:30.036018+00');
INSERT INTO core.instance_settings VALUES
	(1, '959e400a399c45e2b2c4991673f186ac', '{"show_admin_signup_page": false}');
INSERT INTO core.membership VALUES
	(1, 1, 1, 'ADMIN', 1, '2026-11-28 06:58:27.397757+00');
INSERT INTO core.migration VALUES
	('user_files_0001'),
	('formulas_0001'),
	('database_tokens_0001'),
	('database_0005'),
	('core_0003');
INSERT INTO core.outbox VALUES
	(1, 'group_created', 1, 1, NULL, '{"workspace": {"id": 1, "name": "Shop", "order": 1, "users": [{"id": 1, "name": "Ann", "email": "ann@example.com", "user_id": 1, "workspace": 1, "created_on": "2026-11-28T06:58:27.397757Z", "permissions": "ADMIN", "to_be_deleted": false}], "permissions": "ADMIN", "unread_notifications_count": 0, "generative_ai_models_enabled": {}}, "workspace_id": 1}', 0, NULL, '2026-11-28 06:58:27.397757+00', '2026-11-28 06:58:27.397757+00'),
	(2, 'application_created', 1, 1, NULL, '{"application": {"id": 1, "name": "Stock", "type": "database", "order": 1, "tables": [], "workspace": {"id": 1, "name": "Shop", "generative_ai_models_enabled": {}}, "created_on": "2026-11-28T06:58:27.469837Z"}, "application_id": 1}', 0, NULL, '2026-11-28 06:58:27.469837+00', '2026-11-28 06:58:27.469837+00'),
	(3, 'table_created', 1, 1, NULL, '{"table": {"id": 1, "name": "Products", "order": 1, "data_sync": null, "database_id": 1}, "table_id": 1, "database_id": 1}', 0, NULL, '2026-11-28 06:58:27.586707+00', '2026-11-28 06:58:27.586707+00'),
	(4, 'field_created', 1, 1, NULL, '{"field": {"id": 2, "name": "Notes", "type": "long_text", "order": 1, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false, "long_text_enable_rich_text": null}, "field_id": 2, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:27.678557+00', '2026-11-28 06:58:27.678557+00'),
	(5, 'field_created', 1, 1, NULL, '{"field": {"id": 3, "name": "Price", "type": "number", "order": 2, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "number_prefix": "", "number_suffix": "", "immutable_type": false, "number_default": null, "related_fields": [], "number_negative": true, "number_separator": "", "field_constraints": [], "immutable_properties": false, "number_decimal_places": 2}, "field_id": 3, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:27.78323+00', '2026-11-28 06:58:27.78323+00'),
	(6, 'field_created', 1, 1, NULL, '{"field": {"id": 4, "name": "In stock", "type": "boolean", "order": 3, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "boolean_default": false, "field_constraints": [], "immutable_properties": false}, "field_id": 4, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:27.851121+00', '2026-11-28 06:58:27.851121+00'),
	(7, 'field_created', 1, 1, NULL, '{"field": {"id": 5, "name": "Added", "type": "date", "order": 4, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "date_format": "ISO", "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "field_constraints": [], "date_force_timezone": null, "immutable_properties": false}, "field_id": 5, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:27.914141+00', '2026-11-28 06:58:27.914141+00'),
	(8, 'field_created', 1, 1, NULL, '{"field": {"id": 6, "name": "Mail", "type": "email", "order": 5, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false}, "field_id": 6, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:27.97312+00', '2026-11-28 06:58:27.97312+00'),
	(9, 'field_created', 1, 1, NULL, '{"field": {"id": 7, "name": "Site", "type": "url", "order": 6, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false}, "field_id": 7, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.032003+00', '2026-11-28 06:58:28.032003+00'),
	(10, 'field_created', 1, 1, NULL, '{"field": {"id": 8, "name": "Phone", "type": "phone_number", "order": 7, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false}, "field_id": 8, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.081422+00', '2026-11-28 06:58:28.081422+00'),
	(11, 'field_created', 1, 1, NULL, '{"field": {"id": 9, "name": "Stars", "type": "rating", "color": "dark-orange", "order": 8, "style": "star", "primary": false, "db_index": false, "table_id": 1, "max_value": 5, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false}, "field_id": 9, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.135709+00', '2026-11-28 06:58:28.135709+00'),
	(12, 'field_created', 1, 1, NULL, '{"field": {"id": 10, "name": "Kind", "type": "single_select", "order": 9, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "select_options": [{"id": 1, "color": "green", "value": "Fruit"}, {"id": 2, "color": "brown", "value": "Nuts"}], "field_constraints": [], "immutable_properties": false, "single_select_default": null}, "field_id": 10, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.196364+00', '2026-11-28 06:58:28.196364+00'),
	(13, 'field_created', 1, 1, NULL, '{"field": {"id": 11, "name": "Tags", "type": "multiple_select", "order": 10, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "select_options": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_constraints": [], "immutable_properties": false, "multiple_select_default": null}, "field_id": 11, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.299686+00', '2026-11-28 06:58:28.299686+00'),
	(14, 'field_created', 1, 1, NULL, '{"field": {"id": 12, "name": "Number", "type": "autonumber", "order": 11, "primary": false, "db_index": false, "table_id": 1, "read_only": true, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false}, "field_id": 12, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.37279+00', '2026-11-28 06:58:28.37279+00'),
	(15, 'field_created', 1, 1, NULL, '{"field": {"id": 13, "name": "Id", "type": "uuid", "order": 12, "primary": false, "db_index": false, "table_id": 1, "read_only": true, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false}, "field_id": 13, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.467831+00', '2026-11-28 06:58:28.467831+00'),
	(16, 'field_created', 1, 1, NULL, '{"field": {"id": 14, "name": "Made", "type": "created_on", "order": 13, "primary": false, "db_index": false, "table_id": 1, "read_only": true, "database_id": 1, "date_format": "EU", "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": false, "field_constraints": [], "date_force_timezone": null, "immutable_properties": false}, "field_id": 14, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.546578+00', '2026-11-28 06:58:28.546578+00'),
	(17, 'field_created', 1, 1, NULL, '{"field": {"id": 15, "name": "Changed", "type": "last_modified", "order": 14, "primary": false, "db_index": false, "table_id": 1, "read_only": true, "database_id": 1, "date_format": "EU", "description": null, "workspace_id": 1, "immutable_type": false, "related_fields": [], "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": false, "field_constraints": [], "date_force_timezone": null, "immutable_properties": false}, "field_id": 15, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.621774+00', '2026-11-28 06:58:28.621774+00'),
	(18, 'rows_created', 1, 1, NULL, '{"rows": [{"id": 2, "order": "2.00000000000000000000", "field_1": "Product 00", "field_2": "", "field_3": "0.50", "field_4": true, "field_5": "2026-05-01T12:00:00Z", "field_6": "p0@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 2, "field_13": "1a84cde9-1f0d-4adc-942f-c6d3b7b0a777", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 3, "order": "3.00000000000000000000", "field_1": "Product 01", "field_2": "a note\nof two lines", "field_3": "1.50", "field_4": false, "field_5": "2026-05-02T12:00:00Z", "field_6": "p1@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}], "field_12": 3, "field_13": "abaa1394-c78d-4c27-b51f-51d92dbcff9c", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 4, "order": "4.00000000000000000000", "field_1": "Product 02", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "2.50", "field_4": true, "field_5": "2026-05-03T12:00:00Z", "field_6": "p2@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 4, "field_13": "3f6013b5-08f3-42fe-b287-da100d0761e4", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 5, "order": "5.00000000000000000000", "field_1": "Product 03", "field_2": "", "field_3": "3.50", "field_4": false, "field_5": "2026-05-04T12:00:00Z", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 5, "field_13": "3aa228d8-cfef-48ad-8d2a-374961d574a0", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 6, "order": "6.00000000000000000000", "field_1": "Product 04", "field_2": "a note\nof two lines", "field_3": "4.50", "field_4": true, "field_5": "2026-05-05T12:00:00Z", "field_6": "p4@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}], "field_12": 6, "field_13": "506834de-1c75-4e20-9531-007d15a305a3", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 7, "order": "7.00000000000000000000", "field_1": "Product 05", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "5.50", "field_4": false, "field_5": "2026-05-06T12:00:00Z", "field_6": "p5@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 7, "field_13": "eaa928a6-e5be-4472-9683-5df2b31f36a5", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 8, "order": "8.00000000000000000000", "field_1": "Product 06", "field_2": "", "field_3": "6.50", "field_4": true, "field_5": "2026-05-07T12:00:00Z", "field_6": "p6@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 8, "field_13": "f216c4fe-d380-422b-a630-25ac0fe8b82e", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 9, "order": "9.00000000000000000000", "field_1": "Product 07", "field_2": "a note\nof two lines", "field_3": "7.50", "field_4": false, "field_5": "2026-05-08T12:00:00Z", "field_6": "p7@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}], "field_12": 9, "field_13": "8e29ebcc-3ba1-4411-8f78-1966d37513ae", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 10, "order": "10.00000000000000000000", "field_1": "Product 08", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "8.50", "field_4": true, "field_5": "2026-05-09T12:00:00Z", "field_6": "p8@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 10, "field_13": "d977e8a9-f188-4d17-99f3-9c6ef693e605", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 11, "order": "11.00000000000000000000", "field_1": "Product 09", "field_2": "", "field_3": "9.50", "field_4": false, "field_5": "2026-05-10T12:00:00Z", "field_6": "p9@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 11, "field_13": "3ba833c8-c8ab-49ad-b057-c51796daece3", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 12, "order": "12.00000000000000000000", "field_1": "Product 10", "field_2": "a note\nof two lines", "field_3": "10.50", "field_4": true, "field_5": "2026-05-11T12:00:00Z", "field_6": "p10@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}], "field_12": 12, "field_13": "c9ebd014-63bd-43ac-b229-ba7cc9c0bc9e", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 13, "order": "13.00000000000000000000", "field_1": "Product 11", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "11.50", "field_4": false, "field_5": "2026-05-12T12:00:00Z", "field_6": "p11@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 13, "field_13": "5eb5b4d4-6c61-428b-b205-61d97a807dc9", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 14, "order": "14.00000000000000000000", "field_1": "Product 12", "field_2": "", "field_3": "12.50", "field_4": true, "field_5": "2026-05-13T12:00:00Z", "field_6": "p12@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 14, "field_13": "6eb5b002-390e-4053-98df-e8fa427b724c", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 15, "order": "15.00000000000000000000", "field_1": "Product 13", "field_2": "a note\nof two lines", "field_3": "13.50", "field_4": false, "field_5": "2026-05-14T12:00:00Z", "field_6": "p13@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}], "field_12": 15, "field_13": "a4b8055c-65dc-452f-a4e5-89e248f9b891", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 16, "order": "16.00000000000000000000", "field_1": "Product 14", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "14.50", "field_4": true, "field_5": "2026-05-15T12:00:00Z", "field_6": "p14@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 16, "field_13": "7b3ceb79-8ba5-44ab-a19e-4a73d654d9e4", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 17, "order": "17.00000000000000000000", "field_1": "Product 15", "field_2": "", "field_3": "15.50", "field_4": false, "field_5": "2026-05-16T12:00:00Z", "field_6": "p15@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 17, "field_13": "75890ddc-c133-49ec-8bb8-6c0872624065", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 18, "order": "18.00000000000000000000", "field_1": "Product 16", "field_2": "a note\nof two lines", "field_3": "16.50", "field_4": true, "field_5": "2026-05-17T12:00:00Z", "field_6": "p16@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}], "field_12": 18, "field_13": "9dc3a41e-2f20-4136-b93e-ab44871f52b6", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 19, "order": "19.00000000000000000000", "field_1": "Product 17", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "17.50", "field_4": false, "field_5": "2026-05-18T12:00:00Z", "field_6": "p17@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 19, "field_13": "d9177c0c-f2ea-45eb-860a-d59383a33a9a", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 20, "order": "20.00000000000000000000", "field_1": "Product 18", "field_2": "", "field_3": "18.50", "field_4": true, "field_5": "2026-05-19T12:00:00Z", "field_6": "p18@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 20, "field_13": "ceafaee9-251e-4701-84e4-bb1bed0c469a", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 21, "order": "21.00000000000000000000", "field_1": "Product 19", "field_2": "a note\nof two lines", "field_3": "19.50", "field_4": false, "field_5": "2026-05-20T12:00:00Z", "field_6": "p19@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}], "field_12": 21, "field_13": "2c061df5-ec1b-4fdf-8774-ea2b5c36e854", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 22, "order": "22.00000000000000000000", "field_1": "Product 20", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "20.50", "field_4": true, "field_5": "2026-05-21T12:00:00Z", "field_6": "p20@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 22, "field_13": "8d89b6f7-c071-49b2-978b-0cce643432cc", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 23, "order": "23.00000000000000000000", "field_1": "Product 21", "field_2": "", "field_3": "21.50", "field_4": false, "field_5": "2026-05-22T12:00:00Z", "field_6": "p21@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 23, "field_13": "ee4287b6-6c64-482d-88ec-52925c19f5da", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 24, "order": "24.00000000000000000000", "field_1": "Product 22", "field_2": "a note\nof two lines", "field_3": "22.50", "field_4": true, "field_5": "2026-05-23T12:00:00Z", "field_6": "p22@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}], "field_12": 24, "field_13": "993e35a0-ee4f-490e-b9a5-290cc4dd4796", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 25, "order": "25.00000000000000000000", "field_1": "Product 23", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "23.50", "field_4": false, "field_5": "2026-05-24T12:00:00Z", "field_6": "p23@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 25, "field_13": "71de3cb7-db3d-476a-be4b-e49fcb636410", "field_14": "2026-11-28", "field_15": "2026-11-28"}, {"id": 26, "order": "26.00000000000000000000", "field_1": "Product 24", "field_2": "", "field_3": "24.50", "field_4": true, "field_5": "2026-05-25T12:00:00Z", "field_6": "p24@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 26, "field_13": "f0bc5950-e7b3-466a-a0c9-0945af29111d", "field_14": "2026-11-28", "field_15": "2026-11-28"}], "table_id": 1, "before_row_id": null}', 0, NULL, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00'),
	(19, 'rows_updated', 1, 1, NULL, '{"rows": [{"id": 5, "order": "5.00000000000000000000", "field_1": "Pear", "field_2": "", "field_3": "-1.25", "field_4": false, "field_5": "2026-05-04T12:00:00Z", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 5, "field_13": "3aa228d8-cfef-48ad-8d2a-374961d574a0", "field_14": "2026-11-28", "field_15": "2026-11-28"}], "table_id": 1, "updated_field_ids": [1, 3], "rows_before_update": [{"id": 5, "order": "5.00000000000000000000", "field_1": "Product 03", "field_2": "", "field_3": "3.50", "field_4": false, "field_5": "2026-05-04T12:00:00Z", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 5, "field_13": "3aa228d8-cfef-48ad-8d2a-374961d574a0", "field_14": "2026-11-28", "field_15": "2026-11-28"}]}', 0, NULL, '2026-11-28 06:58:28.741558+00', '2026-11-28 06:58:28.741558+00'),
	(20, 'table_created', 1, 1, NULL, '{"table": {"id": 2, "name": "Orders", "order": 2, "data_sync": null, "database_id": 1}, "table_id": 2, "database_id": 1}', 0, NULL, '2026-11-28 06:58:28.868307+00', '2026-11-28 06:58:28.868307+00'),
	(21, 'field_created', 1, 1, NULL, '{"field": {"id": 18, "name": "Orders", "type": "link_row", "order": 15, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "link_row_table": 2, "field_constraints": [], "link_row_table_id": 2, "immutable_properties": false, "link_row_related_field": 17, "link_row_related_field_id": 17, "link_row_table_primary_field": {"id": 16, "name": "Name", "type": "text", "order": 0, "primary": true, "db_index": false, "table_id": 2, "read_only": false, "database_id": 1, "description": null, "text_default": "", "workspace_id": 1, "immutable_type": false, "field_constraints": [], "immutable_properties": false}, "link_row_multiple_relationships": true, "link_row_limit_selection_view_id": null}, "field_id": 18, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.944549+00', '2026-11-28 06:58:28.944549+00'),
	(22, 'field_created', 1, 1, NULL, '{"field": {"id": 17, "name": "Products", "type": "link_row", "order": 1, "primary": false, "db_index": false, "table_id": 2, "read_only": false, "database_id": 1, "description": null, "workspace_id": 1, "immutable_type": false, "link_row_table": 1, "related_fields": [], "field_constraints": [], "link_row_table_id": 1, "immutable_properties": false, "link_row_related_field": 18, "link_row_related_field_id": 18, "link_row_table_primary_field": {"id": 1, "name": "Name", "type": "text", "order": 0, "primary": true, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "text_default": "", "workspace_id": 1, "immutable_type": false, "field_constraints": [], "immutable_properties": false}, "link_row_multiple_relationships": true, "link_row_limit_selection_view_id": null}, "field_id": 17, "table_id": 2, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.944549+00', '2026-11-28 06:58:28.944549+00'),
	(23, 'field_created', 1, 1, NULL, '{"field": {"id": 19, "name": "Prices", "type": "lookup", "error": null, "order": 2, "primary": false, "db_index": false, "nullable": true, "table_id": 2, "read_only": true, "database_id": 1, "date_format": null, "description": null, "formula_type": "array", "workspace_id": 1, "number_prefix": "", "number_suffix": "", "immutable_type": false, "related_fields": [], "select_options": [], "duration_format": null, "target_field_id": 3, "date_show_tzinfo": null, "date_time_format": null, "number_separator": "", "through_field_id": 17, "date_include_time": null, "field_constraints": [], "target_field_name": "Price", "array_formula_type": "number", "through_field_name": "Products", "date_force_timezone": null, "immutable_properties": false, "number_decimal_places": 2, "available_collaborators": [{"id": 1, "name": "Ann"}]}, "field_id": 19, "table_id": 2, "related_fields": []}', 0, NULL, '2026-11-28 06:58:28.998253+00', '2026-11-28 06:58:28.998253+00'),
	(24, 'field_created', 1, 1, NULL, '{"field": {"id": 20, "name": "Sum", "type": "rollup", "error": null, "order": 3, "primary": false, "db_index": false, "nullable": false, "table_id": 2, "read_only": true, "database_id": 1, "date_format": null, "description": null, "formula_type": "number", "workspace_id": 1, "number_prefix": "", "number_suffix": "", "immutable_type": false, "related_fields": [], "select_options": [], "duration_format": null, "rollup_function": "sum", "target_field_id": 3, "date_show_tzinfo": null, "date_time_format": null, "number_separator": "", "through_field_id": 17, "date_include_time": null, "field_constraints": [], "array_formula_type": null, "date_force_timezone": null, "immutable_properties": false, "number_decimal_places": 2, "available_collaborators": []}, "field_id": 20, "table_id": 2, "related_fields": []}', 0, NULL, '2026-11-28 06:58:29.090105+00', '2026-11-28 06:58:29.090105+00'),
	(25, 'field_created', 1, 1, NULL, '{"field": {"id": 21, "name": "Count", "type": "count", "error": null, "order": 4, "primary": false, "db_index": false, "nullable": false, "table_id": 2, "read_only": true, "database_id": 1, "date_format": null, "description": null, "formula_type": "number", "workspace_id": 1, "number_prefix": "", "number_suffix": "", "immutable_type": false, "related_fields": [], "select_options": [], "duration_format": null, "date_show_tzinfo": null, "date_time_format": null, "number_separator": "", "through_field_id": 17, "date_include_time": null, "field_constraints": [], "array_formula_type": null, "date_force_timezone": null, "immutable_properties": false, "number_decimal_places": 0, "available_collaborators": []}, "field_id": 21, "table_id": 2, "related_fields": []}', 0, NULL, '2026-11-28 06:58:29.144979+00', '2026-11-28 06:58:29.144979+00'),
	(26, 'field_created', 1, 1, NULL, '{"field": {"id": 22, "name": "Label", "type": "formula", "error": null, "order": 5, "formula": "concat(field(''Name''), '': '', totext(field(''Sum'')))", "primary": false, "db_index": false, "nullable": false, "table_id": 2, "read_only": true, "database_id": 1, "date_format": null, "description": null, "formula_type": "text", "workspace_id": 1, "number_prefix": "", "number_suffix": "", "immutable_type": false, "related_fields": [], "select_options": [], "duration_format": null, "date_show_tzinfo": null, "date_time_format": null, "number_separator": "", "date_include_time": null, "field_constraints": [], "array_formula_type": null, "date_force_timezone": null, "immutable_properties": false, "number_decimal_places": null, "available_collaborators": []}, "field_id": 22, "table_id": 2, "related_fields": []}', 0, NULL, '2026-11-28 06:58:29.237803+00', '2026-11-28 06:58:29.237803+00'),
	(27, 'rows_updated', 1, 1, NULL, '{"rows": [{"id": 1, "order": "1.00000000000000000000", "field_16": "First", "field_17": [{"id": 5, "order": "5.00000000000000000000", "value": "Pear"}, {"id": 6, "order": "6.00000000000000000000", "value": "Product 04"}], "field_19": [{"id": 5, "value": "-1.25"}, {"id": 6, "value": "4.50"}], "field_20": "3.25", "field_21": "2", "field_22": "First: 3.25"}], "table_id": 2, "updated_field_ids": [17], "rows_before_update": [{"id": 1, "order": "1.00000000000000000000", "field_16": "First", "field_17": [], "field_19": [], "field_20": "0.00", "field_21": "0", "field_22": "First: 0.00"}]}', 0, NULL, '2026-11-28 06:58:29.386496+00', '2026-11-28 06:58:29.386496+00'),
	(28, 'rows_updated', 1, 1, NULL, '{"rows": [{"id": 2, "order": "2.00000000000000000000", "field_16": "Second", "field_17": [{"id": 5, "order": "5.00000000000000000000", "value": "Pear"}, {"id": 7, "order": "7.00000000000000000000", "value": "Product 05"}], "field_19": [{"id": 5, "value": "-1.25"}, {"id": 7, "value": "5.50"}], "field_20": "4.25", "field_21": "2", "field_22": "Second: 4.25"}], "table_id": 2, "updated_field_ids": [17], "rows_before_update": [{"id": 2, "order": "2.00000000000000000000", "field_16": "Second", "field_17": [], "field_19": [], "field_20": "0.00", "field_21": "0", "field_22": "Second: 0.00"}]}', 0, NULL, '2026-11-28 06:58:29.497754+00', '2026-11-28 06:58:29.497754+00'),
	(29, 'field_created', 1, 1, NULL, '{"field": {"id": 23, "name": "Gone", "type": "text", "order": 16, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "text_default": "", "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false}, "field_id": 23, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:29.538649+00', '2026-11-28 06:58:29.538649+00'),
	(30, 'rows_updated', 1, 1, NULL, '{"rows": [{"id": 5, "order": "5.00000000000000000000", "field_1": "Pear", "field_2": "", "field_3": "-1.25", "field_4": false, "field_5": "2026-05-04T12:00:00Z", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 5, "field_13": "3aa228d8-cfef-48ad-8d2a-374961d574a0", "field_14": "2026-11-28", "field_15": "2026-11-28", "field_18": [{"id": 1, "order": "1.00000000000000000000", "value": "First"}, {"id": 2, "order": "2.00000000000000000000", "value": "Second"}], "field_23": "kept"}], "table_id": 1, "updated_field_ids": [23], "rows_before_update": [{"id": 5, "order": "5.00000000000000000000", "field_1": "Pear", "field_2": "", "field_3": "-1.25", "field_4": false, "field_5": "2026-05-04T12:00:00Z", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 5, "field_13": "3aa228d8-cfef-48ad-8d2a-374961d574a0", "field_14": "2026-11-28", "field_15": "2026-11-28", "field_18": [{"id": 1, "order": "1.00000000000000000000", "value": "First"}, {"id": 2, "order": "2.00000000000000000000", "value": "Second"}], "field_23": null}]}', 0, NULL, '2026-11-28 06:58:29.645531+00', '2026-11-28 06:58:29.645531+00'),
	(31, 'application_created', 1, 1, NULL, '{"application": {"id": 2, "name": "Gone", "type": "database", "order": 2, "tables": [], "workspace": {"id": 1, "name": "Shop", "generative_ai_models_enabled": {}}, "created_on": "2026-11-28T06:58:29.728888Z"}, "application_id": 2}', 0, NULL, '2026-11-28 06:58:29.728888+00', '2026-11-28 06:58:29.728888+00'),
	(32, 'table_created', 1, 1, NULL, '{"table": {"id": 3, "name": "Gone", "order": 3, "data_sync": null, "database_id": 1}, "table_id": 3, "database_id": 1}', 0, NULL, '2026-11-28 06:58:29.791436+00', '2026-11-28 06:58:29.791436+00'),
	(33, 'field_deleted', 1, 1, NULL, '{"field": {"id": 23, "name": "Gone", "type": "text", "order": 16, "primary": false, "db_index": false, "table_id": 1, "read_only": false, "database_id": 1, "description": null, "text_default": "", "workspace_id": 1, "immutable_type": false, "related_fields": [], "field_constraints": [], "immutable_properties": false}, "field_id": 23, "table_id": 1, "related_fields": []}', 0, NULL, '2026-11-28 06:58:29.898193+00', '2026-11-28 06:58:29.898193+00'),
	(34, 'table_deleted', 1, 1, NULL, '{"table_id": 3, "database_id": 1}', 0, NULL, '2026-11-28 06:58:29.993752+00', '2026-11-28 06:58:29.993752+00'),
	(35, 'application_deleted', 1, 1, NULL, '{"application_id": 2}', 0, NULL, '2026-11-28 06:58:30.036018+00', '2026-11-28 06:58:30.036018+00'),
	(36, 'rows_deleted', 1, 1, NULL, '{"rows": [{"id": 10, "order": "10.00000000000000000000", "field_1": "Product 08", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "8.50", "field_4": true, "field_5": "2026-05-09T12:00:00Z", "field_6": "p8@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}], "field_12": 10, "field_13": "d977e8a9-f188-4d17-99f3-9c6ef693e605", "field_14": "2026-11-28", "field_15": "2026-11-28", "field_18": []}], "row_ids": [10], "table_id": 1}', 0, NULL, '2026-11-28 06:58:30.069574+00', '2026-11-28 06:58:30.069574+00'),
	(37, 'rows_updated', 1, 1, NULL, '{"rows": [{"id": 5, "order": "5.00000000000000000000", "field_1": "Plum", "field_2": "", "field_3": "-1.25", "field_4": false, "field_5": "2026-05-04T12:00:00Z", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 5, "field_13": "3aa228d8-cfef-48ad-8d2a-374961d574a0", "field_14": "2026-11-28", "field_15": "2026-11-28", "field_18": [{"id": 1, "order": "1.00000000000000000000", "value": "First"}, {"id": 2, "order": "2.00000000000000000000", "value": "Second"}]}], "table_id": 1, "updated_field_ids": [1], "rows_before_update": [{"id": 5, "order": "5.00000000000000000000", "field_1": "Pear", "field_2": "", "field_3": "-1.25", "field_4": false, "field_5": "2026-05-04T12:00:00Z", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": [], "field_12": 5, "field_13": "3aa228d8-cfef-48ad-8d2a-374961d574a0", "field_14": "2026-11-28", "field_15": "2026-11-28", "field_18": [{"id": 1, "order": "1.00000000000000000000", "value": "First"}, {"id": 2, "order": "2.00000000000000000000", "value": "Second"}]}]}', 0, NULL, '2026-11-28 06:58:30.155719+00', '2026-11-28 06:58:30.155719+00');
INSERT INTO core.trash VALUES
	(1, 'field', 23, NULL, 1, 1, 1, 'Gone', NULL, 'Products', '{}', '2026-11-28 06:58:29.898193+00', false),
	(2, 'table', 3, NULL, 1, 1, 1, 'Gone', NULL, 'Stock', '{"field_ids": []}', '2026-11-28 06:58:29.993752+00', false),
	(3, 'application', 2, NULL, 1, 2, 1, 'Gone', NULL, 'Shop', '{}', '2026-11-28 06:58:30.036018+00', false),
	(4, 'row', 10, 1, 1, 1, 1, '10', '["Product 08"]', 'Products', '{"row_ids": [10]}', '2026-11-28 06:58:30.069574+00', false);
INSERT INTO core."user" VALUES
	(1, 'ann@example.com', 'Ann', '$argon2id$v=19$m=19456,t=2,p=1$xaquUkygPcxaMv1olQdi/A$XhEJ5xNeOEIyaxMR1hAeMGJYVkHDaCVFVkqiAHVxy0I', true, true, 'en', 'instant', false, false, '[]', false, NULL, 1, 1, '2026-11-28 06:58:26.93289+00', NULL),
	(2, 'bob@example.com', 'Bob', '$argon2id$v=19$m=19456,t=2,p=1$q/dO0u90EaK/1swd9rycwQ$xyWVefozbeXvUcCafPSVoXlXW6KKeus9JIAcsSQERbg', false, true, 'en', 'instant', false, false, '[]', false, NULL, 1, 1, '2026-11-28 06:58:27.220737+00', NULL);
INSERT INTO core.workspace VALUES
	(1, 'Shop', '2026-11-28 06:58:27.397757+00', '2026-11-28 06:58:27.397757+00', NULL, '{}');
INSERT INTO database.field VALUES
	(1, 1, 'Name', 'text', 0, true, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:27.586707+00', NULL, DEFAULT),
	(2, 1, 'Notes', 'long_text', 1, false, NULL, false, false, false, false, '[]', '{"long_text_enable_rich_text": null}', '2026-11-28 06:58:27.678557+00', NULL, DEFAULT),
	(3, 1, 'Price', 'number', 2, false, NULL, false, false, false, false, '[]', '{"number_prefix": "", "number_suffix": "", "number_default": null, "number_negative": true, "number_separator": "", "number_decimal_places": 2}', '2026-11-28 06:58:27.78323+00', NULL, DEFAULT),
	(4, 1, 'In stock', 'boolean', 3, false, NULL, false, false, false, false, '[]', '{"boolean_default": false}', '2026-11-28 06:58:27.851121+00', NULL, DEFAULT),
	(5, 1, 'Added', 'date', 4, false, NULL, false, false, false, false, '[]', '{"date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}', '2026-11-28 06:58:27.914141+00', NULL, DEFAULT),
	(6, 1, 'Mail', 'email', 5, false, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:27.97312+00', NULL, DEFAULT),
	(7, 1, 'Site', 'url', 6, false, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:28.032003+00', NULL, DEFAULT),
	(8, 1, 'Phone', 'phone_number', 7, false, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:28.081422+00', NULL, DEFAULT),
	(9, 1, 'Stars', 'rating', 8, false, NULL, false, false, false, false, '[]', '{"color": "dark-orange", "style": "star", "max_value": 5}', '2026-11-28 06:58:28.135709+00', NULL, DEFAULT),
	(10, 1, 'Kind', 'single_select', 9, false, NULL, false, false, false, false, '[]', '{"single_select_default": null}', '2026-11-28 06:58:28.196364+00', NULL, DEFAULT),
	(11, 1, 'Tags', 'multiple_select', 10, false, NULL, false, false, false, false, '[]', '{"multiple_select_default": null}', '2026-11-28 06:58:28.299686+00', NULL, DEFAULT),
	(12, 1, 'Number', 'autonumber', 11, false, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:28.37279+00', NULL, DEFAULT),
	(13, 1, 'Id', 'uuid', 12, false, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:28.467831+00', NULL, DEFAULT),
	(14, 1, 'Made', 'created_on', 13, false, NULL, false, false, false, false, '[]', '{"date_format": "EU", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": false, "date_force_timezone": null}', '2026-11-28 06:58:28.546578+00', NULL, DEFAULT),
	(15, 1, 'Changed', 'last_modified', 14, false, NULL, false, false, false, false, '[]', '{"date_format": "EU", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": false, "date_force_timezone": null}', '2026-11-28 06:58:28.621774+00', NULL, DEFAULT),
	(16, 2, 'Name', 'text', 0, true, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:28.868307+00', NULL, DEFAULT),
	(18, 1, 'Orders', 'link_row', 15, false, NULL, false, false, false, false, '[]', '{"side": "right", "relation_id": 17, "link_row_table_id": 2, "link_row_related_field_id": 17, "link_row_multiple_relationships": true}', '2026-11-28 06:58:28.944549+00', NULL, DEFAULT),
	(17, 2, 'Products', 'link_row', 1, false, NULL, false, false, false, false, '[]', '{"side": "left", "relation_id": 17, "link_row_table_id": 1, "link_row_related_field_id": 18, "link_row_multiple_relationships": true}', '2026-11-28 06:58:28.944549+00', NULL, DEFAULT),
	(19, 2, 'Prices', 'lookup', 2, false, NULL, false, false, false, false, '[]', '{"result": {"type": {"of": {"name": "number", "nullable": true, "number_decimal_places": 2}, "name": "array", "nullable": true}, "formula": "lookup(''Products'', ''Price'')", "dependencies": [[3, 17], [17, null]]}, "target_field_id": 3, "through_field_id": 17, "target_field_name": "Price", "through_field_name": "Products"}', '2026-11-28 06:58:28.998253+00', NULL, DEFAULT),
	(20, 2, 'Sum', 'rollup', 3, false, NULL, false, false, false, false, '[]', '{"result": {"type": {"name": "number", "nullable": false, "number_decimal_places": 2}, "formula": "sum(lookup(''Products'', ''Price''))", "dependencies": [[3, 17], [17, null]]}, "rollup_function": "sum", "target_field_id": 3, "through_field_id": 17}', '2026-11-28 06:58:29.090105+00', NULL, DEFAULT),
	(21, 2, 'Count', 'count', 4, false, NULL, false, false, false, false, '[]', '{"result": {"type": {"name": "number", "nullable": false, "number_decimal_places": 0}, "formula": "count(field(''Products''))", "dependencies": [[1, 17], [17, null]]}, "through_field_id": 17}', '2026-11-28 06:58:29.144979+00', NULL, DEFAULT),
	(22, 2, 'Label', 'formula', 5, false, NULL, false, false, false, false, '[]', '{"result": {"type": {"name": "text", "nullable": false}, "formula": "concat(field(''Name''), '': '', totext(field(''Sum'')))", "dependencies": [[16, null], [20, null]]}, "formula": "concat(field(''Name''), '': '', totext(field(''Sum'')))"}', '2026-11-28 06:58:29.237803+00', NULL, DEFAULT),
	(24, 3, 'Name', 'text', 0, true, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:29.791436+00', NULL, DEFAULT),
	(25, 3, 'Notes', 'long_text', 1, false, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:29.791436+00', NULL, DEFAULT),
	(26, 3, 'Active', 'boolean', 2, false, NULL, false, false, false, false, '[]', '{}', '2026-11-28 06:58:29.791436+00', NULL, DEFAULT),
	(23, 1, 'Gone', 'text', 16, false, NULL, false, false, false, false, '[]', '{"text_default": ""}', '2026-11-28 06:58:29.538649+00', '2026-11-28 06:58:29.898193+00', DEFAULT);
INSERT INTO database.row_count VALUES
	(1, 1, 1),
	(2, 1, 25),
	(3, 2, 2),
	(4, 3, 2),
	(5, 1, -1);
INSERT INTO database.row_history VALUES
	(1, 1, 2, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 00", "field_2": "", "field_3": "0.50", "field_4": true, "field_5": "2026-05-01T12:00:00Z", "field_6": "p0@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(2, 1, 3, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 01", "field_2": "a note\nof two lines", "field_3": "1.50", "field_4": false, "field_5": "2026-05-02T12:00:00Z", "field_6": "p1@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(3, 1, 4, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 02", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "2.50", "field_4": true, "field_5": "2026-05-03T12:00:00Z", "field_6": "p2@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(4, 1, 5, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 03", "field_2": "", "field_3": "3.50", "field_4": false, "field_5": "2026-05-04T12:00:00Z", "field_6": "p3@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(5, 1, 6, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 04", "field_2": "a note\nof two lines", "field_3": "4.50", "field_4": true, "field_5": "2026-05-05T12:00:00Z", "field_6": "p4@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(6, 1, 7, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 05", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "5.50", "field_4": false, "field_5": "2026-05-06T12:00:00Z", "field_6": "p5@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(7, 1, 8, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 06", "field_2": "", "field_3": "6.50", "field_4": true, "field_5": "2026-05-07T12:00:00Z", "field_6": "p6@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(8, 1, 9, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 07", "field_2": "a note\nof two lines", "field_3": "7.50", "field_4": false, "field_5": "2026-05-08T12:00:00Z", "field_6": "p7@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(9, 1, 10, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 08", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "8.50", "field_4": true, "field_5": "2026-05-09T12:00:00Z", "field_6": "p8@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(10, 1, 11, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 09", "field_2": "", "field_3": "9.50", "field_4": false, "field_5": "2026-05-10T12:00:00Z", "field_6": "p9@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(11, 1, 12, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 10", "field_2": "a note\nof two lines", "field_3": "10.50", "field_4": true, "field_5": "2026-05-11T12:00:00Z", "field_6": "p10@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(12, 1, 13, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 11", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "11.50", "field_4": false, "field_5": "2026-05-12T12:00:00Z", "field_6": "p11@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(13, 1, 14, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 12", "field_2": "", "field_3": "12.50", "field_4": true, "field_5": "2026-05-13T12:00:00Z", "field_6": "p12@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(14, 1, 15, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 13", "field_2": "a note\nof two lines", "field_3": "13.50", "field_4": false, "field_5": "2026-05-14T12:00:00Z", "field_6": "p13@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(15, 1, 16, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 14", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "14.50", "field_4": true, "field_5": "2026-05-15T12:00:00Z", "field_6": "p14@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(16, 1, 17, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 15", "field_2": "", "field_3": "15.50", "field_4": false, "field_5": "2026-05-16T12:00:00Z", "field_6": "p15@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(17, 1, 18, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 16", "field_2": "a note\nof two lines", "field_3": "16.50", "field_4": true, "field_5": "2026-05-17T12:00:00Z", "field_6": "p16@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(18, 1, 19, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 17", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "17.50", "field_4": false, "field_5": "2026-05-18T12:00:00Z", "field_6": "p17@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(19, 1, 20, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 18", "field_2": "", "field_3": "18.50", "field_4": true, "field_5": "2026-05-19T12:00:00Z", "field_6": "p18@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(20, 1, 21, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 19", "field_2": "a note\nof two lines", "field_3": "19.50", "field_4": false, "field_5": "2026-05-20T12:00:00Z", "field_6": "p19@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 1, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(21, 1, 22, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 20", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "20.50", "field_4": true, "field_5": "2026-05-21T12:00:00Z", "field_6": "p20@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 2, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(22, 1, 23, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 21", "field_2": "", "field_3": "21.50", "field_4": false, "field_5": "2026-05-22T12:00:00Z", "field_6": "p21@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 3, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(23, 1, 24, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 22", "field_2": "a note\nof two lines", "field_3": "22.50", "field_4": true, "field_5": "2026-05-23T12:00:00Z", "field_6": "p22@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 4, "field_10": {"id": 2, "color": "brown", "value": "Nuts"}, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(24, 1, 25, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 23", "field_2": "a note\nof two linesa note\nof two lines", "field_3": "23.50", "field_4": false, "field_5": "2026-05-24T12:00:00Z", "field_6": "p23@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 5, "field_10": null, "field_11": [{"id": 3, "color": "green", "value": "Fruit"}, {"id": 4, "color": "brown", "value": "Nuts"}]}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(25, 1, 26, 1, 'Ann', 'create_rows', 'DO', '2026-11-28 06:58:28.68444+00', '{"field_1": null, "field_2": null, "field_3": null, "field_4": null, "field_5": null, "field_6": null, "field_7": null, "field_8": null, "field_9": null, "field_10": null, "field_11": null}', '{"field_1": "Product 24", "field_2": "", "field_3": "24.50", "field_4": true, "field_5": "2026-05-25T12:00:00Z", "field_6": "p24@example.com", "field_7": "https://example.com/", "field_8": "+31 10 123", "field_9": 0, "field_10": {"id": 1, "color": "green", "value": "Fruit"}, "field_11": []}', '{"field_1": {"id": 1, "type": "text"}, "field_2": {"id": 2, "type": "long_text", "long_text_enable_rich_text": null}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}, "field_4": {"id": 4, "type": "boolean"}, "field_5": {"id": 5, "type": "date", "date_format": "ISO", "date_show_tzinfo": false, "date_time_format": "24", "date_include_time": true, "date_force_timezone": null}, "field_6": {"id": 6, "type": "email"}, "field_7": {"id": 7, "type": "url"}, "field_8": {"id": 8, "type": "phone_number"}, "field_9": {"id": 9, "type": "rating", "color": "dark-orange", "style": "star", "max_value": 5}, "field_10": {"id": 10, "type": "single_select", "select_options": {"1": {"id": 1, "color": "green", "value": "Fruit"}, "2": {"id": 2, "color": "brown", "value": "Nuts"}}}, "field_11": {"id": 11, "type": "multiple_select", "select_options": {"3": {"id": 3, "color": "green", "value": "Fruit"}, "4": {"id": 4, "color": "brown", "value": "Nuts"}}}}'),
	(26, 1, 5, 1, 'Ann', 'update_rows', 'DO', '2026-11-28 06:58:28.741558+00', '{"field_1": "Product 03", "field_3": "3.50"}', '{"field_1": "Pear", "field_3": "-1.25"}', '{"field_1": {"id": 1, "type": "text"}, "field_3": {"id": 3, "type": "number", "number_prefix": "", "number_suffix": "", "number_negative": true, "number_separator": "", "number_decimal_places": 2}}'),
	(27, 2, 1, 1, 'Ann', 'update_rows', 'DO', '2026-11-28 06:58:29.386496+00', '{"field_17": []}', '{"field_17": [{"id": 5, "order": "5.00000000000000000000", "value": "Pear"}, {"id": 6, "order": "6.00000000000000000000", "value": "Product 04"}]}', '{"field_17": {"id": 17, "side": "left", "type": "link_row", "relation_id": 17, "link_row_table_id": 1, "link_row_related_field_id": 18, "link_row_multiple_relationships": true}}'),
	(28, 2, 2, 1, 'Ann', 'update_rows', 'DO', '2026-11-28 06:58:29.497754+00', '{"field_17": []}', '{"field_17": [{"id": 5, "order": "5.00000000000000000000", "value": "Pear"}, {"id": 7, "order": "7.00000000000000000000", "value": "Product 05"}]}', '{"field_17": {"id": 17, "side": "left", "type": "link_row", "relation_id": 17, "link_row_table_id": 1, "link_row_related_field_id": 18, "link_row_multiple_relationships": true}}'),
	(29, 1, 5, 1, 'Ann', 'update_rows', 'DO', '2026-11-28 06:58:29.645531+00', '{"field_23": null}', '{"field_23": "kept"}', '{"field_23": {"id": 23, "type": "text"}}'),
	(30, 1, 5, 1, 'Ann', 'update_rows', 'DO', '2026-11-28 06:58:30.155719+00', '{"field_1": "Pear"}', '{"field_1": "Plum"}', '{"field_1": {"id": 1, "type": "text"}}');
INSERT INTO database.select_option VALUES
	(1, 10, 'Fruit', 'green', 0),
	(2, 10, 'Nuts', 'brown', 1),
	(3, 11, 'Fruit', 'green', 0),
	(4, 11, 'Nuts', 'brown', 1);
INSERT INTO database."table" VALUES
	(1, 1, 1, 'Products', 1, 22, '2026-11-28 06:58:27.586707+00', '2026-11-28 06:58:27.586707+00', NULL),
	(2, 1, 1, 'Orders', 2, 9, '2026-11-28 06:58:28.868307+00', '2026-11-28 06:58:28.868307+00', NULL),
	(3, 1, 1, 'Gone', 3, 1, '2026-11-28 06:58:29.791436+00', '2026-11-28 06:58:29.993752+00', '2026-11-28 06:58:29.993752+00');
INSERT INTO database_tokens."right" VALUES
	(1, 1, 'create', NULL, NULL),
	(2, 1, 'read', NULL, NULL),
	(3, 1, 'update', NULL, NULL),
	(4, 1, 'delete', NULL, NULL);
INSERT INTO database_tokens.token VALUES
	(1, 1, 1, 'Till', '4GOJioXnRFB6gzR8bY2HWnH5ccLyYxcqk5oDD6Ex1wVdcMRckbECqybPSs3IBad9f6ALG6zSItkB4CCr', 'd338f74d58a940760d05be4f8f5b3e6d006cdce8b4f1769ec370bb354bdb2bbf', '2026-11-28 06:58:28.760749+00');
INSERT INTO ws_1.link_17 VALUES
	(1, 5),
	(1, 6),
	(2, 5),
	(2, 7);
INSERT INTO ws_1.table_1 VALUES
	(1, 1.00000000000000000000, '2026-11-28 06:58:27.586707+00', '2026-11-28 06:58:27.586707+00', 1, 1, NULL, 'Apple', NULL, NULL, false, NULL, '', '', '', 0, NULL, '{}', 1, '9bb0e501-2cb9-4365-96a4-18fef68dd364', NULL),
	(2, 2.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 00', '', 0.50, true, '2026-05-01 12:00:00+00', 'p0@example.com', 'https://example.com/', '+31 10 123', 0, 1, '{}', 2, '1a84cde9-1f0d-4adc-942f-c6d3b7b0a777', NULL),
	(3, 3.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 01', 'a note
of two lines', 1.50, false, '2026-05-02 12:00:00+00', 'p1@example.com', 'https://example.com/', '+31 10 123', 1, 2, '{3}', 3, 'abaa1394-c78d-4c27-b51f-51d92dbcff9c', NULL),
	(4, 4.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 02', 'a note
of two linesa note
of two lines', 2.50, true, '2026-05-03 12:00:00+00', 'p2@example.com', 'https://example.com/', '+31 10 123', 2, NULL, '{3,4}', 4, '3f6013b5-08f3-42fe-b287-da100d0761e4', NULL),
	(6, 6.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 04', 'a note
of two lines', 4.50, true, '2026-05-05 12:00:00+00', 'p4@example.com', 'https://example.com/', '+31 10 123', 4, 2, '{3}', 6, '506834de-1c75-4e20-9531-007d15a305a3', NULL),
	(7, 7.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 05', 'a note
of two linesa note
of two lines', 5.50, false, '2026-05-06 12:00:00+00', 'p5@example.com', 'https://example.com/', '+31 10 123', 5, NULL, '{3,4}', 7, 'eaa928a6-e5be-4472-9683-5df2b31f36a5', NULL),
	(8, 8.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 06', '', 6.50, true, '2026-05-07 12:00:00+00', 'p6@example.com', 'https://example.com/', '+31 10 123', 0, 1, '{}', 8, 'f216c4fe-d380-422b-a630-25ac0fe8b82e', NULL),
	(9, 9.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 07', 'a note
of two lines', 7.50, false, '2026-05-08 12:00:00+00', 'p7@example.com', 'https://example.com/', '+31 10 123', 1, 2, '{3}', 9, '8e29ebcc-3ba1-4411-8f78-1966d37513ae', NULL),
	(11, 11.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 09', '', 9.50, false, '2026-05-10 12:00:00+00', 'p9@example.com', 'https://example.com/', '+31 10 123', 3, 1, '{}', 11, '3ba833c8-c8ab-49ad-b057-c51796daece3', NULL),
	(12, 12.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 10', 'a note
of two lines', 10.50, true, '2026-05-11 12:00:00+00', 'p10@example.com', 'https://example.com/', '+31 10 123', 4, 2, '{3}', 12, 'c9ebd014-63bd-43ac-b229-ba7cc9c0bc9e', NULL),
	(13, 13.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 11', 'a note
of two linesa note
of two lines', 11.50, false, '2026-05-12 12:00:00+00', 'p11@example.com', 'https://example.com/', '+31 10 123', 5, NULL, '{3,4}', 13, '5eb5b4d4-6c61-428b-b205-61d97a807dc9', NULL),
	(14, 14.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 12', '', 12.50, true, '2026-05-13 12:00:00+00', 'p12@example.com', 'https://example.com/', '+31 10 123', 0, 1, '{}', 14, '6eb5b002-390e-4053-98df-e8fa427b724c', NULL),
	(15, 15.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 13', 'a note
of two lines', 13.50, false, '2026-05-14 12:00:00+00', 'p13@example.com', 'https://example.com/', '+31 10 123', 1, 2, '{3}', 15, 'a4b8055c-65dc-452f-a4e5-89e248f9b891', NULL),
	(16, 16.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 14', 'a note
of two linesa note
of two lines', 14.50, true, '2026-05-15 12:00:00+00', 'p14@example.com', 'https://example.com/', '+31 10 123', 2, NULL, '{3,4}', 16, '7b3ceb79-8ba5-44ab-a19e-4a73d654d9e4', NULL),
	(17, 17.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 15', '', 15.50, false, '2026-05-16 12:00:00+00', 'p15@example.com', 'https://example.com/', '+31 10 123', 3, 1, '{}', 17, '75890ddc-c133-49ec-8bb8-6c0872624065', NULL),
	(18, 18.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 16', 'a note
of two lines', 16.50, true, '2026-05-17 12:00:00+00', 'p16@example.com', 'https://example.com/', '+31 10 123', 4, 2, '{3}', 18, '9dc3a41e-2f20-4136-b93e-ab44871f52b6', NULL),
	(19, 19.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 17', 'a note
of two linesa note
of two lines', 17.50, false, '2026-05-18 12:00:00+00', 'p17@example.com', 'https://example.com/', '+31 10 123', 5, NULL, '{3,4}', 19, 'd9177c0c-f2ea-45eb-860a-d59383a33a9a', NULL),
	(20, 20.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 18', '', 18.50, true, '2026-05-19 12:00:00+00', 'p18@example.com', 'https://example.com/', '+31 10 123', 0, 1, '{}', 20, 'ceafaee9-251e-4701-84e4-bb1bed0c469a', NULL),
	(21, 21.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 19', 'a note
of two lines', 19.50, false, '2026-05-20 12:00:00+00', 'p19@example.com', 'https://example.com/', '+31 10 123', 1, 2, '{3}', 21, '2c061df5-ec1b-4fdf-8774-ea2b5c36e854', NULL),
	(22, 22.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 20', 'a note
of two linesa note
of two lines', 20.50, true, '2026-05-21 12:00:00+00', 'p20@example.com', 'https://example.com/', '+31 10 123', 2, NULL, '{3,4}', 22, '8d89b6f7-c071-49b2-978b-0cce643432cc', NULL),
	(23, 23.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 21', '', 21.50, false, '2026-05-22 12:00:00+00', 'p21@example.com', 'https://example.com/', '+31 10 123', 3, 1, '{}', 23, 'ee4287b6-6c64-482d-88ec-52925c19f5da', NULL),
	(24, 24.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 22', 'a note
of two lines', 22.50, true, '2026-05-23 12:00:00+00', 'p22@example.com', 'https://example.com/', '+31 10 123', 4, 2, '{3}', 24, '993e35a0-ee4f-490e-b9a5-290cc4dd4796', NULL),
	(25, 25.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 23', 'a note
of two linesa note
of two lines', 23.50, false, '2026-05-24 12:00:00+00', 'p23@example.com', 'https://example.com/', '+31 10 123', 5, NULL, '{3,4}', 25, '71de3cb7-db3d-476a-be4b-e49fcb636410', NULL),
	(26, 26.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, NULL, 'Product 24', '', 24.50, true, '2026-05-25 12:00:00+00', 'p24@example.com', 'https://example.com/', '+31 10 123', 0, 1, '{}', 26, 'f0bc5950-e7b3-466a-a0c9-0945af29111d', NULL),
	(10, 10.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:28.68444+00', 1, 1, '2026-11-28 06:58:30.069574+00', 'Product 08', 'a note
of two linesa note
of two lines', 8.50, true, '2026-05-09 12:00:00+00', 'p8@example.com', 'https://example.com/', '+31 10 123', 2, NULL, '{3,4}', 10, 'd977e8a9-f188-4d17-99f3-9c6ef693e605', NULL),
	(5, 5.00000000000000000000, '2026-11-28 06:58:28.68444+00', '2026-11-28 06:58:30.155719+00', 1, 1, NULL, 'Plum', '', -1.25, false, '2026-05-04 12:00:00+00', 'p3@example.com', 'https://example.com/', '+31 10 123', 3, 1, '{}', 5, '3aa228d8-cfef-48ad-8d2a-374961d574a0', 'kept');
INSERT INTO ws_1.table_2 VALUES
	(1, 1.00000000000000000000, '2026-11-28 06:58:28.868307+00', '2026-11-28 06:58:29.386496+00', 1, 1, NULL, 'First', '[{"id": 5, "value": "-1.25"}, {"id": 6, "value": "4.50"}]', 3.25, 2, 'First: 3.25'),
	(2, 2.00000000000000000000, '2026-11-28 06:58:28.868307+00', '2026-11-28 06:58:29.497754+00', 1, 1, NULL, 'Second', '[{"id": 5, "value": "-1.25"}, {"id": 7, "value": "5.50"}]', 4.25, 2, 'Second: 4.25');
INSERT INTO ws_1.table_3 VALUES
	(1, 1.00000000000000000000, '2026-11-28 06:58:29.791436+00', '2026-11-28 06:58:29.791436+00', 1, 1, NULL, '', '', false),
	(2, 2.00000000000000000000, '2026-11-28 06:58:29.791436+00', '2026-11-28 06:58:29.791436+00', 1, 1, NULL, '', '', false);
SELECT pg_catalog.setval('core.action_id_seq', 39, true);
SELECT pg_catalog.setval('core.application_id_seq', 2, true);
SELECT pg_catalog.setval('core.invitation_id_seq', 1, false);
SELECT pg_catalog.setval('core.job_id_seq', 1, false);
SELECT pg_catalog.setval('core.membership_id_seq', 1, true);
SELECT pg_catalog.setval('core.outbox_id_seq', 37, true);
SELECT pg_catalog.setval('core.trash_id_seq', 4, true);
SELECT pg_catalog.setval('core.user_id_seq', 2, true);
SELECT pg_catalog.setval('core.workspace_id_seq', 1, true);
SELECT pg_catalog.setval('database.field_backup_id_seq', 1, false);
SELECT pg_catalog.setval('database.field_id_seq', 26, true);
SELECT pg_catalog.setval('database.recalculation_id_seq', 1, false);
SELECT pg_catalog.setval('database.row_count_id_seq', 5, true);
SELECT pg_catalog.setval('database.row_history_id_seq', 30, true);
SELECT pg_catalog.setval('database.search_queue_id_seq', 1, false);
SELECT pg_catalog.setval('database.select_option_id_seq', 4, true);
SELECT pg_catalog.setval('database.table_id_seq', 3, true);
SELECT pg_catalog.setval('database_tokens.right_id_seq', 4, true);
SELECT pg_catalog.setval('database_tokens.token_id_seq', 1, true);
SELECT pg_catalog.setval('user_files.file_id_seq', 1, false);
SELECT pg_catalog.setval('ws_1.field_12_seq', 26, true);
SELECT pg_catalog.setval('ws_1.table_1_id_seq', 26, true);
SELECT pg_catalog.setval('ws_1.table_2_id_seq', 2, true);
SELECT pg_catalog.setval('ws_1.table_3_id_seq', 2, true);
ALTER TABLE ONLY core.migration
    ADD CONSTRAINT migration_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY core.action
    ADD CONSTRAINT pk_action PRIMARY KEY (id);
ALTER TABLE ONLY core.application
    ADD CONSTRAINT pk_application PRIMARY KEY (id);
ALTER TABLE ONLY core.instance_settings
    ADD CONSTRAINT pk_instance_settings PRIMARY KEY (id);
ALTER TABLE ONLY core.invitation
    ADD CONSTRAINT pk_invitation PRIMARY KEY (id);
ALTER TABLE ONLY core.job
    ADD CONSTRAINT pk_job PRIMARY KEY (id);
ALTER TABLE ONLY core.membership
    ADD CONSTRAINT pk_membership PRIMARY KEY (id);
ALTER TABLE ONLY core.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);
ALTER TABLE ONLY core.plugin_state
    ADD CONSTRAINT pk_plugin_state PRIMARY KEY (name);
ALTER TABLE ONLY core.revoked_token
    ADD CONSTRAINT pk_revoked_token PRIMARY KEY (digest);
ALTER TABLE ONLY core.trash
    ADD CONSTRAINT pk_trash PRIMARY KEY (id);
ALTER TABLE ONLY core."user"
    ADD CONSTRAINT pk_user PRIMARY KEY (id);
ALTER TABLE ONLY core.workspace
    ADD CONSTRAINT pk_workspace PRIMARY KEY (id);
ALTER TABLE ONLY core.invitation
    ADD CONSTRAINT uq_invitation_workspace_id_email UNIQUE (workspace_id, email);
ALTER TABLE ONLY core.membership
    ADD CONSTRAINT uq_membership_workspace_id_user_id UNIQUE (workspace_id, user_id);
ALTER TABLE ONLY core."user"
    ADD CONSTRAINT uq_user_email UNIQUE (email);
ALTER TABLE ONLY database.field
    ADD CONSTRAINT pk_field PRIMARY KEY (id);
ALTER TABLE ONLY database.field_backup
    ADD CONSTRAINT pk_field_backup PRIMARY KEY (id);
ALTER TABLE ONLY database.recalculation
    ADD CONSTRAINT pk_recalculation PRIMARY KEY (id);
ALTER TABLE ONLY database.row_count
    ADD CONSTRAINT pk_row_count PRIMARY KEY (id);
ALTER TABLE ONLY database.row_history
    ADD CONSTRAINT pk_row_history PRIMARY KEY (id);
ALTER TABLE ONLY database.search_index
    ADD CONSTRAINT pk_search_index PRIMARY KEY (table_id);
ALTER TABLE ONLY database.search_queue
    ADD CONSTRAINT pk_search_queue PRIMARY KEY (id);
ALTER TABLE ONLY database.select_option
    ADD CONSTRAINT pk_select_option PRIMARY KEY (id);
ALTER TABLE ONLY database."table"
    ADD CONSTRAINT pk_table PRIMARY KEY (id);
ALTER TABLE ONLY database_tokens."right"
    ADD CONSTRAINT pk_right PRIMARY KEY (id);
ALTER TABLE ONLY database_tokens.token
    ADD CONSTRAINT pk_token PRIMARY KEY (id);
ALTER TABLE ONLY database_tokens.token
    ADD CONSTRAINT uq_token_key_digest UNIQUE (key_digest);
ALTER TABLE ONLY user_files.file
    ADD CONSTRAINT pk_file PRIMARY KEY (id);
ALTER TABLE ONLY user_files.file
    ADD CONSTRAINT uq_file_name UNIQUE (name);
ALTER TABLE ONLY user_files.file
    ADD CONSTRAINT uq_file_sha256_original_name_uploaded_by UNIQUE (sha256, original_name, uploaded_by);
ALTER TABLE ONLY ws_1.link_17
    ADD CONSTRAINT link_17_pkey PRIMARY KEY (left_id, right_id);
ALTER TABLE ONLY ws_1.table_1
    ADD CONSTRAINT table_1_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ws_1.table_2
    ADD CONSTRAINT table_2_pkey PRIMARY KEY (id);
ALTER TABLE ONLY ws_1.table_3
    ADD CONSTRAINT table_3_pkey PRIMARY KEY (id);
CREATE INDEX ix_action_undo ON core.action USING btree (user_id, session_id, id);
CREATE INDEX ix_action_workspace ON core.action USING btree (workspace_id, created_on);
CREATE INDEX ix_application_workspace_id ON core.application USING btree (workspace_id);
CREATE INDEX ix_invitation_email ON core.invitation USING btree (email);
CREATE INDEX ix_job_open ON core.job USING btree (id) WHERE (state <> ALL (ARRAY['finished'::text, 'failed'::text, 'cancelled'::text]));
CREATE INDEX ix_job_user_id ON core.job USING btree (user_id);
CREATE INDEX ix_membership_user_id ON core.membership USING btree (user_id);
CREATE INDEX ix_revoked_token_expires_on ON core.revoked_token USING btree (expires_on);
CREATE INDEX ix_trash_due ON core.trash USING btree (trashed_on);
CREATE INDEX ix_trash_workspace ON core.trash USING btree (workspace_id, trashed_on);
CREATE UNIQUE INDEX uq_trash_item ON core.trash USING btree (type, COALESCE(parent_id, (0)::bigint), item_id);
CREATE INDEX ix_field_backup_field_id ON database.field_backup USING btree (field_id);
CREATE INDEX ix_field_linked_table_id ON database.field USING btree (linked_table_id);
CREATE INDEX ix_field_table_id ON database.field USING btree (table_id);
CREATE INDEX ix_recalculation_table_id ON database.recalculation USING btree (table_id);
CREATE INDEX ix_row_count_table_id ON database.row_count USING btree (table_id);
CREATE INDEX ix_row_history_row ON database.row_history USING btree (table_id, row_id, id DESC);
CREATE INDEX ix_search_queue_row ON database.search_queue USING btree (table_id, row_id);
CREATE INDEX ix_select_option_field_id ON database.select_option USING btree (field_id);
CREATE INDEX ix_table_application_id ON database."table" USING btree (application_id);
CREATE UNIQUE INDEX uq_field_name ON database.field USING btree (table_id, name) WHERE (trashed_on IS NULL);
CREATE UNIQUE INDEX uq_field_primary ON database.field USING btree (table_id) WHERE "primary";
CREATE INDEX ix_right_database_id ON database_tokens."right" USING btree (database_id);
CREATE INDEX ix_right_table_id ON database_tokens."right" USING btree (table_id);
CREATE INDEX ix_right_token_id ON database_tokens."right" USING btree (token_id);
CREATE INDEX ix_token_user_id ON database_tokens.token USING btree (user_id);
CREATE INDEX ix_token_workspace_id ON database_tokens.token USING btree (workspace_id);
CREATE INDEX ix_file_uploaded_by ON user_files.file USING btree (uploaded_by);
CREATE INDEX link_17_right ON ws_1.link_17 USING btree (right_id, left_id);
CREATE INDEX table_1_order ON ws_1.table_1 USING btree ("order", id) WHERE (trashed_on IS NULL);
CREATE INDEX table_2_order ON ws_1.table_2 USING btree ("order", id) WHERE (trashed_on IS NULL);
CREATE INDEX table_3_order ON ws_1.table_3 USING btree ("order", id) WHERE (trashed_on IS NULL);
ALTER TABLE ONLY core.application
    ADD CONSTRAINT fk_application_workspace_id FOREIGN KEY (workspace_id) REFERENCES core.workspace(id) ON DELETE CASCADE;
ALTER TABLE ONLY core.invitation
    ADD CONSTRAINT fk_invitation_invited_by_id FOREIGN KEY (invited_by_id) REFERENCES core."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY core.invitation
    ADD CONSTRAINT fk_invitation_workspace_id FOREIGN KEY (workspace_id) REFERENCES core.workspace(id) ON DELETE CASCADE;
ALTER TABLE ONLY core.job
    ADD CONSTRAINT fk_job_user_id FOREIGN KEY (user_id) REFERENCES core."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY core.membership
    ADD CONSTRAINT fk_membership_user_id FOREIGN KEY (user_id) REFERENCES core."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY core.membership
    ADD CONSTRAINT fk_membership_workspace_id FOREIGN KEY (workspace_id) REFERENCES core.workspace(id) ON DELETE CASCADE;
ALTER TABLE ONLY database.field
    ADD CONSTRAINT fk_field_table_id FOREIGN KEY (table_id) REFERENCES database."table"(id) ON DELETE CASCADE;
ALTER TABLE ONLY database.recalculation
    ADD CONSTRAINT fk_recalculation_table_id FOREIGN KEY (table_id) REFERENCES database."table"(id) ON DELETE CASCADE;
ALTER TABLE ONLY database.row_count
    ADD CONSTRAINT fk_row_count_table_id FOREIGN KEY (table_id) REFERENCES database."table"(id) ON DELETE CASCADE;
ALTER TABLE ONLY database.search_index
    ADD CONSTRAINT fk_search_index_table_id FOREIGN KEY (table_id) REFERENCES database."table"(id) ON DELETE CASCADE;
ALTER TABLE ONLY database.select_option
    ADD CONSTRAINT fk_select_option_field_id FOREIGN KEY (field_id) REFERENCES database.field(id) ON DELETE CASCADE;
ALTER TABLE ONLY database."table"
    ADD CONSTRAINT fk_table_application_id FOREIGN KEY (application_id) REFERENCES core.application(id) ON DELETE CASCADE;
ALTER TABLE ONLY database_tokens."right"
    ADD CONSTRAINT fk_right_database_id FOREIGN KEY (database_id) REFERENCES core.application(id) ON DELETE CASCADE;
ALTER TABLE ONLY database_tokens."right"
    ADD CONSTRAINT fk_right_table_id FOREIGN KEY (table_id) REFERENCES database."table"(id) ON DELETE CASCADE;
ALTER TABLE ONLY database_tokens."right"
    ADD CONSTRAINT fk_right_token_id FOREIGN KEY (token_id) REFERENCES database_tokens.token(id) ON DELETE CASCADE;
ALTER TABLE ONLY database_tokens.token
    ADD CONSTRAINT fk_token_user_id FOREIGN KEY (user_id) REFERENCES core."user"(id) ON DELETE CASCADE;
ALTER TABLE ONLY database_tokens.token
    ADD CONSTRAINT fk_token_workspace_id FOREIGN KEY (workspace_id) REFERENCES core.workspace(id) ON DELETE CASCADE;
ALTER TABLE ONLY user_files.file
    ADD CONSTRAINT fk_file_uploaded_by FOREIGN KEY (uploaded_by) REFERENCES core."user"(id) ON DELETE SET NULL;
ALTER TABLE ONLY ws_1.link_17
    ADD CONSTRAINT link_17_left_id_fkey FOREIGN KEY (left_id) REFERENCES ws_1.table_2(id) ON DELETE CASCADE;
ALTER TABLE ONLY ws_1.link_17
    ADD CONSTRAINT link_17_right_id_fkey FOREIGN KEY (right_id) REFERENCES ws_1.table_1(id) ON DELETE CASCADE;
