"""A roll-out on a perimeter, what else changed meanwhile, and what is estimated of it."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluations.impact_terms import BASELINE_WEEKS, Indicator
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import Agency, Organisation, ScopedModel, User
from orders.models import Trade

explain(
    "one_rollout_of_perimeter",
    "perimeter",
    _("Une mise en service est déjà prévue ou faite sur ce périmètre : choisissez-en un autre."),
)
_SHORTEST, _LONGEST = (timedelta(weeks=weeks) for weeks in BASELINE_WEEKS)
MOST_NOTE = 300


class Rollout(ScopedModel):
    """The day on which a perimeter (agency × trade) of a landlord goes live.

    baseline_on: the first day of the weeks before, that it is compared with. starts_on: moved or
    cancelled as long as it is to come, never afterwards. decided_by, decided_at: who chose that day
    last, and when. measured_on: the day of the last estimates, null since the day was moved.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+", db_index=False)
    baseline_on = models.DateField(_("référence depuis le"))
    starts_on = models.DateField(_("mise en service le"))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField(_("décidé le"))
    cancelled_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    measured_on = models.DateField(_("mesuré le"), null=True, blank=True)

    scope_rule = Rule(landlord="landlord_id")

    class Meta:
        verbose_name = _("mise en service")
        verbose_name_plural = _("mises en service")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="rollout_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "agency", "trade"],
                condition=Q(cancelled_at__isnull=True),
                name="one_rollout_of_perimeter",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__gte=F("baseline_on") + _SHORTEST)
                & Q(starts_on__lte=F("baseline_on") + _LONGEST),
                name="rollout_has_its_baseline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} × {self.trade_id}, {self.starts_on}"


class ImpactNote(ScopedModel):
    """What else changed: of one perimeter, or of the whole landlord where it names none.

    Never edited nor deleted; withdrawn, it stays with who withdrew it.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    happened_on = models.DateField(_("date"))
    text = models.CharField(_("ce qui a changé"), max_length=MOST_NOTE)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )

    scope_rule = Rule(landlord="landlord_id")

    class Meta:
        verbose_name = _("note du journal")
        verbose_name_plural = _("notes du journal")
        constraints = [
            models.CheckConstraint(
                condition=Q(agency__isnull=True) ^ Q(trade__isnull=False),
                name="impact_note_of_a_whole_perimeter",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) ^ Q(withdrawn_by__isnull=False),
                name="impact_note_withdrawn_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "-happened_on", "-id"], name="impact_note_list"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.landlord_id}"


class ImpactEstimate(ScopedModel):
    """One indicator of a roll-out, as the clock estimated it last. Nobody else writes it.

    until: the first day that isn't observed. n_*: observations of the four cells, the perimeter's
    before and after, then of those it is compared with. mean_*, effect, low, high: hundredths, days
    or euros, null where a cell is too small. others: how many perimeters it is compared with.
    weeks: [week, n, sum, n of the others, their sum], counted from the first day; sums are whole
    (hundredths, days, cents).
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rollout = models.ForeignKey(
        Rollout,
        on_delete=models.PROTECT,
        related_name="estimates",
        db_index=False,
        db_constraint=False,
    )
    indicator = models.CharField(max_length=12, choices=Indicator)
    until = models.DateField()
    others = models.PositiveIntegerField(default=0)
    n_before = models.PositiveIntegerField(default=0)
    n_after = models.PositiveIntegerField(default=0)
    n_other_before = models.PositiveIntegerField(default=0)
    n_other_after = models.PositiveIntegerField(default=0)
    mean_before = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    mean_after = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    mean_other_before = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    mean_other_after = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    effect = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    low = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    high = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    weeks = models.JSONField(default=list)

    scope_rule = Rule(landlord="landlord_id", read_only=frozenset({"landlord"}))

    class Meta:
        verbose_name = _("estimation d’impact")
        verbose_name_plural = _("estimations d’impact")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "rollout", "indicator"], name="one_estimate_of_indicator"
            ),
            models.CheckConstraint(
                condition=Q(
                    effect__isnull=True,
                    low__isnull=True,
                    high__isnull=True,
                    mean_before__isnull=True,
                    mean_after__isnull=True,
                )
                | Q(
                    n_before__gte=30,
                    n_after__gte=30,
                    n_other_before__gte=30,
                    n_other_after__gte=30,
                    low__lte=F("effect"),
                    high__gte=F("effect"),
                ),
                name="estimate_only_of_enough",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rollout_id} {self.indicator}"
