"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_hold ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_hold DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_hold_landlord ON orders_hold TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_hold_landlord ON orders_hold'),
    ("CREATE POLICY orders_hold_contractor ON orders_hold TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_hold_contractor ON orders_hold'),
    ("CREATE POLICY orders_hold_tenant ON orders_hold FOR SELECT TO nexxio_site USING (CASE WHEN tenant_id = (select nullif(current_setting('nexxio.tenant', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_hold_tenant ON orders_hold'),
    ("CREATE POLICY orders_hold_link ON orders_hold FOR SELECT TO nexxio_site USING (CASE WHEN reader_case_id = (select nullif(current_setting('nexxio.case', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_hold_link ON orders_hold'),
    ("CREATE POLICY orders_hold_paper ON orders_hold TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)", 'DROP POLICY orders_hold_paper ON orders_hold'),
    ('CREATE POLICY orders_hold_system ON orders_hold TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_hold_system ON orders_hold'),
    ('ALTER TABLE orders_hold ADD CONSTRAINT orders_hold_tenant_id_of_landlord FOREIGN KEY (landlord_id, tenant_id) REFERENCES core_tenant (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_hold DROP CONSTRAINT orders_hold_tenant_id_of_landlord'),
    ('ALTER TABLE orders_hold ADD CONSTRAINT orders_hold_reader_case_id_of_landlord FOREIGN KEY (landlord_id, reader_case_id) REFERENCES core_case (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_hold DROP CONSTRAINT orders_hold_reader_case_id_of_landlord'),
    ('ALTER TABLE orders_hold ADD CONSTRAINT orders_hold_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_hold DROP CONSTRAINT orders_hold_order_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0062_holds")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
