"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_blockedalert ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_blockedalert DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_blockedalert_landlord ON contractors_blockedalert TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_blockedalert_landlord ON contractors_blockedalert'),
    ("CREATE POLICY contractors_blockedalert_contractor ON contractors_blockedalert TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_blockedalert_contractor ON contractors_blockedalert'),
    ('CREATE POLICY contractors_blockedalert_system ON contractors_blockedalert TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_blockedalert_system ON contractors_blockedalert'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0029_blocked_alerts")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
