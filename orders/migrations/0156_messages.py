import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Messages between landlord and tenant alone; what a side hasn't read. 0158 validates."""

    dependencies = [
        ("core", "0043_job_is_awaited"),
        ("orders", "0155_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderUnread",
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
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("landlord", "Bailleur"),
                            ("contractor", "Entreprise"),
                            ("tenant", "Locataire"),
                        ],
                        max_length=10,
                    ),
                ),
                ("latest_at", models.DateTimeField()),
                (
                    "contractor",
                    models.ForeignKey(
                        db_index=False,
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.order",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=[side, "-latest_at", "-id"],
                        include=("order",),
                        condition=Q(side=side),
                        name=f"unread_{side}",
                    )
                    for side in ("landlord", "contractor")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("landlord", "order", "side"), name="one_unread_of_a_side"
                    ),
                    models.CheckConstraint(
                        condition=Q(side__in=["landlord", "contractor"]),
                        name="unread_side_is_known",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="ordermessage",
            name="audience",
            field=models.CharField(
                choices=[
                    ("organisations", "Bailleur et entreprise"),
                    ("everyone", "Bailleur, entreprise et locataire"),
                    ("landlord", "Bailleur et locataire"),
                ],
                max_length=14,
                verbose_name="lecteurs",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="ordermessage", name="message_audience_is_who_reads"
        ),
        AddConstraintNotValid(
            model_name="ordermessage",
            constraint=models.CheckConstraint(
                condition=Q(
                    audience="organisations", tenant__isnull=True, reader_case__isnull=True
                )
                | Q(audience="everyone", reader_case__isnull=False)
                | Q(audience="landlord", reader_case__isnull=False, contractor__isnull=True),
                name="message_audience_is_who_reads",
            ),
        ),
    ]
