"""Orders that follow each other on one case: what a company may know of another one's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models import Organisation, ScopedModel
from orders.models.contracts import Trade
from orders.models.orders import Order
from orders.models.walls import MONEY_SIDES


class LinkRole(models.TextChoices):
    """What the other order is to this one."""

    FOLLOWS = "follows", _("Suite de")
    FOLLOWED = "followed", _("Suivie par")


class OrderLink(ScopedModel):
    """What an order's company reads of the one before or after it: its reference and its trade.

    Written in pairs when the following order leaves. contractor: the company of `order`, never of
    `other`, whose rows it doesn't read.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="links", db_constraint=False, db_index=False
    )
    other = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    role = models.CharField(max_length=8, choices=LinkRole)
    reference = models.CharField(max_length=16)
    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )

    scope_rule = MONEY_SIDES

    class Meta:
        verbose_name = _("commande liée")
        verbose_name_plural = _("commandes liées")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "order", "other"], name="one_link_between_two_orders"
            ),
            models.CheckConstraint(
                condition=Q(role__in=LinkRole.values), name="order_link_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.reference}"
