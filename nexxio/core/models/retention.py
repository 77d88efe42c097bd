"""How long personal data of orders are kept: figures with their reason, no constants."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models.base import KernelModel


class RetentionCode(models.TextChoices):
    """What is erased by its age, counted from the closing of the order."""

    ORDER_CONTACT = "order_contact", _("Contact et accès d’une commande close")
    ORDER_PHOTOS = "order_photos", _("Photos d’une commande close qu’aucun constat signé ne cite")


class RetentionRule(KernelModel):
    """Months from the closing of an order until something of it is erased.

    Unscoped, written by platform staff. Without a row nothing is erased.
    """

    code = models.CharField(_("donnée"), max_length=24, choices=RetentionCode, unique=True)
    months = models.PositiveSmallIntegerField(_("mois après la clôture"))
    source = models.CharField(
        _("motif"), max_length=300, help_text=_("Texte, référentiel, avis du délégué.")
    )

    class Meta:
        verbose_name = _("durée de conservation")
        verbose_name_plural = _("durées de conservation")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__in=RetentionCode.values), name="retention_code_is_known"
            ),
            models.CheckConstraint(
                condition=Q(months__range=(1, 120)),
                name="retention_months_are_sane",
                violation_error_message=_("De 1 à 120 mois."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()
