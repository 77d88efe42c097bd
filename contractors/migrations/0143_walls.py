"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_finalaccount ADD CONSTRAINT contractors_finalaccount_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_finalaccount DROP CONSTRAINT contractors_finalaccount_file_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0142_find_sealed_finals")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
