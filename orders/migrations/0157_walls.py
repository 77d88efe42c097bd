"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_orderunread ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_orderunread DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_orderunread_landlord ON orders_orderunread TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND side = 'landlord' THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND side = 'landlord' THEN true ELSE false END)", 'DROP POLICY orders_orderunread_landlord ON orders_orderunread'),
    ("CREATE POLICY orders_orderunread_contractor ON orders_orderunread TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND side = 'contractor' THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND side = 'contractor' THEN true ELSE false END)", 'DROP POLICY orders_orderunread_contractor ON orders_orderunread'),
    ('CREATE POLICY orders_orderunread_system ON orders_orderunread TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_orderunread_system ON orders_orderunread'),
    ('ALTER TABLE orders_orderunread ADD CONSTRAINT orders_orderunread_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderunread DROP CONSTRAINT orders_orderunread_order_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0156_messages")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
