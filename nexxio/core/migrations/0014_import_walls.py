"""The second wall: policies and composite keys of new tables."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE core_importrun ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_importrun DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_importrun_landlord ON core_importrun TO nexxio_site USING (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) WITH CHECK (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))", 'DROP POLICY core_importrun_landlord ON core_importrun'),
    ('CREATE POLICY core_importrun_system ON core_importrun TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_importrun_system ON core_importrun'),
    ('ALTER TABLE core_importrun ADD CONSTRAINT core_importrun_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_importrun DROP CONSTRAINT core_importrun_file_id_of_landlord'),
    ('ALTER TABLE core_importrun ADD CONSTRAINT core_importrun_job_id_of_landlord FOREIGN KEY (landlord_id, job_id) REFERENCES core_job (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_importrun DROP CONSTRAINT core_importrun_job_id_of_landlord'),
    ('ALTER TABLE core_importedrow ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_importedrow DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_importedrow_landlord ON core_importedrow TO nexxio_site USING (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) WITH CHECK (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))", 'DROP POLICY core_importedrow_landlord ON core_importedrow'),
    ('CREATE POLICY core_importedrow_system ON core_importedrow TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_importedrow_system ON core_importedrow'),
    ('ALTER TABLE core_importedrow ADD CONSTRAINT core_importedrow_run_id_of_landlord FOREIGN KEY (landlord_id, run_id) REFERENCES core_importrun (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_importedrow DROP CONSTRAINT core_importedrow_run_id_of_landlord'),
    ('ALTER TABLE core_importmapping ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_importmapping DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_importmapping_landlord ON core_importmapping TO nexxio_site USING (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) WITH CHECK (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))", 'DROP POLICY core_importmapping_landlord ON core_importmapping'),
    ('CREATE POLICY core_importmapping_system ON core_importmapping TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_importmapping_system ON core_importmapping'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0013_imports")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
