"""Open orders of a dwelling, for those who are about to issue another one."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Outside a transaction: the table may be large."""

    atomic = False

    dependencies = [("orders", "0055_contract_rules")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ["issued", "returned", "declined", "accepted", "partly_done"])
                ),
                fields=["landlord", "unit"],
                name="order_open_of_unit",
            ),
        ),
    ]
