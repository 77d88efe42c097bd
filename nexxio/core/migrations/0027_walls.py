"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('DROP POLICY core_event_paper ON core_event', "CREATE POLICY core_event_paper ON core_event TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)"),
    ("CREATE POLICY core_event_paper ON core_event TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END AND actor_side = 'contractor' AND actor_organisation_id = contractor_id AND (contractor_id IS NULL OR contractor_id = landlord_id OR EXISTS (SELECT 1 FROM core_partnership p WHERE p.landlord_id = core_event.landlord_id AND p.contractor_id = core_event.contractor_id)))", 'DROP POLICY core_event_paper ON core_event'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0026_invitations")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
