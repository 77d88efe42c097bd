from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which companies have a certificate in the parapheur, without reading all that wait."""

    atomic = False
    dependencies = [("orders", "0196_walls")]

    operations = [
        AddIndexConcurrently(
            model_name="certificate",
            index=models.Index(
                fields=["landlord", "contractor"],
                include=["order"],
                condition=models.Q(("state", "to_sign")),
                name="certificate_waiting_company",
            ),
        )
    ]
