"""Keep the day that the landlord announced when the contractor says another one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contractors", "0016_walls")]

    operations = [
        migrations.AddField(
            "payment",
            "announced_on",
            models.DateField(blank=True, null=True, verbose_name="payée le, selon le bailleur"),
        ),
    ]
