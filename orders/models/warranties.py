"""Warranties and insurance that run on a residence: who owes the repair instead of the landlord."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import Group, Organisation, ScopedModel, Unit
from orders.models.contracts import Trade


class WarrantyKind(models.TextChoices):
    """What runs. The builder's three are those of the Code civil, articles 1792 to 1792-6."""

    COMPLETION = "completion", _("Garantie de parfait achèvement (GPA)")
    EQUIPMENT = "equipment", _("Garantie de bon fonctionnement")
    STRUCTURE = "structure", _("Garantie décennale, dommages-ouvrage")
    MAKER = "maker", _("Garantie du fabricant ou de l’installateur")
    CLAIM = "claim", _("Sinistre déclaré à l’assureur")


explain("warranty_ends_after_it_starts", "ends_on", _("La fin vient avant le début."))


class Warranty(ScopedModel):
    """A warranty or an insurance file on a residence, or on one of its units, for a trade or all.

    Its last day is included. ended_at: taken back by hand, since then it warns of nothing.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
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
    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, related_name="+", db_index=False, null=True, blank=True
    )
    kind = models.CharField(_("nature"), max_length=12, choices=WarrantyKind)
    company = models.CharField(_("qui la doit"), max_length=120)
    reference = models.CharField(_("numéro de contrat ou de dossier"), max_length=60, blank=True)
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    ended_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(landlord="landlord_id")

    class Meta:
        ordering = ["ends_on", "id"]
        verbose_name = _("garantie")
        verbose_name_plural = _("garanties")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="warranty_of_landlord"),
            models.CheckConstraint(
                condition=Q(kind__in=WarrantyKind.values), name="warranty_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="warranty_ends_after_it_starts"
            ),
        ]
        indexes = [
            models.Index(
                fields=["landlord", "group", "ends_on"],
                condition=Q(ended_at__isnull=True),
                name="warranty_running",
            ),
            models.Index(
                fields=["landlord", "ends_on", "id"],
                condition=Q(ended_at__isnull=True),
                name="warranty_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.company}"
