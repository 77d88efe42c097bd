"""Appointments: the windows among which somebody chooses, and the reminders that follow."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.constraints import explain
from nexxio.core.models import PartyModel
from orders.models.orders import Order
from orders.models.visits import Visit
from orders.models.walls import PARTIES_OF_ORDER
from orders.models.zones import InZone

explain("one_slot_per_window", "windows", _("Ce créneau est proposé deux fois."))


class VisitSlot(InZone, PartyModel):
    """A window offered for a visit (UTC). A visit that is offered at one moment only has none.

    Whether it may still be chosen follows from the visit: the others lapse by its confirmation,
    and all of them when it is moved or given up. Nothing of that is stored here.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="slots", db_constraint=False
    )
    window_start = models.DateTimeField(_("début du créneau"))
    window_end = models.DateTimeField(_("fin du créneau"))
    chosen_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    hours = ("window_start", "window_end")
    scope_rule = PARTIES_OF_ORDER

    class Meta:
        ordering = ["window_start"]
        verbose_name = _("créneau proposé")
        verbose_name_plural = _("créneaux proposés")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="slot_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "visit", "window_start", "window_end"],
                name="one_slot_per_window",
            ),
            models.UniqueConstraint(
                fields=["landlord", "visit"],
                condition=Q(chosen_at__isnull=False),
                name="one_chosen_slot",
            ),
            models.CheckConstraint(
                condition=Q(window_end__gt=F("window_start")),
                name="slot_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(chosen_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="slot_is_not_both_chosen_and_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.window_start}"


class ReminderMoment(models.TextChoices):
    """When a tenant is reminded: of a visit that stands, or of one that waits for his answer."""

    DAY_BEFORE = "day_before", _("la veille")
    HOURS_BEFORE = "hours_before", _("deux heures avant")
    UNANSWERED = "unanswered", _("un jour après la proposition")


class VisitReminder(PartyModel):
    """A reminder that is due, was sent, or fell away. One per visit and moment, ever.

    remind_at: when the clock sends it, null once it is settled; reminded_at: when it was sent,
    null for one that fell away (visit moved or given up, too late to be of use).
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="reminders", db_constraint=False
    )
    moment = models.CharField(max_length=12, choices=ReminderMoment)
    remind_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    scope_rule = PARTIES_OF_ORDER

    class Meta:
        verbose_name = _("rappel de rendez-vous")
        verbose_name_plural = _("rappels de rendez-vous")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="visit_reminder_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "visit", "moment"], name="one_reminder_per_moment"
            ),
            models.CheckConstraint(
                condition=Q(moment__in=ReminderMoment.values), name="reminder_moment_is_known"
            ),
            models.CheckConstraint(
                condition=Q(remind_at__isnull=True) | Q(reminded_at__isnull=True),
                name="reminder_is_due_or_sent",
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="visit_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.moment}"
