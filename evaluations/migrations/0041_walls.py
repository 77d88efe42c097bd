"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_peerreference ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_peerreference DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_peerreference_landlord ON evaluations_peerreference FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR (withdrawn_at IS NULL AND (select nullif(current_setting('nexxio.landlord', true), '')::uuid) IS NOT NULL) THEN true ELSE false END)", 'DROP POLICY evaluations_peerreference_landlord ON evaluations_peerreference'),
    ("CREATE POLICY evaluations_peerreference_contractor ON evaluations_peerreference TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_peerreference_contractor ON evaluations_peerreference'),
    ('CREATE POLICY evaluations_peerreference_system ON evaluations_peerreference TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_peerreference_system ON evaluations_peerreference'),
    ('ALTER TABLE evaluations_peercontact ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_peercontact DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_peercontact_landlord ON evaluations_peercontact TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR (withdrawn_at IS NULL AND (select nullif(current_setting('nexxio.landlord', true), '')::uuid) IS NOT NULL AND EXISTS (SELECT 1 FROM evaluations_peerreference r WHERE r.landlord_id = evaluations_peercontact.landlord_id AND r.contractor_id = evaluations_peercontact.contractor_id AND r.withdrawn_at IS NULL)) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR (withdrawn_at IS NULL AND (select nullif(current_setting('nexxio.landlord', true), '')::uuid) IS NOT NULL AND EXISTS (SELECT 1 FROM evaluations_peerreference r WHERE r.landlord_id = evaluations_peercontact.landlord_id AND r.contractor_id = evaluations_peercontact.contractor_id AND r.withdrawn_at IS NULL)) THEN true ELSE false END AND landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))", 'DROP POLICY evaluations_peercontact_landlord ON evaluations_peercontact'),
    ("CREATE POLICY evaluations_peercontact_contractor ON evaluations_peercontact FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_peercontact_contractor ON evaluations_peercontact'),
    ('CREATE POLICY evaluations_peercontact_system ON evaluations_peercontact TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_peercontact_system ON evaluations_peercontact'),
    ('ALTER TABLE evaluations_cardreading ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_cardreading DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_cardreading_user ON evaluations_cardreading TO nexxio_site USING (CASE WHEN user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid) THEN true ELSE false END AND (organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)))", 'DROP POLICY evaluations_cardreading_user ON evaluations_cardreading'),
    ('CREATE POLICY evaluations_cardreading_system ON evaluations_cardreading TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_cardreading_system ON evaluations_cardreading'),
    ('ALTER TABLE evaluations_trainingtally ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_trainingtally DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_trainingtally_landlord ON evaluations_trainingtally FOR SELECT TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR organisation_id IN (SELECT p.contractor_id FROM core_partnership p WHERE p.landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY evaluations_trainingtally_landlord ON evaluations_trainingtally'),
    ("CREATE POLICY evaluations_trainingtally_contractor ON evaluations_trainingtally FOR SELECT TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_trainingtally_contractor ON evaluations_trainingtally'),
    ('CREATE POLICY evaluations_trainingtally_system ON evaluations_trainingtally TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_trainingtally_system ON evaluations_trainingtally'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0040_training_and_references_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
