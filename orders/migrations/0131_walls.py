"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_contractplace ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_contractplace DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_contractplace_landlord ON orders_contractplace TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_contractplace_landlord ON orders_contractplace'),
    ("CREATE POLICY orders_contractplace_contractor ON orders_contractplace FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_contractplace_contractor ON orders_contractplace'),
    ('CREATE POLICY orders_contractplace_system ON orders_contractplace TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_contractplace_system ON orders_contractplace'),
    ('ALTER TABLE orders_contractplace ADD CONSTRAINT orders_contractplace_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_contractplace DROP CONSTRAINT orders_contractplace_contract_id_of_landlord'),
    ('ALTER TABLE orders_contractplace ADD CONSTRAINT orders_contractplace_agency_id_of_landlord FOREIGN KEY (landlord_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_contractplace DROP CONSTRAINT orders_contractplace_agency_id_of_landlord'),
    ('ALTER TABLE orders_contractplace ADD CONSTRAINT orders_contractplace_sector_id_of_landlord FOREIGN KEY (landlord_id, sector_id) REFERENCES core_sector (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_contractplace DROP CONSTRAINT orders_contractplace_sector_id_of_landlord'),
    ('ALTER TABLE orders_contractplace ADD CONSTRAINT orders_contractplace_group_id_of_landlord FOREIGN KEY (landlord_id, group_id) REFERENCES core_group (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_contractplace DROP CONSTRAINT orders_contractplace_group_id_of_landlord'),
    ('ALTER TABLE orders_ruledeparture ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_ruledeparture DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_ruledeparture_landlord ON orders_ruledeparture TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_ruledeparture_landlord ON orders_ruledeparture'),
    ("CREATE POLICY orders_ruledeparture_contractor ON orders_ruledeparture FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_ruledeparture_contractor ON orders_ruledeparture'),
    ('CREATE POLICY orders_ruledeparture_system ON orders_ruledeparture TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_ruledeparture_system ON orders_ruledeparture'),
    ('ALTER TABLE orders_ruledeparture ADD CONSTRAINT orders_ruledeparture_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_ruledeparture DROP CONSTRAINT orders_ruledeparture_contract_id_of_landlord'),
    ('ALTER TABLE orders_ruledeparture ADD CONSTRAINT orders_ruledeparture_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_ruledeparture DROP CONSTRAINT orders_ruledeparture_order_id_of_landlord'),
    ('ALTER TABLE orders_houserules ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_houserules DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_houserules_landlord ON orders_houserules TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_houserules_landlord ON orders_houserules'),
    ('CREATE POLICY orders_houserules_system ON orders_houserules TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_houserules_system ON orders_houserules'),
    ('ALTER TABLE orders_orderfile ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_orderfile DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_orderfile_landlord ON orders_orderfile TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderfile_landlord ON orders_orderfile'),
    ("CREATE POLICY orders_orderfile_contractor ON orders_orderfile FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_orderfile_contractor ON orders_orderfile'),
    ("CREATE POLICY orders_orderfile_paper ON orders_orderfile FOR SELECT TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)", 'DROP POLICY orders_orderfile_paper ON orders_orderfile'),
    ('CREATE POLICY orders_orderfile_system ON orders_orderfile TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_orderfile_system ON orders_orderfile'),
    ('ALTER TABLE orders_orderfile ADD CONSTRAINT orders_orderfile_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderfile DROP CONSTRAINT orders_orderfile_order_id_of_landlord'),
    ('ALTER TABLE orders_orderfile ADD CONSTRAINT orders_orderfile_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_orderfile DROP CONSTRAINT orders_orderfile_file_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0130_order_corrections")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
