"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE core_rolelimit ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_rolelimit DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_rolelimit_landlord ON core_rolelimit TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END AND nexxio_manages(organisation_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)))", 'DROP POLICY core_rolelimit_landlord ON core_rolelimit'),
    ('CREATE POLICY core_rolelimit_system ON core_rolelimit TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_rolelimit_system ON core_rolelimit'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0048_role_limits_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
