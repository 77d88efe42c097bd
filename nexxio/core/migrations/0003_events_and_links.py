"""Events can't be changed; a link is found by the hash of its token before any scope."""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION nexxio_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE ON core_event
    FOR EACH ROW EXECUTE FUNCTION nexxio_refuse_change();
"""
APPEND_ONLY_UNDO = """
DROP TRIGGER core_event_append_only ON core_event;
DROP FUNCTION nexxio_refuse_change();
"""

# Runs with its owner's rights, and tells nothing but what the door needs of a valid link.
FIND_LINK = """
CREATE FUNCTION nexxio_find_link(wanted text)
RETURNS TABLE (id uuid, landlord_id uuid, case_id uuid, party varchar, purposes varchar[],
               expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.id, l.landlord_id, l.case_id, l.party, l.purposes, l.expires_at
    FROM core_link l JOIN core_organisation o ON o.id = l.landlord_id
    WHERE l.token_hash = wanted AND l.revoked_at IS NULL AND l.expires_at > now() AND o.is_active
$$;
REVOKE ALL ON FUNCTION nexxio_find_link(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_find_link(text) TO nexxio_site, nexxio_system;
"""
FIND_LINK_UNDO = "DROP FUNCTION nexxio_find_link(text)"


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0002_walls")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_UNDO),
        migrations.RunSQL(FIND_LINK, FIND_LINK_UNDO),
    ]
