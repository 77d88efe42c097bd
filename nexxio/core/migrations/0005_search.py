"""Words without accents: how text is folded, and the search of residences.

`nexxio_fold` is what a search compares: lower case, no accent, no ligature. It is declared
immutable, as a stored column asks; whoever changes PostgreSQL's rules of unaccent writes the
columns again. `nexxio_patterns` makes LIKE patterns of what people type: three letters or more
are found anywhere, one or two at the beginning of a word (where the index can find them too).

`core_search_groups` runs with its owner's rights, since behind row-level security the index of
words may not be used. Whose residences it searches is in the connection's scope, in no argument.
"""

from django.db import migrations

FOLD = r"""
CREATE FUNCTION nexxio_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1))
$$;
CREATE FUNCTION nexxio_patterns(asked text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(
        CASE WHEN length(word) < 3 THEN '% ' ELSE '%' END
        || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%')
    FROM (SELECT word FROM regexp_split_to_table(public.nexxio_fold(asked), '\s+') AS word
          WHERE word ~ '[[:alnum:]]' LIMIT 8) words
$$;
"""
FOLD_UNDO = "DROP FUNCTION nexxio_patterns(text); DROP FUNCTION nexxio_fold(text)"

COLUMN = """
ALTER TABLE core_group ADD COLUMN search text GENERATED ALWAYS AS (nexxio_fold(
    ' ' || name || ' ' || address || ' ' || raw_address || ' ' || postcode || ' ' || city
    || ' ' || identifier)) STORED;
CREATE INDEX group_search ON core_group USING gin (search gin_trgm_ops);
"""
COLUMN_UNDO = "ALTER TABLE core_group DROP COLUMN search"

SEARCH = """
CREATE FUNCTION core_search_groups(asked text, key_postcode text, key_name text, key_id uuid,
                                   backwards boolean, most integer)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    landlord uuid := nullif(current_setting('nexxio.landlord', true), '')::uuid;
    query text := 'SELECT id FROM core_group WHERE landlord_id = $1 AND archived_at IS NULL';
    direction text := CASE WHEN backwards THEN ' DESC' ELSE '' END;
    pattern text;
    patterns text[] := nexxio_patterns(asked);
BEGIN
    IF landlord IS NULL OR (patterns IS NULL AND trim(asked) <> '') THEN
        RETURN;
    END IF;
    FOREACH pattern IN ARRAY coalesce(patterns, '{}') LOOP
        query := query || format(' AND search LIKE %L', pattern);
    END LOOP;
    IF key_id IS NOT NULL THEN
        query := query || ' AND (postcode, name, id) ' || CASE WHEN backwards THEN '<' ELSE '>' END
            || ' ($2, $3, $4)';
    END IF;
    query := query || format(' ORDER BY postcode %1$s, name %1$s, id %1$s LIMIT $5', direction);
    RETURN QUERY EXECUTE query USING landlord, key_postcode, key_name, key_id, most;
END $$;
REVOKE ALL ON FUNCTION core_search_groups(text, text, text, uuid, boolean, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_search_groups(text, text, text, uuid, boolean, integer)
    TO nexxio_site, nexxio_system;
"""
SEARCH_UNDO = "DROP FUNCTION core_search_groups(text, text, text, uuid, boolean, integer)"


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0004_walls")]

    operations = [
        migrations.RunSQL(FOLD, FOLD_UNDO),
        migrations.RunSQL(COLUMN, COLUMN_UNDO),
        migrations.RunSQL(SEARCH, SEARCH_UNDO),
    ]
