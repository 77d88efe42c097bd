"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_order ADD CONSTRAINT orders_order_follows_id_of_landlord FOREIGN KEY (landlord_id, follows_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID', 'ALTER TABLE orders_order DROP CONSTRAINT orders_order_follows_id_of_landlord'),
    ('ALTER TABLE orders_orderclauses ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_orderclauses DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_orderclauses_landlord ON orders_orderclauses TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderclauses_landlord ON orders_orderclauses'),
    ("CREATE POLICY orders_orderclauses_contractor ON orders_orderclauses FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderclauses_contractor ON orders_orderclauses'),
    ("CREATE POLICY orders_orderclauses_paper ON orders_orderclauses FOR SELECT TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)", 'DROP POLICY orders_orderclauses_paper ON orders_orderclauses'),
    ('CREATE POLICY orders_orderclauses_system ON orders_orderclauses TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_orderclauses_system ON orders_orderclauses'),
    ('ALTER TABLE orders_orderclauses ADD CONSTRAINT orders_orderclauses_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderclauses DROP CONSTRAINT orders_orderclauses_order_id_of_landlord'),
    ('ALTER TABLE orders_orderlink ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_orderlink DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_orderlink_landlord ON orders_orderlink TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderlink_landlord ON orders_orderlink'),
    ("CREATE POLICY orders_orderlink_contractor ON orders_orderlink FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderlink_contractor ON orders_orderlink'),
    ("CREATE POLICY orders_orderlink_paper ON orders_orderlink FOR SELECT TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)", 'DROP POLICY orders_orderlink_paper ON orders_orderlink'),
    ('CREATE POLICY orders_orderlink_system ON orders_orderlink TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_orderlink_system ON orders_orderlink'),
    ('ALTER TABLE orders_orderlink ADD CONSTRAINT orders_orderlink_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderlink DROP CONSTRAINT orders_orderlink_order_id_of_landlord'),
    ('ALTER TABLE orders_orderlink ADD CONSTRAINT orders_orderlink_other_id_of_landlord FOREIGN KEY (landlord_id, other_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderlink DROP CONSTRAINT orders_orderlink_other_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0164_follows_index")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
