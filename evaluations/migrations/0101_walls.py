"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_tenantsurvey ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_tenantsurvey DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_tenantsurvey_landlord ON evaluations_tenantsurvey TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_tenantsurvey_landlord ON evaluations_tenantsurvey'),
    ('CREATE POLICY evaluations_tenantsurvey_system ON evaluations_tenantsurvey TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_tenantsurvey_system ON evaluations_tenantsurvey'),
    ('ALTER TABLE evaluations_tenantsurvey ADD CONSTRAINT evaluations_tenantsurvey_agency_id_of_landlord FOREIGN KEY (landlord_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_tenantsurvey DROP CONSTRAINT evaluations_tenantsurvey_agency_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0100_tenant_surveys_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
