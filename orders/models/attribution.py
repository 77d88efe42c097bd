"""Where a contract holds, and the orders that left its rule of attribution."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Agency, Group, Organisation, ScopedModel, Sector
from orders.models.contracts import Contract
from orders.models.orders import Order
from orders.terms import AttributionReason

_BOTH = Rule(
    landlord="landlord_id", contractor="contractor_id", read_only=frozenset({"contractor"})
)


class ContractPlace(ScopedModel):
    """A part of the estate that a contract covers: an agency, a sector or a residence.

    A contract without any covers the whole estate. name: as it was called when it was written,
    since its company has no right to the estate.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="places",
        db_constraint=False,
        db_index=False,
    )
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    sector = models.ForeignKey(
        Sector,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    group = models.ForeignKey(
        Group,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    name = models.CharField(_("nom"), max_length=700)

    scope_rule = _BOTH

    class Meta:
        verbose_name = _("périmètre de marché")
        verbose_name_plural = _("périmètres de marchés")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="contract_place_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contract", "agency", "sector", "group"],
                nulls_distinct=False,
                name="one_place_of_a_contract",
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False, sector__isnull=True, group__isnull=True)
                | Q(agency__isnull=True, sector__isnull=False, group__isnull=True)
                | Q(agency__isnull=True, sector__isnull=True, group__isnull=False),
                name="contract_place_is_one_place",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleDeparture(ScopedModel):
    """An order that went to another contract although it was this one's turn, and why.

    contract, contractor: those that were due. Their company reads that it happened and the coded
    reason; the order itself stays out of its sight, and so does who got it.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="departures",
        db_constraint=False,
        db_index=False,
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="departures", db_constraint=False
    )
    reason = models.CharField(_("motif"), max_length=16, choices=AttributionReason)

    scope_rule = _BOTH

    class Meta:
        verbose_name = _("commande hors règle d’attribution")
        verbose_name_plural = _("commandes hors règle d’attribution")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="rule_departure_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order"], name="one_rule_departure_of_an_order"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=AttributionReason.values),
                name="rule_departure_reason_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["landlord", "contract", "created_at"],
                include=["contractor", "reason"],
                name="rule_departure_of_contract",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.reason}"
