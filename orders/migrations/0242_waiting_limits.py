from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A company's first certificate that waits, within a limit or above it, from the index alone."""

    atomic = False
    dependencies = [
        ("orders", "0230_walls"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="certificate",
            index=models.Index(
                fields=["landlord", "contractor", "total_without_vat"],
                include=["id", "order", "asked_at"],
                condition=models.Q(("state", "to_sign")),
                name="certificate_company_waits",
            ),
        ),
        RemoveIndexConcurrently(model_name="certificate", name="certificate_waiting_company"),
    ]
