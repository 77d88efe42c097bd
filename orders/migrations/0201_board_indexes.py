import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

READERS = ("tenant", "reader_case")
NEWEST = ("-created_at", "-id")
OPEN = models.Q(state__in=["issued", "returned", "declined", "accepted", "partly_done"])
UNDER_WAY = models.Q(state__in=["proposed", "confirmed", "on_the_way", "on_site"])
HOUSES = (("landlord", "contractor"), ("contractor", "landlord"))


def _added(house: str, other: str) -> list[AddIndexConcurrently]:
    found = (
        models.Index(
            fields=[house, "state", *NEWEST],
            include=[other, *READERS, "target_date"],
            name=f"order_{house}_by_state",
        ),
        models.Index(
            fields=[house, "state", "target_date", "id"],
            include=[other, *READERS, "trade"],
            condition=OPEN,
            name=f"order_{house}_overdue",
        ),
        models.Index(
            fields=[house, "trade", "state", *NEWEST],
            include=[other, *READERS, "target_date"],
            name=f"order_{house}_trade",
        ),
    )
    return [AddIndexConcurrently(model_name="order", index=index) for index in found]


class Migration(migrations.Migration):
    """Boards that are narrowed to a trade or to what is late: each column from its index."""

    atomic = False
    dependencies = [("orders", "0200_waiting_companies")]

    operations = [
        *(operation for pair in HOUSES for operation in _added(*pair)),
        AddIndexConcurrently(
            model_name="visit",
            index=models.Index(
                fields=["contractor", "state", "window_start", "id"],
                include=["order", "landlord", *READERS],
                condition=UNDER_WAY,
                name="visit_contractor_by_state",
            ),
        ),
        # What they replace.
        *(
            RemoveIndexConcurrently(model_name="order", name=f"order_{house}_{name}")
            for house, _other in HOUSES
            for name in ("state", "late")
        ),
        migrations.AlterField(
            model_name="order",
            name="trade",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.trade",
            ),
        ),
    ]
