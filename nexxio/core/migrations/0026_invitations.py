"""An invitation is found by the hash of its token, and consumed: the only way to a new account."""

from django.db import migrations

# Both run with their owner's rights, before any scope: the holder of a token belongs nowhere yet.
FIND = """
CREATE FUNCTION nexxio_find_invitation(wanted text)
RETURNS TABLE (id uuid, organisation_id uuid, organisation varchar, kind varchar, slug varchar,
               email varchar, department varchar, roles varchar[], inviter text,
               expires_at timestamptz, state text, account uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT i.id, o.id, o.name, o.kind, o.slug, i.email, i.department, i.roles,
           btrim(u.first_name || ' ' || u.last_name), i.expires_at,
           CASE WHEN i.accepted_at IS NOT NULL THEN 'accepted'
                WHEN i.revoked_at IS NOT NULL THEN 'revoked'
                WHEN NOT o.is_active THEN 'closed'
                WHEN i.expires_at <= now() THEN 'expired'
                ELSE 'open' END,
           (SELECT a.id FROM core_user a WHERE lower(a.email) = i.email LIMIT 1)
    FROM core_invitation i
    JOIN core_organisation o ON o.id = i.organisation_id
    JOIN core_user u ON u.id = i.invited_by_id
    WHERE i.token_hash = wanted
$$;
REVOKE ALL ON FUNCTION nexxio_find_invitation(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_find_invitation(text) TO nexxio_site, nexxio_system;
"""

# Locks the invitation: of two acceptances one wins, the other reads what became of it. Whoever is
# logged in (nexxio.user) must be the invited address; without an account, one is made.
# Outcomes: joined, stranger (log in first, or as somebody else), unknown, or the state above.
ACCEPT = """
CREATE FUNCTION nexxio_accept_invitation(
    wanted text, first_names text, last_names text, encoded text, new_user uuid, new_member uuid)
RETURNS TABLE (outcome text, person uuid, member uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    invited core_invitation%ROWTYPE;
    now_is text;
    logged uuid := nullif(current_setting('nexxio.user', true), '')::uuid;
BEGIN
    SELECT * INTO invited FROM core_invitation i WHERE i.token_hash = wanted FOR UPDATE;
    SELECT f.state, f.account INTO now_is, person FROM nexxio_find_invitation(wanted) f;
    IF now_is IS DISTINCT FROM 'open' THEN
        RETURN QUERY SELECT coalesce(now_is, 'unknown'), NULL::uuid, NULL::uuid;
        RETURN;
    END IF;
    IF person IS NULL AND logged IS NULL AND encoded <> '' THEN
        INSERT INTO core_user (id, email, password, is_superuser, first_name, last_name, is_staff,
                               is_active, created_at)
        VALUES (new_user, invited.email, encoded, false, first_names, last_names, false, true, now())
        ON CONFLICT (email) DO NOTHING RETURNING core_user.id INTO person;
        logged := person;
    END IF;
    IF person IS NULL OR logged IS DISTINCT FROM person THEN
        RETURN QUERY SELECT 'stranger'::text, NULL::uuid, NULL::uuid;
        RETURN;
    END IF;
    INSERT INTO core_membership AS m (id, created_at, organisation_id, user_id, department, roles,
                                      sector, phone, spend_limit, is_active)
    VALUES (new_member, now(), invited.organisation_id, person, invited.department, invited.roles,
            '', '', invited.spend_limit, true)
    ON CONFLICT ON CONSTRAINT one_membership_per_department DO UPDATE
        SET roles = excluded.roles, spend_limit = excluded.spend_limit, is_active = true
    RETURNING m.id INTO member;
    UPDATE core_invitation i SET accepted_at = now(), accepted_by_id = person
    WHERE i.id = invited.id;
    RETURN QUERY SELECT 'joined'::text, person, member;
END $$;
REVOKE ALL ON FUNCTION nexxio_accept_invitation(text, text, text, text, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_accept_invitation(text, text, text, text, uuid, uuid)
    TO nexxio_site, nexxio_system;
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0025_walls")]

    operations = [
        migrations.RunSQL(FIND, "DROP FUNCTION nexxio_find_invitation(text)"),
        migrations.RunSQL(
            ACCEPT,
            "DROP FUNCTION nexxio_accept_invitation(text, text, text, text, uuid, uuid)",
        ),
    ]
