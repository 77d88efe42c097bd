"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_orderwords ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_orderwords DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_orderwords_landlord ON orders_orderwords FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderwords_landlord ON orders_orderwords'),
    ('CREATE POLICY orders_orderwords_system ON orders_orderwords TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_orderwords_system ON orders_orderwords'),
    ('ALTER TABLE orders_orderwords ADD CONSTRAINT orders_orderwords_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderwords DROP CONSTRAINT orders_orderwords_order_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0149_order_words")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
