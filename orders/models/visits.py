"""Visits, the proof that nobody opened, photos of the work."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import (
    Membership,
    Organisation,
    PartyModel,
    ScopedModel,
    StoredFile,
)
from orders.certificate_states import SignRefusal
from orders.models.orders import Order
from orders.models.walls import PARTIES_OF_ORDER
from orders.models.zones import InZone
from orders.states import (
    LATE_ENDS,
    OPEN_VISIT,
    PhotoWithdrawal,
    VisitState,
)

# What a visit has as soon as it is in a state, kept by the database.
VISIT_NEEDS: tuple[tuple[str, tuple[str, ...], Q], ...] = (
    ("visit_confirmed_has_its_instant", ("confirmed",), Q(confirmed_at__isnull=False)),
    ("visit_on_the_way_has_its_instant", ("on_the_way",), Q(left_at__isnull=False)),
    ("visit_on_site_has_its_instant", ("on_site",), Q(arrived_at__isnull=False)),
    (
        "visit_over_has_its_instant",
        ("done", "partly_done", "no_access"),
        Q(finished_at__isnull=False),
    ),
)


class Visit(InZone, PartyModel):
    """One attempt at one dwelling, with its window (UTC, shown in the residence's time: `InZone`).

    technician: the contractor's own membership; other sides read the first name only.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="visits", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("passage n°"))
    state = models.CharField(max_length=16, choices=VisitState, default=VisitState.PROPOSED)
    window_start = models.DateTimeField(_("début du créneau"))
    window_end = models.DateTimeField(_("fin du créneau"))
    technician = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    technician_first_name = models.CharField(max_length=80, blank=True)
    call_noted = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    # On the day: when the technician says that he arrives. The window that was agreed stays.
    arrival_start = models.DateTimeField(null=True, blank=True)
    arrival_end = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    report = models.CharField(_("compte rendu"), max_length=500, blank=True)
    reason = models.CharField(_("motif"), max_length=200, blank=True)
    sign_refused = models.CharField(
        _("sans signature"),
        max_length=8,
        choices=SignRefusal,
        blank=True,
        default="",
        db_default="",
    )
    # An end that a phone reported after the visit had come to another one: kept, and moves nothing.
    late_state = models.CharField(
        _("fait arrivé après coup"),
        max_length=16,
        choices=[(state.value, state.label) for state in LATE_ENDS],
        blank=True,
        default="",
        db_default="",
    )
    late_at = models.DateTimeField(null=True, blank=True)
    late_report = models.CharField(max_length=900, blank=True, default="", db_default="")
    photos_refused = models.BooleanField(_("photos refusées"), default=False, db_default=False)
    version = models.PositiveIntegerField(default=1)

    hours = (
        "window_start",
        "window_end",
        "arrival_start",
        "arrival_end",
        "left_at",
        "arrived_at",
        "finished_at",
    )
    scope_rule = PARTIES_OF_ORDER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="visit_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_visit_number"
            ),
            models.UniqueConstraint(
                fields=["landlord", "order"],
                condition=Q(state__in=["proposed", "confirmed", "on_the_way", "on_site"]),
                name="one_open_visit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VisitState.values), name="visit_state_is_known"
            ),
            *(
                models.CheckConstraint(condition=~Q(state__in=states) | needs, name=name)
                for name, states, needs in VISIT_NEEDS
            ),
            models.CheckConstraint(
                condition=Q(sign_refused__in=["", *SignRefusal.values]),
                name="visit_sign_refusal_is_known",
            ),
            models.CheckConstraint(
                condition=Q(late_state="", late_at__isnull=True)
                | Q(late_state__in=LATE_ENDS, late_at__isnull=False),
                name="visit_late_end_has_its_instant",
            ),
            models.CheckConstraint(
                condition=Q(window_end__gt=models.F("window_start")),
                name="visit_window_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(arrival_start__isnull=True, arrival_end__isnull=True)
                | Q(arrival_end__gt=models.F("arrival_start")),
                name="visit_arrival_ends_after_it_starts",
            ),
        ]
        indexes = [
            # Orders without access.
            *(
                models.Index(
                    fields=[side, "created_at", "id"],
                    include=["order", "number"],
                    condition=Q(state="no_access"),
                    name=f"visit_no_access_{side}",
                )
                for side in ("landlord", "contractor")
            ),
            models.Index(fields=["contractor", "window_start"]),
            models.Index(fields=["technician", "window_start"]),
            # The boards' columns of appointments, and their counts.
            models.Index(
                fields=["landlord", "state", "window_start", "id"],
                include=["order", "contractor", "tenant", "reader_case"],
                condition=Q(state__in=OPEN_VISIT),
                name="visit_landlord_open",
            ),
            # What the clock ends: appointments that nobody answered.
            models.Index(
                fields=["window_end"],
                condition=Q(state="proposed"),
                name="visit_proposed_until",
            ),
            models.Index(
                fields=["contractor", "state", "window_start", "id"],
                include=["order", "landlord", "tenant", "reader_case"],
                condition=Q(state__in=OPEN_VISIT),
                name="visit_contractor_by_state",
            ),
            # What a contractor still has to plan: orders without one of these.
            models.Index(
                fields=["contractor", "order"],
                include=["landlord", "tenant", "reader_case"],
                condition=Q(state__in=OPEN_VISIT),
                name="visit_contractor_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} n° {self.number}"


class NoAccessProof(ScopedModel):
    """The proof pack left when nobody opened. missing: codes of the pieces it lacks."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, related_name="proof", db_constraint=False
    )
    minutes_waited = models.PositiveSmallIntegerField(_("minutes d’attente"))
    call_tried = models.BooleanField(_("appel tenté"), default=False)
    sms_tried = models.BooleanField(_("SMS tenté"), default=False)
    notice_number = models.CharField(_("numéro de l’avis de passage"), max_length=30, blank=True)
    missing = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        paper=Custom(
            "contractor_id IS NOT NULL AND EXISTS (SELECT 1 FROM orders_visit v"
            f" WHERE v.id = orders_noaccessproof.visit_id AND v.order_id = {setting('paper')})",
            lambda scope: Q(contractor__isnull=False, visit__order_id=scope.order_id),
        ),
    )

    def __str__(self) -> str:
        return f"{self.visit_id}"

    @property
    def minutes_counted(self) -> int:
        """The minutes that were declared, no more than between arrival and declaration."""
        arrived, declared = self.visit.arrived_at, self.visit.finished_at
        if arrived is None or declared is None:
            return self.minutes_waited
        return max(0, min(self.minutes_waited, (declared - arrived) // timedelta(minutes=1)))


class PhotoMoment(models.TextChoices):
    """When a photo was taken."""

    BEFORE = "before", _("Avant")
    AFTER = "after", _("Après")
    DOOR = "door", _("Porte")


class Photo(PartyModel):
    """A photo of the work (never of people), on a visit.

    withdrawn_at: taken back by its author's side, with the reason; no page shows it any more.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="photos", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="photos", db_constraint=False
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    moment = models.CharField(max_length=8, choices=PhotoMoment, default=PhotoMoment.AFTER)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(
        max_length=8, choices=PhotoWithdrawal, blank=True, default="", db_default=""
    )

    scope_rule = PARTIES_OF_ORDER

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) ^ ~Q(withdrawn_because=""),
                name="photo_withdrawn_exactly_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["landlord", "order"])]

    def __str__(self) -> str:
        return self.moment
