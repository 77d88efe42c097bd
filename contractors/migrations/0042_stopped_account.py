"""When a landlord stopped to pay to an account that was in force."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contractors", "0040_situation_in_progress")]

    operations = [
        migrations.AddField(
            "bankcheck", "stopped_at", models.DateTimeField(blank=True, null=True)
        ),
    ]
