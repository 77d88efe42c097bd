"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_tenanthours ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_tenanthours DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_tenanthours_contractor ON orders_tenanthours TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_tenanthours_contractor ON orders_tenanthours'),
    ('CREATE POLICY orders_tenanthours_system ON orders_tenanthours TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_tenanthours_system ON orders_tenanthours'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0245_tenant_hours_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
