"""When the clock tells again; blocks that are open already are planned at their next change."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("contractors", "0011_walls")]

    operations = [
        migrations.AddField(
            model_name="block",
            name="remind_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name="block",
            index=models.Index(
                condition=models.Q(("remind_at__isnull", False)),
                fields=["remind_at"],
                name="block_to_remind",
            ),
        ),
    ]
