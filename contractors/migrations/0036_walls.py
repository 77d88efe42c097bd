"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_invoice ADD CONSTRAINT contractors_invoice_credits_id_of_landlord FOREIGN KEY (landlord_id, credits_id) REFERENCES contractors_invoice (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID', 'ALTER TABLE contractors_invoice DROP CONSTRAINT contractors_invoice_credits_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema; the rows are looked at without stopping writers."""

    atomic = False

    dependencies = [("contractors", "0035_credit_note_indexes")]

    operations = [
        *(migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS),
        migrations.RunSQL(
            "ALTER TABLE contractors_invoice VALIDATE CONSTRAINT"
            " contractors_invoice_credits_id_of_landlord",
            migrations.RunSQL.noop,
        ),
    ]
