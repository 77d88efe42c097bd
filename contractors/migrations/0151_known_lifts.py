"""Check what was added unchecked."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Reads the rows without stopping who writes them."""

    dependencies = [("contractors", "0150_lifts_by_two")]

    operations = [ValidateConstraint(model_name="paymenttransfer", name="transfer_lifted_by_another")]
