"""Since when a file waits for its order, and when its landlord is told again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns of files that came in."""

    dependencies = [("contractors", "0070_invited_to_chorus")]

    operations = [
        migrations.AddField(
            model_name="receivedinvoice",
            name="waiting_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="receivedinvoice",
            name="remind_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
