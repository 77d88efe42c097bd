"""What else a contract says: pieces of its invoices, attribution, on-call rules."""

import django.contrib.postgres.fields
from django.db import migrations, models

from orders.terms import Attribution, InvoicePiece


class Migration(migrations.Migration):
    """Adds columns with a default: no row is rewritten."""

    dependencies = [("orders", "0054_walls")]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="pieces",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(choices=InvoicePiece.choices, max_length=20),
                blank=True,
                default=list,
                size=None,
                verbose_name="pièces de la facture",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="attribution",
            field=models.CharField(
                choices=Attribution.choices,
                default="single",
                max_length=12,
                verbose_name="attribution",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="attribution_rank",
            field=models.PositiveSmallIntegerField(
                default=1, verbose_name="rang dans la cascade"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="on_call",
            field=models.BooleanField(default=False, verbose_name="astreinte"),
        ),
        migrations.AddField(
            model_name="contract",
            name="on_call_cap",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=12,
                null=True,
                verbose_name="plafond d'une astreinte HT",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="contract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("attribution__in", ["single", "cascade", "rotation", "perimeter"])
                ),
                name="contract_attribution_is_known",
            ),
        ),
    ]
