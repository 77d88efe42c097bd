"""Search of orders: a stored column of folded words with a trigram index, and its function.

`orders_search` runs with its owner's rights, since behind row-level security the index of words
may not be used. It carries the scope's filter instead: whose orders it searches is in the
connection's settings, in no argument, and without a landlord or a contractor there it finds
nothing. The query is put together for each call, so that the planner sees the words: rare ones
are found by the index of words, frequent ones by walking the list from its newest end.
"""

from django.db import migrations

COLUMN = """
ALTER TABLE orders_order ADD COLUMN search text GENERATED ALWAYS AS (nexxio_fold(
    ' ' || reference || ' ' || external_number || ' ' || title || ' ' || place_address
    || ' ' || place_name)) STORED;
ALTER TABLE orders_order ALTER COLUMN search SET STATISTICS 1000;
CREATE INDEX order_search ON orders_order USING gin (search gin_trgm_ops);
"""
COLUMN_UNDO = "ALTER TABLE orders_order DROP COLUMN search"

SIGNATURE = (
    "orders_search(text, text[], text, text, date, timestamptz, uuid, boolean, integer)"
)
SEARCH = f"""
CREATE FUNCTION orders_search(asked text, states text[], trade text, priority text,
                              late_before date, key_at timestamptz, key_id uuid,
                              backwards boolean, most integer)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    landlord uuid := nullif(current_setting('nexxio.landlord', true), '')::uuid;
    contractor uuid := nullif(current_setting('nexxio.contractor', true), '')::uuid;
    pattern text;
    patterns text[] := nexxio_patterns(asked);
    query text := 'SELECT id FROM orders_order WHERE '
        || CASE WHEN landlord IS NOT NULL THEN 'landlord_id = $1' ELSE 'contractor_id = $1' END;
BEGIN
    IF patterns IS NULL OR (landlord IS NULL AND contractor IS NULL) THEN
        RETURN;
    END IF;
    FOREACH pattern IN ARRAY patterns LOOP
        query := query || format(' AND search LIKE %L', pattern);
    END LOOP;
    query := query
        || CASE WHEN states IS NOT NULL THEN ' AND state = ANY ($2)' ELSE '' END
        || CASE WHEN trade IS NOT NULL THEN ' AND trade_id = $3' ELSE '' END
        || CASE WHEN priority IS NOT NULL THEN ' AND priority = $4' ELSE '' END
        || CASE WHEN late_before IS NOT NULL THEN ' AND target_date < $5' ELSE '' END
        || CASE WHEN key_id IS NULL THEN ''
                WHEN backwards THEN ' AND (created_at, id) > ($6, $7)'
                ELSE ' AND (created_at, id) < ($6, $7)' END
        || CASE WHEN backwards THEN ' ORDER BY created_at, id'
                ELSE ' ORDER BY created_at DESC, id DESC' END
        || ' LIMIT $8';
    RETURN QUERY EXECUTE query USING
        coalesce(landlord, contractor), states, trade, priority, late_before, key_at, key_id, most;
END $$;
REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {SIGNATURE} TO nexxio_site, nexxio_system;
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0004_counting_indexes"), ("core", "0005_search")]

    operations = [
        migrations.RunSQL(COLUMN, COLUMN_UNDO),
        migrations.RunSQL(SEARCH, f"DROP FUNCTION {SIGNATURE}"),
    ]
