"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_report ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_report DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_report_landlord ON evaluations_report FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_report_landlord ON evaluations_report'),
    ("CREATE POLICY evaluations_report_contractor ON evaluations_report FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_report_contractor ON evaluations_report'),
    ('CREATE POLICY evaluations_report_system ON evaluations_report TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_report_system ON evaluations_report'),
    ('ALTER TABLE evaluations_report ADD CONSTRAINT evaluations_report_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_report DROP CONSTRAINT evaluations_report_file_id_of_landlord'),
    ('ALTER TABLE evaluations_thanks ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_thanks DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_thanks_landlord ON evaluations_thanks TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND (from_side = 'landlord' OR told_at IS NOT NULL) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND (from_side = 'landlord' OR told_at IS NOT NULL) THEN true ELSE false END AND from_side = 'landlord' AND told_at IS NULL)", 'DROP POLICY evaluations_thanks_landlord ON evaluations_thanks'),
    ("CREATE POLICY evaluations_thanks_contractor ON evaluations_thanks TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (from_side = 'contractor' OR told_at IS NOT NULL) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (from_side = 'contractor' OR told_at IS NOT NULL) THEN true ELSE false END AND from_side = 'contractor' AND told_at IS NULL)", 'DROP POLICY evaluations_thanks_contractor ON evaluations_thanks'),
    ("CREATE POLICY evaluations_thanks_link ON evaluations_thanks TO nexxio_site USING (CASE WHEN reader_case_id = (select nullif(current_setting('nexxio.case', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN reader_case_id = (select nullif(current_setting('nexxio.case', true), '')::uuid) THEN true ELSE false END AND from_side = 'tenant' AND told_at IS NULL)", 'DROP POLICY evaluations_thanks_link ON evaluations_thanks'),
    ('CREATE POLICY evaluations_thanks_system ON evaluations_thanks TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_thanks_system ON evaluations_thanks'),
    ('ALTER TABLE evaluations_thanks ADD CONSTRAINT evaluations_thanks_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_thanks DROP CONSTRAINT evaluations_thanks_order_id_of_landlord'),
    ('ALTER TABLE evaluations_thanks ADD CONSTRAINT evaluations_thanks_reader_case_id_of_landlord FOREIGN KEY (landlord_id, reader_case_id) REFERENCES core_case (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_thanks DROP CONSTRAINT evaluations_thanks_reader_case_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0011_thanks_and_reports_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
