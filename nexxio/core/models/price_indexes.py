"""Price indexes (BT, ICHT…): series and their monthly values, each with its source."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models.base import KernelModel


class PriceIndex(models.Model):
    """A series that contracts revise their prices by. Unscoped, written by platform staff."""

    code = models.CharField(_("code"), primary_key=True, max_length=20)
    label = models.CharField(_("intitulé"), max_length=160)
    publisher = models.CharField(
        _("publié par"), max_length=120, help_text=_("Institut et adresse de la série.")
    )

    class Meta:
        verbose_name = _("indice de prix")
        verbose_name_plural = _("indices de prix")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"


class PriceIndexValue(KernelModel):
    """What a series is worth in a month. Unscoped, written by platform staff.

    A month without a row has no value: whoever computes says so and revises nothing.
    month: its first day. provisional: published, and may still be corrected.
    """

    index = models.ForeignKey(
        PriceIndex, on_delete=models.PROTECT, related_name="values", verbose_name=_("indice")
    )
    month = models.DateField(_("mois"), help_text=_("Le premier jour du mois."))
    value = models.DecimalField(_("valeur"), max_digits=8, decimal_places=2)
    provisional = models.BooleanField(
        _("provisoire"), default=False, help_text=_("Publié, mais pas encore définitif.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Journal officiel, Insee : date de publication.")
    )

    class Meta:
        verbose_name = _("valeur d’indice")
        verbose_name_plural = _("valeurs d’indice")
        ordering = ["index", "-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["index", "month"],
                name="one_index_value_per_month",
                violation_error_message=_("Cet indice a déjà une valeur pour ce mois."),
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="index_month_is_a_first_day",
                violation_error_message=_("Indiquez le premier jour du mois."),
            ),
            models.CheckConstraint(
                condition=Q(value__gt=0),
                name="index_value_is_positive",
                violation_error_message=_("Une valeur d’indice est plus grande que zéro."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.index_id} {self.month:%m/%Y}"
