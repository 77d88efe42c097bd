"""Agencies and sectors; members, invitations and residences point at them.

The text that a membership had as its sector stays in its column, as a note that managers read:
nobody's desk is narrowed by an upgrade. Processes of the former release go on writing that column,
those of this one leave it to the database's default; the next release may drop it.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import nexxio.core.clock
import nexxio.core.ids

KEY = {
    "blank": True,
    "db_constraint": False,
    "null": True,
    "on_delete": django.db.models.deletion.PROTECT,
}


def _agency() -> models.ForeignKey:
    return models.ForeignKey(related_name="+", to="core.agency", verbose_name="agence", **KEY)


def _sector(related_name: str = "+") -> models.ForeignKey:
    return models.ForeignKey(
        related_name=related_name, to="core.sector", verbose_name="secteur", **KEY
    )


class Migration(migrations.Migration):
    """New tables and nullable columns: nothing is rewritten."""

    dependencies = [("core", "0028_second_factor")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("membership", "sector", "former_sector"),
                migrations.AlterField(
                    "membership",
                    "former_sector",
                    models.CharField(
                        blank=True,
                        db_column="sector",
                        db_default="",
                        max_length=80,
                        verbose_name="secteur noté auparavant",
                    ),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE core_membership ALTER COLUMN sector SET DEFAULT ''",
                    "ALTER TABLE core_membership ALTER COLUMN sector DROP DEFAULT",
                ),
            ],
        ),
        migrations.CreateModel(
            name="Agency",
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
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                (
                    "archived_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="archivée le"),
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
            ],
            options={"verbose_name": "agence", "verbose_name_plural": "agences"},
        ),
        migrations.CreateModel(
            name="Sector",
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
                ("name", models.CharField(max_length=80, verbose_name="nom")),
                (
                    "archived_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="archivé le"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sectors",
                        to="core.agency",
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
            ],
            options={"verbose_name": "secteur", "verbose_name_plural": "secteurs"},
        ),
        *(
            migrations.AddField(model, name, field)
            for model in ("membership", "invitation")
            for name, field in (("agency", _agency()), ("sector", _sector()))
        ),
        migrations.AddField("group", "sector", _sector("groups")),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=models.Q(sector__isnull=True) | models.Q(agency__isnull=False),
                name="membership_sector_with_agency",
            ),
        ),
        migrations.AddConstraint(
            "agency",
            models.UniqueConstraint(fields=["landlord", "id"], name="agency_of_landlord"),
        ),
        migrations.AddConstraint(
            "agency",
            models.UniqueConstraint(
                models.F("landlord"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(archived_at__isnull=True),
                name="one_agency_name",
            ),
        ),
        migrations.AddConstraint(
            "sector",
            models.UniqueConstraint(fields=["landlord", "id"], name="sector_of_landlord"),
        ),
        migrations.AddConstraint(
            "sector",
            models.UniqueConstraint(
                models.F("agency"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(archived_at__isnull=True),
                name="one_sector_name",
            ),
        ),
    ]
