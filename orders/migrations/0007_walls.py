"""The second wall: policies and composite keys of new tables."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_visit ADD CONSTRAINT orders_visit_technician_id_of_contractor FOREIGN KEY (contractor_id, technician_id) REFERENCES core_membership (organisation_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_visit DROP CONSTRAINT orders_visit_technician_id_of_contractor'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0006_composite_keys")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
