"""What policies on members ask, and the guard of tables while platform staff look in."""

from django.db import migrations

# A policy on core_membership can't read core_membership itself; this runs with its owner's rights
# and tells one bit.
MANAGES = """
CREATE FUNCTION nexxio_manages(house uuid, person uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM core_membership m JOIN core_user u ON u.id = m.user_id
        WHERE m.organisation_id = house AND m.user_id = person
          AND m.is_active AND u.is_active AND 'manager' = ANY (m.roles)
    )
$$;
REVOKE ALL ON FUNCTION nexxio_manages(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_manages(uuid, uuid) TO nexxio_site, nexxio_system;
"""
MANAGES_UNDO = "DROP FUNCTION nexxio_manages(uuid, uuid)"

# Triggers are put on every table behind walls after each migration (nexxio/core/db/grants.py).
LOOK_ONLY = """
CREATE FUNCTION nexxio_look_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'nexxio_site' AND current_setting('nexxio.entry', true) <> '' THEN
        RAISE EXCEPTION 'platform staff only look' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
"""
LOOK_ONLY_UNDO = "DROP FUNCTION nexxio_look_only() CASCADE"


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0022_walls")]

    operations = [
        migrations.RunSQL(MANAGES, MANAGES_UNDO),
        migrations.RunSQL(LOOK_ONLY, LOOK_ONLY_UNDO),
    ]
