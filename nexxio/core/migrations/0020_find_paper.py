"""The look-up of links tells for which contractor and order a paper is."""

from django.db import migrations

_HEAD = """
DROP FUNCTION nexxio_find_link(text);
CREATE FUNCTION nexxio_find_link(wanted text)
RETURNS TABLE (id uuid, landlord_id uuid, case_id uuid, party varchar, purposes varchar[],
               expires_at timestamptz{columns})
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT l.id, l.landlord_id, l.case_id, l.party, l.purposes, l.expires_at{values}
    FROM core_link l JOIN core_organisation o ON o.id = l.landlord_id{joined}
    WHERE l.token_hash = wanted AND l.revoked_at IS NULL AND l.expires_at > now() AND o.is_active{also}
$$;
REVOKE ALL ON FUNCTION nexxio_find_link(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_find_link(text) TO nexxio_site, nexxio_system;
"""
WITH_PAPER = _HEAD.format(
    columns=", contractor_id uuid, order_id uuid",
    values=", l.contractor_id, l.order_id",
    joined=" LEFT JOIN core_organisation c ON c.id = l.contractor_id",
    also=" AND (c.id IS NULL OR c.is_active)",
)
WITHOUT = _HEAD.format(columns="", values="", joined="", also="")


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0019_paper_links")]

    operations = [migrations.RunSQL(WITH_PAPER, WITHOUT)]
