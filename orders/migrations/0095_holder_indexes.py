import datetime

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Coalesce

HELD = Coalesce(
    F("held_since"), Value(datetime.datetime(9999, 12, 31, tzinfo=datetime.timezone.utc))
)


class Migration(migrations.Migration):
    """Outside a transaction: the table may be large."""

    atomic = False

    dependencies = [("orders", "0094_fill_holders")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(F("landlord"), HELD, F("id"), name="order_landlord_held"),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(F("contractor"), HELD, F("id"), name="order_contractor_held"),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["landlord", "holder", "-created_at", "-id"],
                include=("contractor", "tenant", "reader_case"),
                name="order_landlord_holder",
            ),
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["contractor", "holder", "-created_at", "-id"],
                include=("landlord", "tenant", "reader_case"),
                name="order_contractor_holder",
            ),
        ),
    ]
