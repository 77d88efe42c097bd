"""What the database does by itself: the events' guard, look-ups before any scope, folded words.

`nexxio_fold` is what a search compares: lower case, no accent, no ligature. It is declared
immutable, as a stored column asks; whoever changes PostgreSQL's rules of unaccent writes the
columns again. `nexxio_patterns` makes LIKE patterns of what people type: three letters or more
are found anywhere, one or two at the beginning of a word (where the index can find them too).

`core_search_groups` runs with its owner's rights, since behind row-level security the index of
words may not be used. Whose residences it searches is in the connection's scope, in no argument.
"""

from django.db import migrations

# Events can't be changed.
APPEND_ONLY = """
CREATE FUNCTION nexxio_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE ON core_event
    FOR EACH ROW EXECUTE FUNCTION nexxio_refuse_change();
"""

# A link is found by the hash of its token, before any scope. Runs with its owner's rights, and
# tells nothing but what the door needs of a valid link.
FIND_LINK = """
CREATE FUNCTION nexxio_find_link(wanted text)
RETURNS TABLE (id uuid, landlord_id uuid, case_id uuid, party varchar, purposes varchar[],
               expires_at timestamptz, contractor_id uuid, order_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.id, l.landlord_id, l.case_id, l.party, l.purposes, l.expires_at, l.contractor_id, l.order_id
    FROM core_link l JOIN core_organisation o ON o.id = l.landlord_id LEFT JOIN core_organisation c ON c.id = l.contractor_id
    WHERE l.token_hash = wanted AND l.revoked_at IS NULL AND l.expires_at > now() AND o.is_active AND (c.id IS NULL OR c.is_active)
$$;
REVOKE ALL ON FUNCTION nexxio_find_link(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_find_link(text) TO nexxio_site, nexxio_system;
"""

FOLD = r"""
CREATE FUNCTION nexxio_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1))
$$;
CREATE FUNCTION nexxio_patterns(asked text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(
        CASE WHEN length(word) < 3 THEN '% ' ELSE '%' END
        || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%')
    FROM (SELECT word FROM regexp_split_to_table(public.nexxio_fold(asked), '\s+') AS word
          WHERE word ~ '[[:alnum:]]' LIMIT 8) words
$$;
"""

COLUMN = """
ALTER TABLE core_group ADD COLUMN search text GENERATED ALWAYS AS (nexxio_fold(
    ' ' || name || ' ' || address || ' ' || raw_address || ' ' || postcode || ' ' || city
    || ' ' || identifier)) STORED;
CREATE INDEX group_search ON core_group USING gin (search gin_trgm_ops);
"""

SEARCH = """
CREATE FUNCTION core_search_groups(asked text, key_postcode text, key_name text, key_id uuid,
                                   backwards boolean, most integer)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    landlord uuid := nullif(current_setting('nexxio.landlord', true), '')::uuid;
    query text := 'SELECT id FROM core_group WHERE landlord_id = $1 AND archived_at IS NULL';
    direction text := CASE WHEN backwards THEN ' DESC' ELSE '' END;
    pattern text;
    patterns text[] := nexxio_patterns(asked);
BEGIN
    IF landlord IS NULL OR (patterns IS NULL AND trim(asked) <> '') THEN
        RETURN;
    END IF;
    FOREACH pattern IN ARRAY coalesce(patterns, '{}') LOOP
        query := query || format(' AND search LIKE %L', pattern);
    END LOOP;
    IF key_id IS NOT NULL THEN
        query := query || ' AND (postcode, name, id) ' || CASE WHEN backwards THEN '<' ELSE '>' END
            || ' ($2, $3, $4)';
    END IF;
    query := query || format(' ORDER BY postcode %1$s, name %1$s, id %1$s LIMIT $5', direction);
    RETURN QUERY EXECUTE query USING landlord, key_postcode, key_name, key_id, most;
END $$;
REVOKE ALL ON FUNCTION core_search_groups(text, text, text, uuid, boolean, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION core_search_groups(text, text, text, uuid, boolean, integer)
    TO nexxio_site, nexxio_system;
"""

# Tenants are found by their phone or address before any scope, when they enter with a code: keys
# only, of tenants of active landlords who live somewhere on the given day. Two queries, because
# each has an index of its own.
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

# Both run with their owner's rights, before any scope: the holder of a token belongs nowhere yet.
FIND_INVITATION = """
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
ACCEPT_INVITATION = """
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
REVOKE ALL ON FUNCTION nexxio_accept_invitation(text, text, text, text, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_accept_invitation(text, text, text, text, uuid, uuid)
    TO nexxio_site, nexxio_system;
"""

# Policies let an organisation be read only. Its own manager may switch this one column, through a
# function that runs with its owner's rights and takes the organisation from the scope.
REQUIRE = """
CREATE FUNCTION nexxio_require_second_factor(required boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE core_organisation SET requires_second_factor = required
    WHERE requires_second_factor IS DISTINCT FROM required
      AND ((kind = 'landlord' AND id = nullif(current_setting('nexxio.landlord', true), '')::uuid)
        OR (kind = 'contractor'
            AND id = nullif(current_setting('nexxio.contractor', true), '')::uuid));
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION nexxio_require_second_factor(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_require_second_factor(boolean) TO nexxio_site;
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    replaces = [
        ("core", "0041_file_readings"),
    ]

    dependencies = [("core", "0044_tables")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION nexxio_refuse_change() CASCADE"),
        migrations.RunSQL(FIND_LINK, "DROP FUNCTION nexxio_find_link(text)"),
        migrations.RunSQL(FOLD, "DROP FUNCTION nexxio_patterns(text); DROP FUNCTION nexxio_fold(text)"),
        migrations.RunSQL(COLUMN, "ALTER TABLE core_group DROP COLUMN search"),
        migrations.RunSQL(SEARCH, "DROP FUNCTION core_search_groups(text, text, text, uuid, boolean, integer)"),
        migrations.RunSQL(FIND_TENANTS, "DROP FUNCTION nexxio_find_tenants(text, text, date)"),
        migrations.RunSQL(MANAGES, "DROP FUNCTION nexxio_manages(uuid, uuid)"),
        migrations.RunSQL(LOOK_ONLY, "DROP FUNCTION nexxio_look_only() CASCADE"),
        migrations.RunSQL(FIND_INVITATION, "DROP FUNCTION nexxio_find_invitation(text)"),
        migrations.RunSQL(ACCEPT_INVITATION, "DROP FUNCTION nexxio_accept_invitation(text, text, text, text, uuid, uuid)"),
        migrations.RunSQL(REQUIRE, "DROP FUNCTION nexxio_require_second_factor(boolean)"),
    ]
