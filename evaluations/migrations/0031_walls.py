"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_clauseannex ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_clauseannex DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_clauseannex_landlord ON evaluations_clauseannex TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_clauseannex_landlord ON evaluations_clauseannex'),
    ('CREATE POLICY evaluations_clauseannex_system ON evaluations_clauseannex TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_clauseannex_system ON evaluations_clauseannex'),
    ('ALTER TABLE evaluations_clauseannex ADD CONSTRAINT evaluations_clauseannex_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_clauseannex DROP CONSTRAINT evaluations_clauseannex_contract_id_of_landlord'),
    ('ALTER TABLE evaluations_clauseannex ADD CONSTRAINT evaluations_clauseannex_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_clauseannex DROP CONSTRAINT evaluations_clauseannex_file_id_of_landlord'),
    ('ALTER TABLE evaluations_need ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_need DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_need_landlord ON evaluations_need TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_need_landlord ON evaluations_need'),
    ('CREATE POLICY evaluations_need_system ON evaluations_need TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_need_system ON evaluations_need'),
    ('ALTER TABLE evaluations_pilot ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_pilot DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_pilot_landlord ON evaluations_pilot TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_pilot_landlord ON evaluations_pilot'),
    ("CREATE POLICY evaluations_pilot_contractor ON evaluations_pilot FOR SELECT TO nexxio_site USING (CASE WHEN withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM evaluations_pilotcontract c WHERE c.pilot_id = evaluations_pilot.id AND c.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY evaluations_pilot_contractor ON evaluations_pilot'),
    ('CREATE POLICY evaluations_pilot_system ON evaluations_pilot TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_pilot_system ON evaluations_pilot'),
    ('ALTER TABLE evaluations_pilot ADD CONSTRAINT evaluations_pilot_agency_id_of_landlord FOREIGN KEY (landlord_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_pilot DROP CONSTRAINT evaluations_pilot_agency_id_of_landlord'),
    ('ALTER TABLE evaluations_pilotcontract ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_pilotcontract DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_pilotcontract_landlord ON evaluations_pilotcontract TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_pilotcontract_landlord ON evaluations_pilotcontract'),
    ("CREATE POLICY evaluations_pilotcontract_contractor ON evaluations_pilotcontract FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_pilotcontract_contractor ON evaluations_pilotcontract'),
    ('CREATE POLICY evaluations_pilotcontract_system ON evaluations_pilotcontract TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_pilotcontract_system ON evaluations_pilotcontract'),
    ('ALTER TABLE evaluations_pilotcontract ADD CONSTRAINT evaluations_pilotcontract_pilot_id_of_landlord FOREIGN KEY (landlord_id, pilot_id) REFERENCES evaluations_pilot (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_pilotcontract DROP CONSTRAINT evaluations_pilotcontract_pilot_id_of_landlord'),
    ('ALTER TABLE evaluations_pilotcontract ADD CONSTRAINT evaluations_pilotcontract_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_pilotcontract DROP CONSTRAINT evaluations_pilotcontract_contract_id_of_landlord'),
    ('ALTER TABLE evaluations_pilotcriterion ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_pilotcriterion DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_pilotcriterion_landlord ON evaluations_pilotcriterion TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_pilotcriterion_landlord ON evaluations_pilotcriterion'),
    ("CREATE POLICY evaluations_pilotcriterion_contractor ON evaluations_pilotcriterion FOR SELECT TO nexxio_site USING (CASE WHEN EXISTS (SELECT 1 FROM evaluations_pilotcontract c WHERE c.pilot_id = evaluations_pilotcriterion.pilot_id AND c.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY evaluations_pilotcriterion_contractor ON evaluations_pilotcriterion'),
    ('CREATE POLICY evaluations_pilotcriterion_system ON evaluations_pilotcriterion TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_pilotcriterion_system ON evaluations_pilotcriterion'),
    ('ALTER TABLE evaluations_pilotcriterion ADD CONSTRAINT evaluations_pilotcriterion_pilot_id_of_landlord FOREIGN KEY (landlord_id, pilot_id) REFERENCES evaluations_pilot (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_pilotcriterion DROP CONSTRAINT evaluations_pilotcriterion_pilot_id_of_landlord'),
    ('ALTER TABLE evaluations_pilotdecision ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_pilotdecision DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_pilotdecision_landlord ON evaluations_pilotdecision TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_pilotdecision_landlord ON evaluations_pilotdecision'),
    ('CREATE POLICY evaluations_pilotdecision_system ON evaluations_pilotdecision TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_pilotdecision_system ON evaluations_pilotdecision'),
    ('ALTER TABLE evaluations_pilotdecision ADD CONSTRAINT evaluations_pilotdecision_pilot_id_of_landlord FOREIGN KEY (landlord_id, pilot_id) REFERENCES evaluations_pilot (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_pilotdecision DROP CONSTRAINT evaluations_pilotdecision_pilot_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0030_pilots_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
