"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_voicereport ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_voicereport DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_voicereport_landlord ON evaluations_voicereport TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END AND side = 'landlord' AND outcome = '')", 'DROP POLICY evaluations_voicereport_landlord ON evaluations_voicereport'),
    ("CREATE POLICY evaluations_voicereport_contractor ON evaluations_voicereport TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END AND side = 'contractor' AND outcome = '')", 'DROP POLICY evaluations_voicereport_contractor ON evaluations_voicereport'),
    ('CREATE POLICY evaluations_voicereport_system ON evaluations_voicereport TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_voicereport_system ON evaluations_voicereport'),
    ('ALTER TABLE evaluations_voicereport ADD CONSTRAINT evaluations_voicereport_voice_id_of_landlord FOREIGN KEY (landlord_id, voice_id) REFERENCES evaluations_voice (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_voicereport DROP CONSTRAINT evaluations_voicereport_voice_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0062_reported_voices")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
