"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_rollout ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_rollout DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_rollout_landlord ON evaluations_rollout TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_rollout_landlord ON evaluations_rollout'),
    ('CREATE POLICY evaluations_rollout_system ON evaluations_rollout TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_rollout_system ON evaluations_rollout'),
    ('ALTER TABLE evaluations_rollout ADD CONSTRAINT evaluations_rollout_agency_id_of_landlord FOREIGN KEY (landlord_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_rollout DROP CONSTRAINT evaluations_rollout_agency_id_of_landlord'),
    ('ALTER TABLE evaluations_impactnote ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_impactnote DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_impactnote_landlord ON evaluations_impactnote TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_impactnote_landlord ON evaluations_impactnote'),
    ('CREATE POLICY evaluations_impactnote_system ON evaluations_impactnote TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_impactnote_system ON evaluations_impactnote'),
    ('ALTER TABLE evaluations_impactnote ADD CONSTRAINT evaluations_impactnote_agency_id_of_landlord FOREIGN KEY (landlord_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_impactnote DROP CONSTRAINT evaluations_impactnote_agency_id_of_landlord'),
    ('ALTER TABLE evaluations_impactestimate ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_impactestimate DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_impactestimate_landlord ON evaluations_impactestimate FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_impactestimate_landlord ON evaluations_impactestimate'),
    ('CREATE POLICY evaluations_impactestimate_system ON evaluations_impactestimate TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_impactestimate_system ON evaluations_impactestimate'),
    ('ALTER TABLE evaluations_impactestimate ADD CONSTRAINT evaluations_impactestimate_rollout_id_of_landlord FOREIGN KEY (landlord_id, rollout_id) REFERENCES evaluations_rollout (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_impactestimate DROP CONSTRAINT evaluations_impactestimate_rollout_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0020_impact_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
