"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_orderpiece ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_orderpiece DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_orderpiece_landlord ON orders_orderpiece FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderpiece_landlord ON orders_orderpiece'),
    ("CREATE POLICY orders_orderpiece_contractor ON orders_orderpiece TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderpiece_contractor ON orders_orderpiece'),
    ('CREATE POLICY orders_orderpiece_system ON orders_orderpiece TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_orderpiece_system ON orders_orderpiece'),
    ('ALTER TABLE orders_orderpiece ADD CONSTRAINT orders_orderpiece_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderpiece DROP CONSTRAINT orders_orderpiece_order_id_of_landlord'),
    ('ALTER TABLE orders_orderpiece ADD CONSTRAINT orders_orderpiece_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderpiece DROP CONSTRAINT orders_orderpiece_file_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0118_pieces")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
