from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which orders follow one."""

    atomic = False
    dependencies = [("orders", "0163_next_tables")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(("follows__isnull", False)),
                fields=["landlord", "follows"],
                name="order_follows",
            ),
        ),
    ]
