"""How many photos of an order its age erased."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0178_walls")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="photos_erased",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
