"""The estate: groups of dwellings, and their units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.organisations import Organisation

OWN = Rule(landlord="landlord_id")


class Group(ScopedModel):
    """A group of dwellings (résidence), as the estate file names it.

    source_key: identifier + year + nature + count of the estate file; empty when typed by hand.
    dwellings: how many the file declares; the rows of `Unit` are made on demand.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    source_key = models.CharField(max_length=400, blank=True)
    identifier = models.CharField(_("identifiant"), max_length=80, blank=True)
    name = models.CharField(_("nom"), max_length=600)
    address = models.CharField(_("adresse"), max_length=600)
    raw_address = models.CharField(_("adresse du fichier"), max_length=600, blank=True)
    postcode = models.CharField(_("code postal"), max_length=5)
    city = models.CharField(_("ville"), max_length=80)
    year = models.PositiveSmallIntegerField(_("année"), null=True, blank=True)
    nature = models.CharField(_("nature"), max_length=200, blank=True)
    dwellings = models.PositiveIntegerField(_("logements déclarés"), default=0)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    time_zone = models.CharField(max_length=40, default="Europe/Paris")
    sector = models.ForeignKey(
        "core.Sector",
        on_delete=models.PROTECT,
        related_name="groups",
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("secteur"),
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    scope_rule = OWN

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="group_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "source_key"],
                condition=~models.Q(source_key=""),
                name="one_group_per_source_key",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "postcode", "name", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.postcode} {self.city}"

    @property
    def where(self) -> str:
        """Postcode, city, and how many dwellings."""
        return f"{self.postcode} {self.city} · {self.dwellings} logements"


class UnitKind(models.TextChoices):
    """What a unit is."""

    DWELLING = "dwelling", _("Logement")
    COMMON_AREA = "common_area", _("Partie commune")
    SHOP = "shop", _("Local")
    PARKING = "parking", _("Parking")


class Unit(ScopedModel):
    """A unit (UG): dwelling, shop, parking, or a common area.

    is_placeholder: numbered on demand because the estate file names no dwellings.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="units", db_constraint=False
    )
    kind = models.CharField(_("nature"), max_length=12, choices=UnitKind, default=UnitKind.DWELLING)
    number = models.CharField(_("numéro"), max_length=20)
    entrance = models.CharField(_("entrée ou escalier"), max_length=40, blank=True)
    floor = models.CharField(_("étage"), max_length=20, blank=True)
    door = models.CharField(_("porte"), max_length=40, blank=True)
    is_placeholder = models.BooleanField(default=False)

    scope_rule = OWN

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="unit_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "group", "kind", "number"], name="one_unit_per_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
