from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

WAITS = models.Q(holder="landlord", state__in=("accepted", "partly_done"))


class Migration(migrations.Migration):
    """Boards: what a company took on and the landlord has to decide, found in its own column."""

    atomic = False
    dependencies = [("orders", "0254_walls")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=[house, "state", "-created_at", "-id"],
                include=[other, "tenant", "reader_case", "target_date"],
                condition=WAITS,
                name=f"order_{house}_turned",
            ),
        )
        for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
    ]
