"""The record that all reserves of an order are lifted (procès-verbal de levée)."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models import PartyModel, StoredFile
from orders.models.certificates import SealState
from orders.models.orders import Order
from orders.models.walls import PARTIES_OF_ORDER


class LiftingRecord(PartyModel):
    """Written once the last reserve is lifted; another one when works were signed again with some.

    content: the order and each reserve as they were then, without persons; content_sha256: of its
    canonical JSON; verify_hash: of the code that is printed on it. Both organisations read it, no
    tenant.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="lifting_records", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("procès-verbal n°"))
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    verify_hash = models.CharField(max_length=64, blank=True, default="", db_default="")
    seal = models.CharField(max_length=10, choices=SealState, default=SealState.PREPARING)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )

    scope_rule = replace(
        PARTIES_OF_ORDER, tenant=None, link=None, read_only=frozenset({"contractor", "paper"})
    )

    class Meta:
        verbose_name = _("procès-verbal de levée des réserves")
        verbose_name_plural = _("procès-verbaux de levée des réserves")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="lifting_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_lifting_number"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(seal="sealed"),
                name="lifting_sealed_exactly_when_it_has_a_file",
            ),
        ]
        indexes = [
            models.Index(
                fields=["verify_hash"], condition=~Q(verify_hash=""), name="lifting_verify"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} levée n° {self.number}"
