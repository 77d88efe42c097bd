"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_reserve ADD CONSTRAINT orders_reserve_photo_id_of_landlord FOREIGN KEY (landlord_id, photo_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_reserve DROP CONSTRAINT orders_reserve_photo_id_of_landlord'),
    ('ALTER TABLE orders_reserve ADD CONSTRAINT orders_reserve_claim_photo_id_of_landlord FOREIGN KEY (landlord_id, claim_photo_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_reserve DROP CONSTRAINT orders_reserve_claim_photo_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0144_fill_reserves")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
