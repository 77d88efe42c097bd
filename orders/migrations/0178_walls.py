"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_liftingrecord ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_liftingrecord DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_liftingrecord_landlord ON orders_liftingrecord TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_liftingrecord_landlord ON orders_liftingrecord'),
    ("CREATE POLICY orders_liftingrecord_contractor ON orders_liftingrecord FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_liftingrecord_contractor ON orders_liftingrecord'),
    ("CREATE POLICY orders_liftingrecord_paper ON orders_liftingrecord FOR SELECT TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)", 'DROP POLICY orders_liftingrecord_paper ON orders_liftingrecord'),
    ('CREATE POLICY orders_liftingrecord_system ON orders_liftingrecord TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_liftingrecord_system ON orders_liftingrecord'),
    ('ALTER TABLE orders_liftingrecord ADD CONSTRAINT orders_liftingrecord_tenant_id_of_landlord FOREIGN KEY (landlord_id, tenant_id) REFERENCES core_tenant (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_liftingrecord DROP CONSTRAINT orders_liftingrecord_tenant_id_of_landlord'),
    ('ALTER TABLE orders_liftingrecord ADD CONSTRAINT orders_liftingrecord_reader_case_id_of_landlord FOREIGN KEY (landlord_id, reader_case_id) REFERENCES core_case (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_liftingrecord DROP CONSTRAINT orders_liftingrecord_reader_case_id_of_landlord'),
    ('ALTER TABLE orders_liftingrecord ADD CONSTRAINT orders_liftingrecord_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_liftingrecord DROP CONSTRAINT orders_liftingrecord_order_id_of_landlord'),
    ('ALTER TABLE orders_liftingrecord ADD CONSTRAINT orders_liftingrecord_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_liftingrecord DROP CONSTRAINT orders_liftingrecord_file_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0177_lifting_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
