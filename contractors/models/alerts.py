"""From how much on what a landlord blocks of one company is told to both directions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contractors.models.walls import BOTH
from nexxio.core.models import Organisation, ScopedModel
from nexxio.core.models.base import KernelModel


class BlockedThreshold(KernelModel):
    """The sum from a day to a day. Unscoped: the same for everybody, written by platform staff.

    A day without a row has no threshold, and nobody is told. ends_on: null until further notice.
    """

    value = models.DecimalField(_("seuil en euros TTC"), max_digits=12, decimal_places=2)
    starts_on = models.DateField(_("à partir du"), unique=True)
    ends_on = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Vide : jusqu’à nouvel ordre.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Texte, usage, date de la décision.")
    )

    class Meta:
        verbose_name = _("seuil d’alerte des blocages")
        verbose_name_plural = _("seuils d’alerte des blocages")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(value__gt=0),
                name="blocked_threshold_is_positive",
                violation_error_message=_("Le seuil est une somme positive."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="blocked_threshold_ends_after_it_starts",
                violation_error_message=_("La fin précède le début."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} € ({self.starts_on:%d/%m/%Y})"


class BlockedAlert(ScopedModel):
    """Whether a landlord blocks more of a company than the threshold, and when that was told.

    told_on: the last day; nobody is told twice on one.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_over = models.BooleanField(default=False)
    told_on = models.DateField(null=True, blank=True)

    scope_rule = BOTH

    class Meta:
        verbose_name = _("alerte de blocages")
        verbose_name_plural = _("alertes de blocages")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "contractor"], name="one_blocked_alert"),
        ]

    def __str__(self) -> str:
        return f"{self.landlord_id} / {self.contractor_id}"
