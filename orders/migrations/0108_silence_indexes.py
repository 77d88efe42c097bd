from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Outside a transaction: the table may be large."""

    atomic = False

    dependencies = [("orders", "0107_fill_silence")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["landlord", "silent_at"],
                include=("contractor", "tenant", "reader_case"),
                condition=Q(silent_at__isnull=False),
                name="order_landlord_silent",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["contractor", "silent_at"],
                include=("landlord", "tenant", "reader_case"),
                condition=Q(silent_at__isnull=False),
                name="order_contractor_silent",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["chase_at"], condition=Q(chase_at__isnull=False), name="order_chase"
            ),
        ),
    ]
