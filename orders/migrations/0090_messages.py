"""What is said on an order: messages, readings, notes and their files."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0032_invited_territory"),
        ("orders", "0084_find_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InternalNote",
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
                ("order_id", models.UUIDField()),
                ("text", models.TextField(blank=True, verbose_name="note")),
                ("send_key", models.UUIDField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(
                fields=["organisation", "order_id", "created_at"],
                name="orders_inte_organis_8fefe4_idx",
            )],
                "constraints": [models.UniqueConstraint(
                fields=("organisation", "id"), name="note_of_organisation"
            ), models.UniqueConstraint(
                fields=("organisation", "order_id", "send_key"), name="one_note_of_a_send"
            )],
                "verbose_name": "note interne",
                "verbose_name_plural": "notes internes",
            },
        ),
        migrations.CreateModel(
            name="MessageReading",
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
                ("read_until", models.DateTimeField()),
                ("read_at", models.DateTimeField()),
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
                        related_name="+",
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
                "constraints": [models.UniqueConstraint(
                fields=("landlord", "order", "side"), name="one_reading_of_a_side"
            ), models.CheckConstraint(
                condition=models.Q(("read_until__lte", models.F("read_at"))),
                name="reading_is_of_the_past",
            )],
            },
        ),
        migrations.CreateModel(
            name="NoteFile",
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
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="orders.internalnote",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(
                fields=["organisation", "note"], name="orders_note_organis_9115f4_idx"
            )],
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="OrderMessage",
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
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("organisations", "Bailleur et entreprise"),
                            ("everyone", "Bailleur, entreprise et locataire"),
                        ],
                        max_length=14,
                        verbose_name="lecteurs",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="message")),
                ("send_key", models.UUIDField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                        related_name="messages",
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
                "indexes": [models.Index(
                fields=["landlord", "order", "created_at"], name="orders_orde_landlor_796ac5_idx"
            )],
                "constraints": [models.UniqueConstraint(
                fields=("landlord", "id"), name="message_of_landlord"
            ), models.UniqueConstraint(
                fields=("landlord", "order", "send_key"), name="one_message_of_a_send"
            ), models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("audience", "organisations"),
                        ("reader_case__isnull", True),
                        ("tenant__isnull", True),
                    ),
                    models.Q(("audience", "everyone"), ("reader_case__isnull", False)),
                    _connector="OR",
                ),
                name="message_audience_is_who_reads",
            ), models.CheckConstraint(
                condition=models.Q(("side__in", ["landlord", "contractor", "tenant"])),
                name="message_side_is_known",
            )],
                "verbose_name": "message",
                "verbose_name_plural": "messages",
            },
        ),
        migrations.CreateModel(
            name="MessageFile",
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
                    "file",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.storedfile",
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
                (
                    "message",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="orders.ordermessage",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(
                fields=["landlord", "message"], name="orders_mess_landlor_3aa457_idx"
            )],
                "ordering": ["created_at", "id"],
            },
        ),
    ]
