from django.db import migrations

# A sealed document is found by the code that is printed on it, before any scope. It tells which
# kind it is, who issued it, when, how, and the fingerprint; no person, place or sum.
FIND_SEALED = """
DROP FUNCTION nexxio_find_sealed(text);
CREATE FUNCTION nexxio_find_sealed(wanted text)
RETURNS TABLE (landlord varchar, number smallint, is_tacit boolean, decided_at timestamptz,
               sha256 varchar, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.name, s.number, s.is_tacit, s.decided_at, f.sha256, s.kind
    FROM (
        SELECT 'certificate' AS kind, c.landlord_id, c.file_id, c.number, c.state = 'tacit' AS
               is_tacit, c.decided_at
        FROM orders_certificate c
        WHERE c.verify_hash = wanted AND c.verify_hash <> '' AND c.seal = 'sealed'
        UNION ALL
        SELECT 'lifting', l.landlord_id, l.file_id, l.number, false, l.created_at
        FROM orders_liftingrecord l
        WHERE l.verify_hash = wanted AND l.verify_hash <> '' AND l.seal = 'sealed'
        UNION ALL
        SELECT 'sign_off', n.landlord_id, n.file_id, 1::smallint, false, n.created_at
        FROM orders_signoff n
        WHERE n.verify_hash = wanted AND n.verify_hash <> '' AND n.seal = 'sealed'
    ) s
    JOIN core_organisation o ON o.id = s.landlord_id
    JOIN core_storedfile f ON f.id = s.file_id
$$;
REVOKE ALL ON FUNCTION nexxio_find_sealed(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_find_sealed(text) TO nexxio_site, nexxio_system;
"""

CERTIFICATES_ONLY = """
DROP FUNCTION nexxio_find_sealed(text);
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
    """Records of lifted reserves and sign-offs are found by their codes too."""

    dependencies = [("orders", "0212_sealed_indexes")]

    operations = [migrations.RunSQL(FIND_SEALED, CERTIFICATES_ONLY)]
