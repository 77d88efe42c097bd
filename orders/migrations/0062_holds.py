"""Holds: what an order waits for, and until when."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0032_invited_territory"),
        ("orders", "0061_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hold",
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
                ("created_at", models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "En attente"), ("lifted", "Attente levée")],
                        default="open",
                        max_length=8,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("material", "pièce ou matériel"),
                            ("agreement", "accord du bailleur"),
                            ("insurer", "assureur ou expert"),
                            ("asbestos", "amiante"),
                            ("shut_off", "coupure d’un fluide"),
                            ("common_parts", "parties communes ou syndic"),
                            ("second_trade", "autre corps d’état"),
                            ("weather", "météo"),
                            ("keys", "clés ou gardien"),
                            ("safety", "sécurité"),
                        ],
                        max_length=16,
                        verbose_name="motif",
                    ),
                ),
                ("expected_on", models.DateField(verbose_name="fin prévue")),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("remind_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "contractor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "landlord",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="orders.order",
                    ),
                ),
                (
                    "reader_case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.case",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "attente",
                "verbose_name_plural": "attentes",
                "indexes": [
                    models.Index(
                        condition=models.Q(("remind_at__isnull", False)),
                        fields=["remind_at"],
                        name="hold_to_remind",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("landlord", "id"), name="hold_of_landlord"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("landlord", "order"),
                        name="one_open_hold",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "lifted"])),
                        name="hold_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True), ("state", "lifted"), _connector="XOR"
                        ),
                        name="hold_lifted_at_exactly_when_lifted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("remind_at__isnull", True), ("state", "open"), _connector="OR"
                        ),
                        name="hold_reminds_only_while_open",
                    ),
                ],
            },
        ),
    ]
