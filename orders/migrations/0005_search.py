"""Search of orders: a stored column of folded words with a trigram index, and its function.

`orders_search` runs with its owner's rights, since behind row-level security the index of words
may not be used. It carries the scope's filter instead: whose orders it searches is in the
connection's settings, in no argument, and without a landlord or a contractor there it finds
nothing.

It looks twice. Frequent words are found by walking the newest orders; when those don't fill the
page, the index of words is asked, whose first columns are the parties, so that a word that others
use often and this party never costs nothing. PostgreSQL can't choose by itself: it knows how
frequent a word is, but not among whose orders.
"""

from django.db import migrations

COLUMN = """
ALTER TABLE orders_order ADD COLUMN search text GENERATED ALWAYS AS (nexxio_fold(
    ' ' || reference || ' ' || external_number || ' ' || title || ' ' || place_address
    || ' ' || place_name)) STORED;
ALTER TABLE orders_order ALTER COLUMN search SET STATISTICS 1000;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX order_search ON orders_order
    USING gin (landlord_id, contractor_id, search gin_trgm_ops);
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
    words text := '';
    direction text := CASE WHEN backwards THEN 'ASC' ELSE 'DESC' END;
    orders text := 'SELECT id, created_at, search FROM orders_order WHERE '
        || CASE WHEN landlord IS NOT NULL THEN 'landlord_id = $1' ELSE 'contractor_id = $1' END
        || CASE WHEN states IS NOT NULL THEN ' AND state = ANY ($2)' ELSE '' END
        || CASE WHEN trade IS NOT NULL THEN ' AND trade_id = $3' ELSE '' END
        || CASE WHEN priority IS NOT NULL THEN ' AND priority = $4' ELSE '' END
        || CASE WHEN late_before IS NOT NULL THEN ' AND target_date < $5' ELSE '' END
        || CASE WHEN key_id IS NULL THEN ''
                WHEN backwards THEN ' AND (created_at, id) > ($6, $7)'
                ELSE ' AND (created_at, id) < ($6, $7)' END;
    newest uuid[];
BEGIN
    IF patterns IS NULL OR (landlord IS NULL AND contractor IS NULL) THEN
        RETURN;
    END IF;
    FOREACH pattern IN ARRAY patterns LOOP
        words := words || format(' AND search LIKE %L', pattern);
    END LOOP;
    EXECUTE 'SELECT ARRAY(SELECT id FROM (' || orders
        || format(' ORDER BY created_at %1$s, id %1$s LIMIT $8 * 20) walked', direction)
        || ' WHERE true' || words || ' LIMIT $8)'
        INTO newest USING coalesce(landlord, contractor), states, trade, priority, late_before,
            key_at, key_id, most;
    IF cardinality(newest) = most THEN
        RETURN QUERY SELECT unnest(newest);
        RETURN;
    END IF;
    -- Materialized: with the limit in sight the planner would walk all the orders again.
    RETURN QUERY EXECUTE 'WITH found AS MATERIALIZED (' || orders || words || ') SELECT id'
        || format(' FROM found ORDER BY created_at %1$s, id %1$s LIMIT $8', direction)
        USING coalesce(landlord, contractor), states, trade, priority, late_before,
            key_at, key_id, most;
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
