"""What a contract tolerates over an order's amount before somebody has to agree."""

from decimal import Decimal

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Adds columns with a default: no row is rewritten."""

    dependencies = [("orders", "0014_walls")]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="tolerance_percent",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal(0),
                max_digits=5,
                verbose_name="tolérance en %",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="tolerance_amount",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal(0),
                max_digits=12,
                verbose_name="tolérance en euros HT",
            ),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=Q(tolerance_percent__range=(0, 100), tolerance_amount__gte=0),
                name="contract_tolerance_is_sane",
            ),
        ),
    ]
