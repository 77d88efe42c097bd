"""Tenants are found by their phone or address before any scope, when they enter with a code.

`nexxio_find_tenants` runs with its owner's rights and answers keys only: of tenants of active
landlords who live somewhere on the given day. Two queries, because each has an index of its own.
"""

import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

FIND_TENANTS = """
CREATE FUNCTION nexxio_find_tenants(channel text, wanted text, today date)
RETURNS TABLE (tenant_id uuid, landlord_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.landlord_id
    FROM (
        SELECT a.id, a.landlord_id FROM core_tenant a
        WHERE channel = 'sms' AND a.phone = wanted AND a.phone <> ''
        UNION ALL
        SELECT b.id, b.landlord_id FROM core_tenant b
        WHERE channel = 'email' AND lower(b.email) = wanted AND b.email <> ''
    ) t
    JOIN core_organisation o ON o.id = t.landlord_id
    WHERE o.is_active AND EXISTS (
        SELECT 1 FROM core_occupancy c
        WHERE c.landlord_id = t.landlord_id AND c.tenant_id = t.id
        AND c.starts_on <= today AND (c.ends_on IS NULL OR c.ends_on >= today))
    ORDER BY o.name, t.id
    LIMIT 20
$$;
REVOKE ALL ON FUNCTION nexxio_find_tenants(text, text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_find_tenants(text, text, date) TO nexxio_site, nexxio_system;
"""
FIND_TENANTS_UNDO = "DROP FUNCTION nexxio_find_tenants(text, text, date)"


class Migration(migrations.Migration):
    """Runs as the owner of the schema; tables stay writable while the indexes are made."""

    atomic = False

    dependencies = [("core", "0016_entry_by_code")]

    operations = [
        AddIndexConcurrently(
            model_name="tenant",
            index=models.Index(
                fields=["phone"],
                condition=models.Q(("phone", ""), _negated=True),
                name="tenant_by_phone",
            ),
        ),
        AddIndexConcurrently(
            model_name="tenant",
            index=models.Index(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="tenant_by_email",
            ),
        ),
        migrations.RunSQL(FIND_TENANTS, FIND_TENANTS_UNDO),
    ]
