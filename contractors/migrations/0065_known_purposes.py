"""Check what was added unchecked."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Reads the rows without stopping who writes them."""

    dependencies = [("contractors", "0064_sums_paid")]

    operations = [ValidateConstraint(model_name="payment", name="payment_purpose_is_known")]
