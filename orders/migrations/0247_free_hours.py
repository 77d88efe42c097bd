"""Which hours of a technician are free, for the tenant whose appointment he has.

A tenant reads neither a planning nor an absence. So the function runs with its owner's rights, and
only of a visit that the connection's own tenant or case may read: the scope is in the connection's
settings, in no argument. It answers of the windows that it is asked for which ones are free, by
their numbers, and nothing of what fills the others.

hold: it first waits for whoever else takes a window of the same technician in a transaction that
hasn't ended. Each statement of it sees what was committed before it begins, so that the second of
two tenants finds the window taken.
"""

from django.db import migrations

FREE = """
CREATE FUNCTION orders_free_hours(asked uuid, starts timestamptz[], ends timestamptz[], days date[],
    codes text[], hold boolean) RETURNS SETOF integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    visit orders_visit%ROWTYPE;
BEGIN
    SELECT * INTO visit FROM orders_visit v
    WHERE v.id = asked AND v.technician_id IS NOT NULL AND v.contractor_id IS NOT NULL
        AND (v.tenant_id = nullif(current_setting('nexxio.tenant', true), '')::uuid
            OR v.reader_case_id = nullif(current_setting('nexxio.case', true), '')::uuid);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF hold THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('free hours ' || visit.technician_id, 0));
    END IF;
    RETURN QUERY
    SELECT w.number::integer
    FROM unnest(starts, ends, days, codes) WITH ORDINALITY AS w (first, last, day, code, number)
    JOIN orders_tenanthours h ON h.contractor_id = visit.contractor_id AND w.code = ANY (h.windows)
    WHERE EXISTS (SELECT FROM core_membership m
            WHERE m.id = visit.technician_id AND m.is_active)
        AND NOT EXISTS (SELECT FROM orders_visit v
            WHERE v.technician_id = visit.technician_id AND v.id <> visit.id
                AND v.state IN ('proposed', 'confirmed', 'on_the_way', 'on_site')
                AND v.window_start < w.last AND v.window_end > w.first)
        AND NOT EXISTS (SELECT FROM orders_visit v
            JOIN orders_visitslot s ON s.landlord_id = v.landlord_id AND s.visit_id = v.id
            WHERE v.technician_id = visit.technician_id AND v.id <> visit.id
                AND v.state = 'proposed' AND s.withdrawn_at IS NULL
                AND s.window_start < w.last AND s.window_end > w.first)
        AND NOT EXISTS (SELECT FROM core_absence a
            WHERE a.organisation_id = visit.contractor_id AND a.member_id = visit.technician_id
                AND a.ended_at IS NULL AND w.day BETWEEN a.starts_on AND a.ends_on)
        AND NOT EXISTS (SELECT FROM core_closedperiod c
            WHERE w.day BETWEEN c.starts_on AND c.ends_on
                AND (c.organisation_id = visit.contractor_id
                    OR c.organisation_id = visit.landlord_id
                        AND EXISTS (SELECT FROM orders_ordercontact k
                            WHERE k.order_id = visit.order_id
                                AND k.access && ARRAY['keys', 'caretaker']::varchar[])))
    ORDER BY w.number;
END $$;
REVOKE ALL ON FUNCTION orders_free_hours(uuid, timestamptz[], timestamptz[], date[], text[], boolean)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    orders_free_hours(uuid, timestamptz[], timestamptz[], date[], text[], boolean) TO nexxio_site;
"""
UNDO = "DROP FUNCTION orders_free_hours(uuid, timestamptz[], timestamptz[], date[], text[], boolean)"


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0246_walls")]

    operations = [migrations.RunSQL(FREE, UNDO)]
