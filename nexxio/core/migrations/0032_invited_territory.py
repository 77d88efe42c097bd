"""Whoever accepts an invitation gets the agency and the sector that it names (see 0026).

A new account says how often its sessions were ended: the column of 0016 has no default.
"""

from importlib import import_module

from django.db import migrations

ACCEPT = """
CREATE OR REPLACE FUNCTION nexxio_accept_invitation(
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
                               is_active, created_at, sessions_ended)
        VALUES (new_user, invited.email, encoded, false, first_names, last_names, false, true, now(), 0)
        ON CONFLICT (email) DO NOTHING RETURNING core_user.id INTO person;
        logged := person;
    END IF;
    IF person IS NULL OR logged IS DISTINCT FROM person THEN
        RETURN QUERY SELECT 'stranger'::text, NULL::uuid, NULL::uuid;
        RETURN;
    END IF;
    INSERT INTO core_membership AS m (id, created_at, organisation_id, user_id, department, roles,
                                      agency_id, sector_id, phone, spend_limit, is_active)
    VALUES (new_member, now(), invited.organisation_id, person, invited.department, invited.roles,
            invited.agency_id, invited.sector_id, '', invited.spend_limit, true)
    ON CONFLICT ON CONSTRAINT one_membership_per_department DO UPDATE
        SET roles = excluded.roles, spend_limit = excluded.spend_limit, is_active = true,
            agency_id = excluded.agency_id, sector_id = excluded.sector_id
    RETURNING m.id INTO member;
    UPDATE core_invitation i SET accepted_at = now(), accepted_by_id = person
    WHERE i.id = invited.id;
    RETURN QUERY SELECT 'joined'::text, person, member;
END $$;
"""
_BEFORE = import_module("nexxio.core.migrations.0026_invitations").ACCEPT.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    """Replaces the function; its rights stay."""

    dependencies = [("core", "0031_walls")]

    operations = [migrations.RunSQL(ACCEPT, _BEFORE)]
