"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_equipment ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_equipment DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_equipment_landlord ON orders_equipment TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_equipment_landlord ON orders_equipment'),
    ("CREATE POLICY orders_equipment_contractor ON orders_equipment TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_equipment_contractor ON orders_equipment'),
    ('CREATE POLICY orders_equipment_system ON orders_equipment TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_equipment_system ON orders_equipment'),
    ('ALTER TABLE orders_equipment ADD CONSTRAINT orders_equipment_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_equipment DROP CONSTRAINT orders_equipment_contract_id_of_landlord'),
    ('ALTER TABLE orders_equipment ADD CONSTRAINT orders_equipment_group_id_of_landlord FOREIGN KEY (landlord_id, group_id) REFERENCES core_group (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_equipment DROP CONSTRAINT orders_equipment_group_id_of_landlord'),
    ('ALTER TABLE orders_equipment ADD CONSTRAINT orders_equipment_unit_id_of_landlord FOREIGN KEY (landlord_id, unit_id) REFERENCES core_unit (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_equipment DROP CONSTRAINT orders_equipment_unit_id_of_landlord'),
    ('ALTER TABLE orders_upkeepvisit ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_upkeepvisit DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_upkeepvisit_landlord ON orders_upkeepvisit FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_upkeepvisit_landlord ON orders_upkeepvisit'),
    ("CREATE POLICY orders_upkeepvisit_contractor ON orders_upkeepvisit TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_upkeepvisit_contractor ON orders_upkeepvisit'),
    ('CREATE POLICY orders_upkeepvisit_system ON orders_upkeepvisit TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_upkeepvisit_system ON orders_upkeepvisit'),
    ('ALTER TABLE orders_upkeepvisit ADD CONSTRAINT orders_upkeepvisit_equipment_id_of_landlord FOREIGN KEY (landlord_id, equipment_id) REFERENCES orders_equipment (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_upkeepvisit DROP CONSTRAINT orders_upkeepvisit_equipment_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0253_upkeep_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
