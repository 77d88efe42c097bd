from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Concat, Left

EXPRESSIONS = (
    ("place", Left(Concat("place_city", Value(" "), "place_address"), 120)),
    ("trade", Coalesce(F("trade_id"), Value("zzz"))),
)


class Migration(migrations.Migration):
    """Lists of orders by place and by trade."""

    atomic = False
    dependencies = [("orders", "0249_walls")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(F(house), expression, F("id"), name=f"order_{house}_{name}_sort"),
        )
        for name, expression in EXPRESSIONS
        for house in ("landlord", "contractor")
    ]
