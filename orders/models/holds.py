"""Holds: an order waits for something, until a day that was said."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models import PartyModel
from orders.hold_states import HoldReason, HoldState
from orders.models.orders import Order
from orders.models.walls import PARTIES_OF_ORDER


class Hold(PartyModel):
    """Why an order waits, and until when. No free text: each side has a sentence per reason.

    remind_at: when the clock tells both desks that the day is over; null once it is lifted.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="holds", db_constraint=False
    )
    state = models.CharField(max_length=8, choices=HoldState, default=HoldState.OPEN)
    reason = models.CharField(_("motif"), max_length=16, choices=HoldReason)
    expected_on = models.DateField(_("fin prévue"))
    lifted_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_rule = replace(PARTIES_OF_ORDER, read_only=frozenset({"tenant", "link"}))

    class Meta:
        verbose_name = _("attente")
        verbose_name_plural = _("attentes")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="hold_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order"], condition=Q(state="open"), name="one_open_hold"
            ),
            models.CheckConstraint(
                condition=Q(state__in=HoldState.values), name="hold_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) ^ Q(state="lifted"),
                name="hold_lifted_at_exactly_when_lifted",
            ),
            models.CheckConstraint(
                condition=Q(remind_at__isnull=True) | Q(state="open"),
                name="hold_reminds_only_while_open",
            ),
        ]
        indexes = [
            *(
                models.Index(
                    fields=[side, "created_at", "id"],
                    include=["order", "reason"],
                    condition=Q(state="open"),
                    name=f"hold_open_{side}",
                )
                for side in ("landlord", "contractor")
            ),
            models.Index(
                fields=["remind_at"], condition=Q(remind_at__isnull=False), name="hold_to_remind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.reason}"
