"""The number of an invoice that a platform rejected may be taken again."""

from django.db import migrations, models

CREATE = """
CREATE UNIQUE INDEX CONCURRENTLY one_live_invoice_number
ON contractors_invoice (contractor_id, number) WHERE NOT (state = 'rejected')
"""


class Migration(migrations.Migration):
    """The narrower index is there before the wider constraint goes."""

    atomic = False

    dependencies = [("contractors", "0072_received_to_remind")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(CREATE, "DROP INDEX CONCURRENTLY one_live_invoice_number")
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="invoice",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("state", "rejected"), _negated=True),
                        fields=("contractor", "number"),
                        name="one_live_invoice_number",
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint(model_name="invoice", name="one_invoice_number"),
    ]
