"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_claimletter ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_claimletter DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_claimletter_contractor ON contractors_claimletter TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_claimletter_contractor ON contractors_claimletter'),
    ('CREATE POLICY contractors_claimletter_system ON contractors_claimletter TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_claimletter_system ON contractors_claimletter'),
    ('ALTER TABLE contractors_claimletter ADD CONSTRAINT contractors_claimletter_file_id_of_organisation FOREIGN KEY (organisation_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_claimletter DROP CONSTRAINT contractors_claimletter_file_id_of_organisation'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0027_claim_letters")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
