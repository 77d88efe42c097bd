"""Equipment under a contract of upkeep, and the visits that it was given."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import Group, Organisation, ScopedModel, Unit
from orders.models.contracts import Contract

MOST_MONTHS = 120


class EquipmentKind(models.TextChoices):
    """What is kept up."""

    BOILER = "boiler", _("Chaudière individuelle")
    WATER_HEATER = "water_heater", _("Chauffe-eau")
    HEAT_PUMP = "heat_pump", _("Pompe à chaleur")
    VENTILATION = "ventilation", _("Ventilation (VMC)")
    TAPS = "taps", _("Robinetterie")
    SMOKE_ALARM = "smoke_alarm", _("Détecteur de fumée (DAAF)")
    BOILER_ROOM = "boiler_room", _("Chaufferie ou sous-station")
    LIFT = "lift", _("Ascenseur")
    GATE = "gate", _("Porte ou portail automatique")
    PUMP = "pump", _("Pompe de relevage ou surpresseur")
    FIRE_SAFETY = "fire_safety", _("Sécurité incendie")
    OTHER = "other", _("Autre équipement")


class UpkeepOutcome(models.TextChoices):
    """How a visit of upkeep ended."""

    DONE = "done", _("Entretien fait")
    NO_ACCESS = "no_access", _("Pas d’accès")


explain("one_equipment_at_a_place", "mark", _("Cet équipement est déjà suivi à cet endroit."))
explain("equipment_period_is_sane", "months", _("Entre 1 et 120 mois d’un passage au suivant."))
explain("one_upkeep_visit_of_a_day", "visited_on", _("Un passage est déjà noté ce jour-là."))


class Equipment(ScopedModel):
    """An equipment that a contract keeps up by a visit every so many months; no order per visit.

    unit: a dwelling or a common area, None for the whole residence. Its place is copied: the
    company needs no right to the estate. mark: what tells it from its like there. due_on, done_on
    and missed follow from its visits (services/upkeep.py): when it must be seen at the latest, when
    it last was, and how many found no access since.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="equipment",
        db_constraint=False,
        db_index=False,
    )
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
        null=True,
        blank=True,
    )
    kind = models.CharField(_("équipement"), max_length=12, choices=EquipmentKind)
    mark = models.CharField(_("repère ou numéro de série"), max_length=60, blank=True)
    months = models.PositiveSmallIntegerField(_("un passage tous les … mois"), default=12)
    first_due_on = models.DateField(_("premier passage avant le"))
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    missed = models.PositiveSmallIntegerField(default=0)
    place_name = models.CharField(max_length=600)
    place_address = models.CharField(max_length=600)
    place_city = models.CharField(max_length=90)
    place_unit = models.CharField(max_length=60, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(landlord="landlord_id", contractor="contractor_id")

    class Meta:
        verbose_name = _("équipement entretenu")
        verbose_name_plural = _("équipements entretenus")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="equipment_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contract", "group", "unit", "kind", "mark"],
                condition=Q(retired_at__isnull=True),
                nulls_distinct=False,
                name="one_equipment_at_a_place",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=EquipmentKind.values), name="equipment_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(months__range=(1, MOST_MONTHS)), name="equipment_period_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(due_on__gt=F("done_on")),
                name="equipment_is_due_after_its_visit",
            ),
        ]
        indexes = [
            models.Index(
                fields=["landlord", "contract", "due_on", "id"],
                condition=Q(retired_at__isnull=True),
                name="equipment_by_due",
            ),
            models.Index(
                fields=["landlord", "group"],
                condition=Q(retired_at__isnull=True),
                name="equipment_of_group",
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.get_kind_display(), self.mark)))

    @property
    def where(self) -> str:
        """Street and city, as on an order."""
        return f"{self.place_address}, {self.place_city}"


class UpkeepVisit(ScopedModel):
    """A visit that the company noted. withdrawn_at: noted by mistake, since then it counts no more.

    sheet: the number of the certificate or sheet that it left.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    equipment = models.ForeignKey(
        Equipment,
        on_delete=models.PROTECT,
        related_name="visits",
        db_constraint=False,
        db_index=False,
    )
    visited_on = models.DateField(_("date du passage"))
    outcome = models.CharField(_("résultat"), max_length=9, choices=UpkeepOutcome)
    sheet = models.CharField(_("attestation ou fiche n°"), max_length=40, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(
        landlord="landlord_id", contractor="contractor_id", read_only=frozenset({"landlord"})
    )

    class Meta:
        verbose_name = _("passage d’entretien")
        verbose_name_plural = _("passages d’entretien")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="upkeep_visit_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "equipment", "visited_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_upkeep_visit_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=UpkeepOutcome.values), name="upkeep_outcome_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visited_on:%d/%m/%Y} · {self.get_outcome_display()}"
