from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

READERS = ("tenant", "reader_case")


class Migration(migrations.Migration):
    """What desks count: clocks of urgency that have passed, reopened orders to be planned again."""

    atomic = False
    dependencies = [("orders", "0179_photos_erased")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=[house, "urgent_at"],
                include=[other, *READERS],
                condition=models.Q(("urgent_at__isnull", False)),
                name=f"order_{house}_passed",
            ),
        )
        for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
    ] + [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=[house, "created_at", "id"],
                include=[other, *READERS],
                condition=models.Q(("reopened__gt", 0), ("state", "accepted")),
                name=f"order_{house}_reopened",
            ),
        )
        for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
    ]
