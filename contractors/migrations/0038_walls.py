"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_morningdigest ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_morningdigest DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_morningdigest_landlord ON contractors_morningdigest TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_morningdigest_landlord ON contractors_morningdigest'),
    ("CREATE POLICY contractors_morningdigest_contractor ON contractors_morningdigest TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_morningdigest_contractor ON contractors_morningdigest'),
    ('CREATE POLICY contractors_morningdigest_system ON contractors_morningdigest TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_morningdigest_system ON contractors_morningdigest'),
    ('ALTER TABLE contractors_morningdigest ADD CONSTRAINT contractors_morningdigest_membership_id_of_organisation FOREIGN KEY (organisation_id, membership_id) REFERENCES core_membership (organisation_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_morningdigest DROP CONSTRAINT contractors_morningdigest_membership_id_of_organisation'),
    ('ALTER TABLE contractors_prooffile ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_prooffile DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_prooffile_landlord ON contractors_prooffile TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_prooffile_landlord ON contractors_prooffile'),
    ("CREATE POLICY contractors_prooffile_contractor ON contractors_prooffile TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_prooffile_contractor ON contractors_prooffile'),
    ('CREATE POLICY contractors_prooffile_system ON contractors_prooffile TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_prooffile_system ON contractors_prooffile'),
    ('ALTER TABLE contractors_prooffile ADD CONSTRAINT contractors_prooffile_file_id_of_organisation FOREIGN KEY (organisation_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_prooffile DROP CONSTRAINT contractors_prooffile_file_id_of_organisation'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0037_proofs_and_digests")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
