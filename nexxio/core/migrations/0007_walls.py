"""The second wall: policies and composite keys of new tables."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE core_eventposition ADD CONSTRAINT core_eventposition_event_id_of_landlord FOREIGN KEY (landlord_id, event_id) REFERENCES core_event (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_eventposition DROP CONSTRAINT core_eventposition_event_id_of_landlord'),
    ('ALTER TABLE core_message ADD CONSTRAINT core_message_event_id_of_landlord FOREIGN KEY (landlord_id, event_id) REFERENCES core_event (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_message DROP CONSTRAINT core_message_event_id_of_landlord'),
    ('ALTER TABLE core_message ADD CONSTRAINT core_message_link_id_of_landlord FOREIGN KEY (landlord_id, link_id) REFERENCES core_link (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_message DROP CONSTRAINT core_message_link_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0006_composite_keys")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
