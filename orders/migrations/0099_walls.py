"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_accesscheck ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_accesscheck DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_accesscheck_landlord ON orders_accesscheck TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_accesscheck_landlord ON orders_accesscheck'),
    ("CREATE POLICY orders_accesscheck_contractor ON orders_accesscheck TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_accesscheck_contractor ON orders_accesscheck'),
    ("CREATE POLICY orders_accesscheck_tenant ON orders_accesscheck TO nexxio_site USING (CASE WHEN tenant_id = (select nullif(current_setting('nexxio.tenant', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN tenant_id = (select nullif(current_setting('nexxio.tenant', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_accesscheck_tenant ON orders_accesscheck'),
    ("CREATE POLICY orders_accesscheck_link ON orders_accesscheck TO nexxio_site USING (CASE WHEN reader_case_id = (select nullif(current_setting('nexxio.case', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN reader_case_id = (select nullif(current_setting('nexxio.case', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_accesscheck_link ON orders_accesscheck'),
    ("CREATE POLICY orders_accesscheck_paper ON orders_accesscheck TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)", 'DROP POLICY orders_accesscheck_paper ON orders_accesscheck'),
    ('CREATE POLICY orders_accesscheck_system ON orders_accesscheck TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_accesscheck_system ON orders_accesscheck'),
    ('ALTER TABLE orders_accesscheck ADD CONSTRAINT orders_accesscheck_tenant_id_of_landlord FOREIGN KEY (landlord_id, tenant_id) REFERENCES core_tenant (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_accesscheck DROP CONSTRAINT orders_accesscheck_tenant_id_of_landlord'),
    ('ALTER TABLE orders_accesscheck ADD CONSTRAINT orders_accesscheck_reader_case_id_of_landlord FOREIGN KEY (landlord_id, reader_case_id) REFERENCES core_case (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_accesscheck DROP CONSTRAINT orders_accesscheck_reader_case_id_of_landlord'),
    ('ALTER TABLE orders_accesscheck ADD CONSTRAINT orders_accesscheck_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_accesscheck DROP CONSTRAINT orders_accesscheck_order_id_of_landlord'),
    ('ALTER TABLE orders_accesscheck ADD CONSTRAINT orders_accesscheck_visit_id_of_landlord FOREIGN KEY (landlord_id, visit_id) REFERENCES orders_visit (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_accesscheck DROP CONSTRAINT orders_accesscheck_visit_id_of_landlord'),
    ('ALTER TABLE orders_accessletter ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_accessletter DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_accessletter_landlord ON orders_accessletter TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_accessletter_landlord ON orders_accessletter'),
    ('CREATE POLICY orders_accessletter_system ON orders_accessletter TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_accessletter_system ON orders_accessletter'),
    ('ALTER TABLE orders_accessletter ADD CONSTRAINT orders_accessletter_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_accessletter DROP CONSTRAINT orders_accessletter_order_id_of_landlord'),
    ('ALTER TABLE orders_accessletter ADD CONSTRAINT orders_accessletter_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_accessletter DROP CONSTRAINT orders_accessletter_file_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0098_no_access_indexes")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
