"""Closed orders whose contact or photos are still there, for the clock."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("orders", "0175_erased")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(closed_at__isnull=False, contact_erased_at__isnull=True),
                fields=["closed_at"],
                name="order_contact_to_erase",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                condition=models.Q(closed_at__isnull=False, photos_erased_at__isnull=True),
                fields=["closed_at"],
                name="order_photos_to_erase",
            ),
        ),
    ]
