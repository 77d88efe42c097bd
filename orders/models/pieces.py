"""Pieces that an invoice will need and that nothing else of an order proves: files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel, StoredFile
from orders.models.orders import Order
from orders.models.walls import PAPER_OF_ORDER
from orders.terms import UPLOADED, InvoicePiece


class OrderPiece(ScopedModel):
    """A file that the contractor gave for a piece of its contract; between the two organisations.

    withdrawn_at: it was the wrong one, and counts no more.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="pieces", db_constraint=False
    )
    kind = models.CharField(_("pièce"), max_length=20, choices=InvoicePiece)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        paper=PAPER_OF_ORDER,
        read_only=frozenset({"landlord"}),
    )

    class Meta:
        verbose_name = _("pièce jointe à une commande")
        verbose_name_plural = _("pièces jointes aux commandes")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="piece_of_landlord"),
            models.CheckConstraint(condition=Q(kind__in=UPLOADED), name="piece_is_a_file"),
        ]
        indexes = [
            models.Index(fields=["landlord", "order", "created_at"], name="piece_of_order"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"
