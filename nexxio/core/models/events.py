"""The append-only history, and what is still to be delivered of it."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models.base import PARTIES, PartyModel, ScopedModel


def _written_as(side: str, organisation: str) -> str:
    """Condition on an event that is written: by nobody else, and among partners only."""
    return (
        f"actor_side = '{side}' AND actor_organisation_id = {organisation}"
        " AND (contractor_id IS NULL OR contractor_id = landlord_id"
        " OR EXISTS (SELECT 1 FROM core_partnership p"
        " WHERE p.landlord_id = core_event.landlord_id"
        " AND p.contractor_id = core_event.contractor_id))"
    )


class Event(PartyModel):
    """Something that happened. A trigger refuses any change.

    landlord is the owner: of what happens in a contractor's own house, the contractor himself.
    payload holds ids, codes and numbers: no text written by people, no personal data.
    """

    kind = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    subject_type = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    order_id = models.UUIDField(null=True)
    case_id = models.UUIDField(null=True)
    actor_side = models.CharField(max_length=12)
    actor_user = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    actor_organisation_id = models.UUIDField(null=True)
    on_behalf_of = models.CharField(max_length=12, blank=True)
    payload = models.JSONField(default=dict)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    channel = models.CharField(max_length=12)

    # A paper's holder reads what the contractor reads of that one order.
    scope_rule = replace(
        PARTIES,
        paper=Custom(
            f"order_id = {setting('paper')} AND contractor_id IS NOT NULL",
            lambda scope: Q(order_id=scope.order_id, contractor__isnull=False),
        ),
        checks={
            "landlord": _written_as("landlord", setting("landlord")),
            "contractor": _written_as("contractor", setting("contractor")),
            "tenant": _written_as("tenant", setting("via")),
            "link": _written_as("tenant", setting("via")),
            "paper": _written_as("contractor", "contractor_id"),
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="event_of_landlord"),
        ]
        indexes = [
            models.Index(fields=["landlord", "order_id", "recorded_at"]),
            models.Index(fields=["landlord", "subject_id", "recorded_at"]),
            models.Index(fields=["reader_case", "recorded_at"]),
        ]

    def __str__(self) -> str:
        return self.kind


class Delivery(ScopedModel):
    """One event for one durable subscriber, until it is done or dead.

    The site may only insert, for an event that it can see; the relay reads it as the system.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(_("abonné"), max_length=60)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    next_attempt_at = models.DateTimeField(_("prochain essai"))
    done_at = models.DateTimeField(_("remis le"), null=True)
    dead_at = models.DateTimeField(_("abandonné le"), null=True)
    error = models.TextField(_("erreur"), blank=True)

    scope_rule = Rule(
        insert="EXISTS (SELECT 1 FROM core_event e WHERE e.id = core_delivery.event_id)"
    )

    class Meta:
        verbose_name = _("remise d’événement")
        verbose_name_plural = _("remises d’événements")
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="one_delivery"),
        ]
        indexes = [
            models.Index(
                fields=["subscriber", "next_attempt_at"],
                condition=Q(done_at__isnull=True, dead_at__isnull=True),
                name="delivery_pending",
            ),
            models.Index(
                fields=["dead_at"], condition=Q(dead_at__isnull=False), name="delivery_dead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} ← {self.event_id}"


class EventPosition(ScopedModel):
    """Where an event stands in its landlord's sequence, given by the relay under a lock.

    Ids commit out of order; whoever must read in order reads by position.
    """

    landlord = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    event = models.OneToOneField(
        Event, on_delete=models.PROTECT, related_name="position", db_constraint=False
    )
    position = models.PositiveBigIntegerField()

    scope_rule = Rule(landlord="landlord_id", read_only=frozenset({"landlord"}))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "position"], name="one_event_per_position")
        ]

    def __str__(self) -> str:
        return str(self.position)
