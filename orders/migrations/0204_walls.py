"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_contractdraw ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_contractdraw DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_contractdraw_landlord ON orders_contractdraw FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_contractdraw_landlord ON orders_contractdraw'),
    ("CREATE POLICY orders_contractdraw_contractor ON orders_contractdraw FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_contractdraw_contractor ON orders_contractdraw'),
    ('CREATE POLICY orders_contractdraw_system ON orders_contractdraw TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_contractdraw_system ON orders_contractdraw'),
    ('ALTER TABLE orders_contractdraw ADD CONSTRAINT orders_contractdraw_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_contractdraw DROP CONSTRAINT orders_contractdraw_contract_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0203_draws")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
