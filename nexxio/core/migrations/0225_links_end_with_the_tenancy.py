"""A tenant's link opens nothing more from the day after he has left the dwelling of its case.

As his code does (docs/adr/0013). One that his landlord makes for the case afterwards opens: it went
to whom the landlord corrected the contact for.
"""

from django.db import migrations

FIND_LINK = """
CREATE OR REPLACE FUNCTION nexxio_find_link(wanted text)
RETURNS TABLE (id uuid, landlord_id uuid, case_id uuid, party varchar, purposes varchar[],
               expires_at timestamptz, contractor_id uuid, order_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.id, l.landlord_id, l.case_id, l.party, l.purposes, l.expires_at, l.contractor_id, l.order_id
    FROM core_link l JOIN core_organisation o ON o.id = l.landlord_id LEFT JOIN core_organisation c ON c.id = l.contractor_id
    WHERE l.token_hash = wanted AND l.revoked_at IS NULL AND l.expires_at > now() AND o.is_active AND (c.id IS NULL OR c.is_active)
        AND NOT EXISTS (
            SELECT FROM core_case k JOIN core_occupancy a
                ON a.landlord_id = k.landlord_id AND a.unit_id = k.unit_id AND a.tenant_id = k.tenant_id
            WHERE l.party = 'tenant' AND k.landlord_id = l.landlord_id AND k.id = l.case_id
            HAVING max(coalesce(a.ends_on, 'infinity')) BETWEEN
                (l.created_at AT TIME ZONE 'Europe/Paris')::date
                AND (now() AT TIME ZONE 'Europe/Paris')::date - 1)
$$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION nexxio_find_link(wanted text)
RETURNS TABLE (id uuid, landlord_id uuid, case_id uuid, party varchar, purposes varchar[],
               expires_at timestamptz, contractor_id uuid, order_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.id, l.landlord_id, l.case_id, l.party, l.purposes, l.expires_at, l.contractor_id, l.order_id
    FROM core_link l JOIN core_organisation o ON o.id = l.landlord_id LEFT JOIN core_organisation c ON c.id = l.contractor_id
    WHERE l.token_hash = wanted AND l.revoked_at IS NULL AND l.expires_at > now() AND o.is_active AND (c.id IS NULL OR c.is_active)
$$;
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [
        ("core", "0220_walls"),
    ]

    operations = [migrations.RunSQL(FIND_LINK, BEFORE)]
