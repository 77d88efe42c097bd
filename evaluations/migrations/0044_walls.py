"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_campaignseat ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_campaignseat DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_campaignseat_landlord ON evaluations_campaignseat FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND direction = 'landlord_contractor' THEN true ELSE false END)", 'DROP POLICY evaluations_campaignseat_landlord ON evaluations_campaignseat'),
    ("CREATE POLICY evaluations_campaignseat_contractor ON evaluations_campaignseat FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND direction = 'contractor_landlord' THEN true ELSE false END)", 'DROP POLICY evaluations_campaignseat_contractor ON evaluations_campaignseat'),
    ('CREATE POLICY evaluations_campaignseat_system ON evaluations_campaignseat TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_campaignseat_system ON evaluations_campaignseat'),
    ('ALTER TABLE evaluations_campaignseat ADD CONSTRAINT evaluations_campaignseat_campaign_id_of_landlord FOREIGN KEY (landlord_id, campaign_id) REFERENCES evaluations_campaign (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_campaignseat DROP CONSTRAINT evaluations_campaignseat_campaign_id_of_landlord'),
    ('ALTER TABLE evaluations_bonusregularisation ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_bonusregularisation DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_bonusregularisation_landlord ON evaluations_bonusregularisation FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_bonusregularisation_landlord ON evaluations_bonusregularisation'),
    ("CREATE POLICY evaluations_bonusregularisation_contractor ON evaluations_bonusregularisation FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_bonusregularisation_contractor ON evaluations_bonusregularisation'),
    ('CREATE POLICY evaluations_bonusregularisation_system ON evaluations_bonusregularisation TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_bonusregularisation_system ON evaluations_bonusregularisation'),
    ('ALTER TABLE evaluations_bonusregularisation ADD CONSTRAINT evaluations_bonusregularisation_statement_id_of_landlord FOREIGN KEY (landlord_id, statement_id) REFERENCES evaluations_bonusstatement (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_bonusregularisation DROP CONSTRAINT evaluations_bonusregularisation_statement_id_of_landlord'),
    ('ALTER TABLE evaluations_bonusregularisation ADD CONSTRAINT evaluations_bonusregularisation_line_id_of_landlord FOREIGN KEY (landlord_id, line_id) REFERENCES evaluations_bonusline (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_bonusregularisation DROP CONSTRAINT evaluations_bonusregularisation_line_id_of_landlord'),
    ('ALTER TABLE evaluations_bonusdocument ADD CONSTRAINT evaluations_bonusdocument_invoice_id_of_landlord FOREIGN KEY (landlord_id, invoice_id) REFERENCES contractors_invoice (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_bonusdocument DROP CONSTRAINT evaluations_bonusdocument_invoice_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0043_campaigns_and_documents_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
