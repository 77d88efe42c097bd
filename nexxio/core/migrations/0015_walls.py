"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('DROP POLICY core_importrun_landlord ON core_importrun', "CREATE POLICY core_importrun_landlord ON core_importrun TO nexxio_site USING (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) WITH CHECK (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))"),
    ("CREATE POLICY core_importrun_landlord ON core_importrun TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_importrun_landlord ON core_importrun'),
    ('DROP POLICY core_importedrow_landlord ON core_importedrow', "CREATE POLICY core_importedrow_landlord ON core_importedrow TO nexxio_site USING (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) WITH CHECK (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))"),
    ("CREATE POLICY core_importedrow_landlord ON core_importedrow TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_importedrow_landlord ON core_importedrow'),
    ('DROP POLICY core_importmapping_landlord ON core_importmapping', "CREATE POLICY core_importmapping_landlord ON core_importmapping TO nexxio_site USING (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) WITH CHECK (landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))"),
    ("CREATE POLICY core_importmapping_landlord ON core_importmapping TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_importmapping_landlord ON core_importmapping'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0014_import_walls")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
