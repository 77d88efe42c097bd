"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ("CREATE POLICY core_event_paper ON core_event TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)", 'DROP POLICY core_event_paper ON core_event'),
    ("CREATE POLICY core_organisation_paper ON core_organisation FOR SELECT TO nexxio_site USING (CASE WHEN ((select nullif(current_setting('nexxio.paper', true), '')::uuid) IS NOT NULL) AND (id = (select nullif(current_setting('nexxio.via', true), '')::uuid) OR id IN (SELECT p.contractor_id FROM core_partnership p WHERE p.landlord_id = (select nullif(current_setting('nexxio.via', true), '')::uuid))) THEN true ELSE false END)", 'DROP POLICY core_organisation_paper ON core_organisation'),
    ("CREATE POLICY core_partnership_paper ON core_partnership FOR SELECT TO nexxio_site USING (CASE WHEN ((select nullif(current_setting('nexxio.paper', true), '')::uuid) IS NOT NULL) AND landlord_id = (select nullif(current_setting('nexxio.via', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_partnership_paper ON core_partnership'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0020_find_paper")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
