"""Printed orders, and what was done with one in hand."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import (
    Event,
    Organisation,
    ScopedModel,
    StoredFile,
)
from orders.models.orders import Order
from orders.models.walls import IN_CLEAR_SQL, PAPER_OF_ORDER, in_clear


class DocumentState(models.TextChoices):
    """Where a printed order stands."""

    PREPARING = "preparing", _("En préparation")
    READY = "ready", _("Prêt")
    FAILED = "failed", _("Échec")


class OrderDocument(ScopedModel):
    """A printed order (PDF), one row per version; its file comes when a worker has made it.

    in_clear: contact and access can be read in it. The contractor then reaches it under the same
    condition as the contact itself; before acceptance it gets the masked one.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="documents", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.PREPARING)
    in_clear = models.BooleanField(_("coordonnées en clair"), default=False)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
    )

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            f"contractor_id = {setting('contractor')} AND (NOT in_clear OR EXISTS (SELECT 1"
            " FROM orders_order o WHERE o.id = orders_orderdocument.order_id"
            f" AND {IN_CLEAR_SQL}))",
            lambda scope: Q(contractor_id=scope.contractor_id) & (Q(in_clear=False) | in_clear()),
        ),
        read_only=frozenset({"contractor"}),
    )

    class Meta:
        verbose_name = _("bon de commande en PDF")
        verbose_name_plural = _("bons de commande en PDF")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_document_number"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state=DocumentState.READY),
                name="document_ready_exactly_when_it_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.number}"


class PaperAct(ScopedModel):
    """Who said to have acted with a printed order in hand: the company's to read, and erasable.

    Events hold no name. The landlord reads the company's, as everywhere.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    name = models.CharField(_("nom"), max_length=80)

    scope_rule = Rule(
        contractor="contractor_id", paper=PAPER_OF_ORDER, read_only=frozenset({"contractor"})
    )

    class Meta:
        verbose_name = _("acte sur bon papier")
        verbose_name_plural = _("actes sur bon papier")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "event"], name="one_name_per_paper_act"),
        ]
        indexes = [models.Index(fields=["landlord", "order"])]

    def __str__(self) -> str:
        return self.name
