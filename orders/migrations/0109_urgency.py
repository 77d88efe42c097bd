import datetime

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

URGENT = Coalesce(
    F("urgent_at"), Value(datetime.datetime(9999, 12, 31, tzinfo=datetime.timezone.utc))
)


class Migration(migrations.Migration):
    """Empty columns; indexes outside a transaction: the table may be large."""

    atomic = False

    dependencies = [("orders", "0108_silence_indexes")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="hazard",
            field=models.CharField(
                blank=True,
                choices=[
                    ("gas", "Gaz : odeur, fuite ou appareil dangereux"),
                    ("lift", "Ascenseur à l’arrêt"),
                    ("damp", "Humidité, infiltration"),
                    ("mould", "Moisissures"),
                ],
                db_default="",
                default="",
                max_length=8,
                verbose_name="danger",
            ),
        ),
        *(
            migrations.AddField(
                model_name="order",
                name=name,
                field=models.DateTimeField(blank=True, null=True),
            )
            for name in ("ack_due_at", "arrival_due_at", "urgent_at", "urgent_alert_at")
        ),
        *(
            AddIndexConcurrently(
                model_name="order",
                index=models.Index(F(side), URGENT, F("id"), name=f"order_{side}_clock"),
            )
            for side in ("landlord", "contractor")
        ),
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=["urgent_alert_at"],
                condition=Q(urgent_alert_at__isnull=False),
                name="order_urgent_alert",
            ),
        ),
    ]
