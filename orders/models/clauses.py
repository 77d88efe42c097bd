"""What an order says by its nature, and of its VAT."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models import Organisation, ScopedModel
from orders.models.orders import Order
from orders.models.walls import MONEY_SIDES
from orders.natures import OffContractReason, VatReason


class OrderClauses(ScopedModel):
    """The clauses of an order, for its two organisations; no row where it says nothing.

    insurer, claim_number, awaits_expert: of a claim (sinistre). company, off_reason: who works, and
    why, without a contract; purchase_family: as its landlord calls it, whose year it counts in.
    relet_on, former_share: of an empty dwelling, when it is let again, and which part of it (in
    percent) the former tenant owes: between landlord and him. period_from, period_to: of an upkeep
    contract. vat_certified: its landlord makes the mention that the reduced rate needs.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="clauses", db_constraint=False
    )
    insurer = models.CharField(_("assureur"), max_length=80, blank=True)
    claim_number = models.CharField(_("numéro de sinistre"), max_length=40, blank=True)
    awaits_expert = models.BooleanField(_("ne pas réparer avant expertise"), default=False)
    company = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    off_reason = models.CharField(
        _("motif hors marché"), max_length=12, choices=OffContractReason, blank=True
    )
    purchase_family = models.CharField(
        _("famille d’achat"), max_length=60, blank=True, default="", db_default=""
    )
    relet_on = models.DateField(_("remise en location visée"), null=True, blank=True)
    former_share = models.PositiveSmallIntegerField(
        _("part de l’ancien locataire en %"), null=True, blank=True
    )
    period_from = models.DateField(_("du"), null=True, blank=True)
    period_to = models.DateField(_("au"), null=True, blank=True)
    vat_reason = models.CharField(_("TVA"), max_length=12, choices=VatReason, blank=True)
    vat_certified = models.BooleanField(_("mention du taux réduit"), default=False)

    scope_rule = MONEY_SIDES

    class Meta:
        verbose_name = _("clauses de commande")
        verbose_name_plural = _("clauses de commandes")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="order_clauses_of_landlord"),
            models.CheckConstraint(
                condition=Q(off_reason__in=["", *OffContractReason.values]),
                name="order_off_reason_is_known",
            ),
            models.CheckConstraint(
                condition=Q(vat_reason__in=["", *VatReason.values]),
                name="order_vat_reason_is_known",
            ),
            models.CheckConstraint(
                condition=Q(former_share__isnull=True) | Q(former_share__lte=100),
                name="order_former_share_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True)
                | Q(period_to__isnull=True)
                | Q(period_to__gte=F("period_from")),
                name="order_period_ends_after_it_starts",
            ),
        ]
        indexes = [
            # What a family comes to in a year; few orders are off contract.
            models.Index(
                fields=["landlord", "purchase_family"],
                condition=~Q(purchase_family=""),
                name="order_clauses_family",
            ),
        ]

    def __str__(self) -> str:
        return str(self.order_id)
