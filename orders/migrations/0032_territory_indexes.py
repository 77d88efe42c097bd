"""Lists, boards and desks of an agency or a sector find and count their orders by these."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

VALIDATE = (
    "ALTER TABLE orders_order VALIDATE CONSTRAINT orders_order_agency_id_of_landlord",
    "ALTER TABLE orders_order VALIDATE CONSTRAINT orders_order_sector_id_of_landlord",
)
READ_BY_POLICIES = ("landlord", "contractor", "tenant", "reader_case")


def _state(part: str) -> models.Index:
    return models.Index(
        fields=[part, "state", "-created_at", "-id"],
        include=(*READ_BY_POLICIES, "target_date"),
        condition=models.Q((f"{part}__isnull", False)),
        name=f"order_{part}_state",
    )


def _list(part: str) -> models.Index:
    return models.Index(
        fields=[part, "-created_at", "-id"],
        include=READ_BY_POLICIES,
        condition=models.Q((f"{part}__isnull", False)),
        name=f"order_{part}_list",
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0031_walls")]

    operations = [
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in VALIDATE),
        *(AddIndexConcurrently("order", _state(part)) for part in ("agency", "sector")),
        *(AddIndexConcurrently("order", _list(part)) for part in ("agency", "sector")),
    ]
