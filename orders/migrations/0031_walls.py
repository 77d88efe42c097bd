"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_order ADD CONSTRAINT orders_order_agency_id_of_landlord FOREIGN KEY (landlord_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_order DROP CONSTRAINT orders_order_agency_id_of_landlord'),
    ('ALTER TABLE orders_order ADD CONSTRAINT orders_order_sector_id_of_landlord FOREIGN KEY (landlord_id, sector_id) REFERENCES core_sector (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_order DROP CONSTRAINT orders_order_sector_id_of_landlord'),
]


# What runs: the table is full, so 0032 validates, and stops no writer meanwhile.
UNCHECKED = [
    (
        "ALTER TABLE orders_order ADD CONSTRAINT orders_order_agency_id_of_landlord"
        " FOREIGN KEY (landlord_id, agency_id) REFERENCES core_agency (landlord_id, id)"
        " DEFERRABLE INITIALLY IMMEDIATE NOT VALID",
        "ALTER TABLE orders_order DROP CONSTRAINT orders_order_agency_id_of_landlord",
    ),
    (
        "ALTER TABLE orders_order ADD CONSTRAINT orders_order_sector_id_of_landlord"
        " FOREIGN KEY (landlord_id, sector_id) REFERENCES core_sector (landlord_id, id)"
        " DEFERRABLE INITIALLY IMMEDIATE NOT VALID",
        "ALTER TABLE orders_order DROP CONSTRAINT orders_order_sector_id_of_landlord",
    ),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0030_territories")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in UNCHECKED]
