"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_variationline ADD CONSTRAINT orders_variationline_of_line_id_of_landlord FOREIGN KEY (landlord_id, of_line_id) REFERENCES orders_orderline (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_variationline DROP CONSTRAINT orders_variationline_of_line_id_of_landlord'),
    ('ALTER TABLE orders_variationline ADD CONSTRAINT orders_variationline_of_extra_id_of_landlord FOREIGN KEY (landlord_id, of_extra_id) REFERENCES orders_variationline (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_variationline DROP CONSTRAINT orders_variationline_of_extra_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0140_line_keys")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
