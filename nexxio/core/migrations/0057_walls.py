"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ("CREATE POLICY core_filereading_contractor ON core_filereading FOR SELECT TO nexxio_site USING (CASE WHEN EXISTS (SELECT 1 FROM core_storedfile f WHERE f.id = file_id AND f.landlord_id = core_filereading.landlord_id AND f.order_id IS NOT NULL AND f.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY core_filereading_contractor ON core_filereading'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0056_walls")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
