"""The look-up of a sealed document by the code that is printed on it, before any scope.

It tells who issued it, when, how, and the fingerprint; no person, place or sum.
"""

from django.db import migrations

MAKE = """
CREATE FUNCTION nexxio_find_sealed(wanted text)
RETURNS TABLE (landlord varchar, number smallint, is_tacit boolean, decided_at timestamptz,
               sha256 varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.name, c.number, c.state = 'tacit', c.decided_at, f.sha256
    FROM orders_certificate c
    JOIN core_organisation o ON o.id = c.landlord_id
    JOIN core_storedfile f ON f.id = c.file_id
    WHERE c.verify_hash = wanted AND c.verify_hash <> '' AND c.seal = 'sealed'
$$;
REVOKE ALL ON FUNCTION nexxio_find_sealed(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_find_sealed(text) TO nexxio_site, nexxio_system;
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0083_walls")]

    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION nexxio_find_sealed(text)")]
