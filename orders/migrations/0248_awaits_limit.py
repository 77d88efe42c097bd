from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits for a limit that covers it: orders to approve, and returned ones to send again."""

    atomic = False
    dependencies = [("orders", "0247_free_hours")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["landlord", "created_at", "id"],
                include=["contractor", "tenant", "reader_case"],
                condition=models.Q(state="pending_approval")
                | models.Q(reissue_asked_at__isnull=False, state="returned"),
                name="order_awaits_limit",
            ),
        ),
    ]
