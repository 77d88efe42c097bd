"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_pieceanswer ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_pieceanswer DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_pieceanswer_landlord ON orders_pieceanswer TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_pieceanswer_landlord ON orders_pieceanswer'),
    ("CREATE POLICY orders_pieceanswer_contractor ON orders_pieceanswer FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_pieceanswer_contractor ON orders_pieceanswer'),
    ('CREATE POLICY orders_pieceanswer_system ON orders_pieceanswer TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_pieceanswer_system ON orders_pieceanswer'),
    ('ALTER TABLE orders_pieceanswer ADD CONSTRAINT orders_pieceanswer_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_pieceanswer DROP CONSTRAINT orders_pieceanswer_order_id_of_landlord'),
    ('ALTER TABLE orders_pieceanswer ADD CONSTRAINT orders_pieceanswer_piece_id_of_landlord FOREIGN KEY (landlord_id, piece_id) REFERENCES orders_orderpiece (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_pieceanswer DROP CONSTRAINT orders_pieceanswer_piece_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0195_sheet_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
