import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0043_job_is_awaited"),
        ("orders", "0147_invoice_clock_index"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderWords",
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
                ("open_words", models.TextField()),
                ("words", models.TextField()),
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
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="orders.order",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
