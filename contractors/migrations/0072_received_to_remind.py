"""The clock finds the files whose reminder is due."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """One index, made beside what is written."""

    atomic = False

    dependencies = [("contractors", "0071_waiting_files")]

    operations = [
        AddIndexConcurrently(
            model_name="receivedinvoice",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)),
                fields=["remind_at"],
                name="received_to_remind",
            ),
        ),
    ]
