"""Rates, sums and delays that law or custom set: dated rows with their source, no constants."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Floor
from django.utils.translation import gettext_lazy as _

from nexxio.core.models.base import KernelModel


class RateKind(models.TextChoices):
    """What a rate is for. Which buyer falls under which rule is decided by who computes."""

    LATE_PUBLIC = "late_public", _("Intérêts moratoires, règles publiques")
    LATE_PRIVATE = "late_private", _("Pénalités de retard, règles privées")
    INDEMNITY = "indemnity", _("Indemnité forfaitaire de recouvrement")
    PAYMENT_DELAY = "payment_delay", _("Délai de paiement")
    CLOCK_DAYS = "clock_days", _("Autre délai du paiement")
    VAT = "vat", _("TVA")


class RateUnit(models.TextChoices):
    """What the value counts."""

    PERCENT = "percent", _("%")
    EURO = "euro", _("€")
    DAY = "day", _("jours")


_DELAYS = (RateKind.PAYMENT_DELAY.value, RateKind.CLOCK_DAYS.value)
_IN_DAYS = Q(kind__in=_DELAYS, unit=RateUnit.DAY.value, value=Floor("value"))


class Rate(KernelModel):
    """A rate from a day to a day. Unscoped: the same for everybody, written by platform staff.

    A day without a row has no rate: whoever computes says so and prints no amount.
    code: tells rates of one kind apart (the VAT rates, the delays). ends_on: the last day; null
    until further notice. provisional: computed, not yet published.
    """

    kind = models.CharField(_("nature"), max_length=16, choices=RateKind)
    code = models.SlugField(
        _("code"),
        max_length=20,
        blank=True,
        help_text=_("Distingue les taux d’une même nature ; vide s’il n’y en a qu’un."),
    )
    value = models.DecimalField(_("valeur"), max_digits=9, decimal_places=4)
    unit = models.CharField(_("unité"), max_length=8, choices=RateUnit, default=RateUnit.PERCENT)
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Vide : jusqu’à nouvel ordre.")
    )
    provisional = models.BooleanField(
        _("provisoire"), default=False, help_text=_("Calculé, pas encore publié.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Texte, article, date de publication.")
    )

    class Meta:
        verbose_name = _("taux")
        verbose_name_plural = _("taux")
        ordering = ["kind", "code", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "starts_on"],
                name="one_rate_per_day",
                violation_error_message=_("Un taux de cette nature commence déjà ce jour-là."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="rate_ends_after_it_starts",
                violation_error_message=_("La fin précède le début."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="rate_is_not_negative",
                violation_error_message=_("La valeur est négative."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RateKind.values) & Q(unit__in=RateUnit.values),
                name="rate_kind_is_known",
            ),
            models.CheckConstraint(
                condition=_IN_DAYS | ~(Q(kind__in=_DELAYS) | Q(unit=RateUnit.DAY.value)),
                name="rate_delay_in_whole_days",
                violation_error_message=_("Un délai se compte en jours entiers, et rien d’autre."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.code} {self.starts_on:%d/%m/%Y}".replace("  ", " ")
