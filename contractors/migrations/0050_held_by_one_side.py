from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The open blocks that one side holds, the oldest first."""

    atomic = False
    dependencies = [("contractors", "0049_first_rows")]

    operations = [
        AddIndexConcurrently(
            model_name="block",
            index=models.Index(
                fields=[house, "side", "opened_at", "id"],
                condition=models.Q(("closed_at__isnull", True)),
                name=f"block_{house}_side",
            ),
        )
        for house in ("landlord", "contractor")
    ]
