"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_priceschedule ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_priceschedule DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_priceschedule_landlord ON orders_priceschedule TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_priceschedule_landlord ON orders_priceschedule'),
    ("CREATE POLICY orders_priceschedule_contractor ON orders_priceschedule FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND published_at IS NOT NULL THEN true ELSE false END)", 'DROP POLICY orders_priceschedule_contractor ON orders_priceschedule'),
    ('CREATE POLICY orders_priceschedule_system ON orders_priceschedule TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_priceschedule_system ON orders_priceschedule'),
    ('ALTER TABLE orders_priceschedule ADD CONSTRAINT orders_priceschedule_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_priceschedule DROP CONSTRAINT orders_priceschedule_contract_id_of_landlord'),
    ('DROP POLICY orders_priceitem_contractor ON orders_priceitem', "CREATE POLICY orders_priceitem_contractor ON orders_priceitem FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)"),
    ("CREATE POLICY orders_priceitem_contractor ON orders_priceitem FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND EXISTS (SELECT 1 FROM orders_priceschedule s WHERE s.id = orders_priceitem.schedule_id AND s.published_at IS NOT NULL) THEN true ELSE false END)", 'DROP POLICY orders_priceitem_contractor ON orders_priceitem'),
    ('ALTER TABLE orders_priceitem ADD CONSTRAINT orders_priceitem_schedule_id_of_landlord FOREIGN KEY (landlord_id, schedule_id) REFERENCES orders_priceschedule (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_priceitem DROP CONSTRAINT orders_priceitem_schedule_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0053_versions_hold")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
