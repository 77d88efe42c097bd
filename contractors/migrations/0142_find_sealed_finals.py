from django.db import migrations

# A definitive account is found by the code that is printed on it, as what orders have sealed.
FIND_SEALED = """
CREATE OR REPLACE FUNCTION nexxio_find_sealed(wanted text)
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
        UNION ALL
        SELECT 'final_account', d.landlord_id, d.file_id, d.number, false, d.closed_at
        FROM contractors_finalaccount d
        WHERE d.verify_hash = wanted AND d.verify_hash <> '' AND d.seal = 'sealed'
    ) s
    JOIN core_organisation o ON o.id = s.landlord_id
    JOIN core_storedfile f ON f.id = s.file_id
$$;
"""

OF_ORDERS_ONLY = """
CREATE OR REPLACE FUNCTION nexxio_find_sealed(wanted text)
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
"""


class Migration(migrations.Migration):
    """Replaces the function of orders, whose rights stay as they are."""

    dependencies = [
        ("contractors", "0141_sealed_final_index"),
        ("orders", "0213_find_sealed"),
    ]

    operations = [migrations.RunSQL(FIND_SEALED, OF_ORDERS_ONLY)]
