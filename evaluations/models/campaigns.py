"""The quarterly campaign between a landlord and a company."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluations.axes import Direction
from evaluations.models.walls import BOTH, SEATS
from nexxio.core.models import Organisation, ScopedModel, User


class Campaign(ScopedModel):
    """All eleven axes, both directions, about one quarter. Each member of a desk answers once.

    trade_code: in which trade all of it counts, given or not; "" where the two have several.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField(_("trimestre"))
    trade_code = models.CharField(
        _("corps d’état"), max_length=20, blank=True, default="", db_default=""
    )
    opened_at = models.DateTimeField(_("ouverte le"))
    closes_at = models.DateTimeField(_("close le"))
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    scope_rule = BOTH

    class Meta:
        verbose_name = _("campagne")
        verbose_name_plural = _("campagnes")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="campaign_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contractor", "quarter"], name="one_campaign_per_quarter"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")), name="campaign_has_a_duration"
            ),
        ]
        indexes = [
            models.Index(
                fields=["closes_at"], condition=Q(closed_at__isnull=True), name="campaign_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.landlord_id} × {self.contractor_id}, {self.quarter}"


class CampaignSeat(ScopedModel):
    """Who of a house is asked by a campaign: drawn at its opening, deleted at its end.

    Its own house reads it, since its desk is told how many have answered; the other house never.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        related_name="seats",
        db_index=False,
        db_constraint=False,
    )
    direction = models.CharField(max_length=20, choices=Direction)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    scope_rule = SEATS

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "direction", "user"], name="one_seat_per_member"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.campaign_id}"
