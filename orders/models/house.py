"""What a landlord says once for all of its orders."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel


class HouseRules(ScopedModel):
    """A landlord's own rules for orders; one row, none while it has said nothing.

    billing_address: where invoices go, copied onto each order at issue. needs_commitment: no order
    leaves without a commitment number and a service code, whatever its contract says. vat_mention:
    the mention of a reduced rate of VAT is made on each order with such lines, unless it says else.
    family_threshold: of what is bought off contract in a family and a year, euros excluding VAT,
    from which on a procedure is due; it warns.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    billing_address = models.TextField(_("adresse de facturation"), max_length=400, blank=True)
    needs_commitment = models.BooleanField(_("numéro d’engagement exigé"), default=False)
    family_threshold = models.DecimalField(
        _("seuil par famille d’achat et par an HT"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
    )
    vat_mention = models.BooleanField(
        _("mention du taux réduit faite d’office"), default=False, db_default=False
    )
    version = models.PositiveIntegerField(default=1)

    scope_rule = Rule(landlord="landlord_id")

    class Meta:
        verbose_name = _("règles des commandes")
        verbose_name_plural = _("règles des commandes")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="house_rules_of_landlord"),
            models.UniqueConstraint(fields=["landlord"], name="one_house_rules"),
        ]

    def __str__(self) -> str:
        return str(self.landlord_id)
