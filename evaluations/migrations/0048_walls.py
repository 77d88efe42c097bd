"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_bonusregularisation ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_bonusregularisation DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_bonusregularisation_landlord ON evaluations_bonusregularisation FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_bonusregularisation_landlord ON evaluations_bonusregularisation'),
    ("CREATE POLICY evaluations_bonusregularisation_contractor ON evaluations_bonusregularisation FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_bonusregularisation_contractor ON evaluations_bonusregularisation'),
    ('CREATE POLICY evaluations_bonusregularisation_system ON evaluations_bonusregularisation TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_bonusregularisation_system ON evaluations_bonusregularisation'),
    ('ALTER TABLE evaluations_bonusregularisation ADD CONSTRAINT evaluations_bonusregularisation_statement_id_of_landlord FOREIGN KEY (landlord_id, statement_id) REFERENCES evaluations_bonusstatement (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_bonusregularisation DROP CONSTRAINT evaluations_bonusregularisation_statement_id_of_landlord'),
    ('ALTER TABLE evaluations_bonusregularisation ADD CONSTRAINT evaluations_bonusregularisation_line_id_of_landlord FOREIGN KEY (landlord_id, line_id) REFERENCES evaluations_bonusline (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_bonusregularisation DROP CONSTRAINT evaluations_bonusregularisation_line_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0047_regularisations_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
