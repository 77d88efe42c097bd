from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """What was there before 0207 keeps its rules too."""

    dependencies = [("orders", "0207_sent_and_taken_on")]

    operations = [
        ValidateConstraint(model_name="order", name="order_sent_has_its_instant"),
        ValidateConstraint(model_name="order", name="order_taken_on_has_its_instant"),
    ]
