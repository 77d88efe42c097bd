"""An order says since when its contact and its photos are erased."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("orders", "0174_walls")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="contact_erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="photos_erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
