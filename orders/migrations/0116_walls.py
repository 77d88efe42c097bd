"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_warranty ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_warranty DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_warranty_landlord ON orders_warranty TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_warranty_landlord ON orders_warranty'),
    ('CREATE POLICY orders_warranty_system ON orders_warranty TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_warranty_system ON orders_warranty'),
    ('ALTER TABLE orders_warranty ADD CONSTRAINT orders_warranty_group_id_of_landlord FOREIGN KEY (landlord_id, group_id) REFERENCES core_group (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_warranty DROP CONSTRAINT orders_warranty_group_id_of_landlord'),
    ('ALTER TABLE orders_warranty ADD CONSTRAINT orders_warranty_unit_id_of_landlord FOREIGN KEY (landlord_id, unit_id) REFERENCES core_unit (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_warranty DROP CONSTRAINT orders_warranty_unit_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0115_warranties")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
