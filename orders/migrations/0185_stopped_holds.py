from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Orders from before 0184 keep its rule too."""

    dependencies = [("orders", "0184_stopped")]

    operations = [ValidateConstraint(model_name="order", name="order_stopped_is_finished")]
