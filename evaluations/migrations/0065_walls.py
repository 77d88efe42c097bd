"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_peerrule ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_peerrule DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_peerrule_landlord ON evaluations_peerrule TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_peerrule_landlord ON evaluations_peerrule'),
    ("CREATE POLICY evaluations_peerrule_contractor ON evaluations_peerrule FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id IN (SELECT p.landlord_id FROM core_partnership p WHERE p.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY evaluations_peerrule_contractor ON evaluations_peerrule'),
    ('CREATE POLICY evaluations_peerrule_system ON evaluations_peerrule TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_peerrule_system ON evaluations_peerrule'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0064_unnamed_houses")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
