"""Versions of price schedules, and lines off the schedule."""

import django.db.models.deletion
from django.db import migrations, models

import nexxio.core.clock
import nexxio.core.ids


def owner(**more):
    """Return a key of an organisation."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="core.organisation",
        **more,
    )


class Migration(migrations.Migration):
    """A new table and columns that may be empty: nothing is rewritten."""

    dependencies = [("orders", "0050_contract_terms"), ("core", "0028_second_factor")]

    operations = [
        migrations.CreateModel(
            name="PriceSchedule",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nexxio.core.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=nexxio.core.clock.now, editable=False),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("effective_on", models.DateField(verbose_name="date d'effet")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="origine")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "contract",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schedules",
                        to="orders.contract",
                    ),
                ),
                ("contractor", owner()),
                ("landlord", owner(db_index=False)),
            ],
            options={
                "verbose_name": "version de bordereau",
                "verbose_name_plural": "versions de bordereau",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("landlord", "id"), name="price_schedule_of_landlord"
                    ),
                    models.UniqueConstraint(
                        fields=("landlord", "contract", "number"), name="one_schedule_number"
                    ),
                    models.UniqueConstraint(
                        fields=("landlord", "contract", "effective_on"),
                        name="one_schedule_of_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=("landlord", "contract"),
                        name="one_schedule_prepared",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="priceitem",
            name="schedule",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="orders.priceschedule",
            ),
        ),
        migrations.AlterModelOptions(
            name="priceitem",
            options={
                "verbose_name": "article de bordereau",
                "verbose_name_plural": "articles de bordereau",
            },
        ),
        migrations.AlterField(
            model_name="orderline",
            name="price_item",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.priceitem",
            ),
        ),
        migrations.AlterField(
            model_name="orderline",
            name="code",
            field=models.CharField(blank=True, max_length=20),
        ),
    ]
