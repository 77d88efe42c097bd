"""Opinions that aren't counted yet, of a landlord's quarter that is to be published."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("evaluations", "0041_walls")]

    operations = [
        AddIndexConcurrently(
            model_name="evaluation",
            index=models.Index(
                condition=models.Q(counted_at__isnull=True),
                fields=["landlord", "quarter"],
                name="evaluation_uncounted",
            ),
        ),
    ]
