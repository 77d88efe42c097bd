"""Search inside an agency or a sector: `orders_search` with two arguments more (see 0005_search).

The function of before stays for the processes of the former release; the next one may drop it.
"""

from django.db import migrations

SIGNATURE = (
    "orders_search(text, text[], text, text, date, timestamptz, uuid, boolean, integer, uuid, uuid)"
)
SEARCH = f"""
CREATE FUNCTION orders_search(asked text, states text[], trade text, priority text,
                              late_before date, key_at timestamptz, key_id uuid,
                              backwards boolean, most integer, agency uuid, sector uuid)
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
        || CASE WHEN agency IS NOT NULL THEN ' AND agency_id = $9' ELSE '' END
        || CASE WHEN sector IS NOT NULL THEN ' AND sector_id = $10' ELSE '' END
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
            key_at, key_id, most, agency, sector;
    IF cardinality(newest) = most THEN
        RETURN QUERY SELECT unnest(newest);
        RETURN;
    END IF;
    -- Materialized: with the limit in sight the planner would walk all the orders again.
    RETURN QUERY EXECUTE 'WITH found AS MATERIALIZED (' || orders || words || ') SELECT id'
        || format(' FROM found ORDER BY created_at %1$s, id %1$s LIMIT $8', direction)
        USING coalesce(landlord, contractor), states, trade, priority, late_before,
            key_at, key_id, most, agency, sector;
END $$;
REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {SIGNATURE} TO nexxio_site, nexxio_system;
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0032_territory_indexes")]

    operations = [migrations.RunSQL(SEARCH, f"DROP FUNCTION {SIGNATURE}")]
