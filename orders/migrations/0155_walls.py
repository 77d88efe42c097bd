"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_orderexport ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_orderexport DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_orderexport_landlord ON orders_orderexport TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderexport_landlord ON orders_orderexport'),
    ("CREATE POLICY orders_orderexport_contractor ON orders_orderexport TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderexport_contractor ON orders_orderexport'),
    ('CREATE POLICY orders_orderexport_system ON orders_orderexport TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_orderexport_system ON orders_orderexport'),
    ('ALTER TABLE orders_orderexport ADD CONSTRAINT orders_orderexport_file_id_of_organisation FOREIGN KEY (organisation_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderexport DROP CONSTRAINT orders_orderexport_file_id_of_organisation'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0154_exports")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
