"""What orders draw on their contract: kept by triggers, added up by services/ceilings.py."""

from __future__ import annotations

from django.db import models

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel
from orders.models.contracts import Contract


class ContractDraw(ScopedModel):
    """A change of what a contract's orders come to; the sum of all of them is what is drawn.

    amount: euros excluding VAT; orders: how many more draw; month: the first day of the one in
    which these were issued. Written by the database itself, whoever changes an order or its
    budget: only added, so that nobody waits for anybody, and folded into one row for each month by
    whoever holds the contract (0203_draws). What an order draws is said there: nothing unless it
    was sent and not given up, its total or the cap of its quote above it, once done its total.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    month = models.DateField(null=True)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    orders = models.IntegerField()

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        read_only=frozenset({"landlord", "contractor"}),
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["landlord", "contract"],
                include=["contractor", "month", "amount", "orders"],
                name="draw_of_contract",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.month} {self.amount}"
