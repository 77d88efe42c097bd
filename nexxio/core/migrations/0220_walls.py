"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ("CREATE POLICY core_job_contractor ON core_job TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_job_contractor ON core_job'),
    ("CREATE POLICY core_importrun_contractor ON core_importrun TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_importrun_contractor ON core_importrun'),
    ("CREATE POLICY core_importedrow_contractor ON core_importedrow TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_importedrow_contractor ON core_importedrow'),
    ("CREATE POLICY core_importmapping_contractor ON core_importmapping TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_importmapping_contractor ON core_importmapping'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0206_walls")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
