"""When both sides were told that a retention's day had come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("contractors", "0073_rejected_numbers")]

    operations = [
        migrations.AddField(
            model_name="retention",
            name="told_on",
            field=models.DateField(blank=True, null=True),
        ),
    ]
