"""Of which day of review a pilot's managers were told."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("evaluations", "0051_reason_of_a_decision")]

    operations = [
        migrations.AddField(
            model_name="pilot",
            name="told_for",
            field=models.DateField(blank=True, null=True),
        ),
    ]
