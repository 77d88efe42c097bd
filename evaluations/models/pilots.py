"""What a landlord wants to improve, and the pilots that try one feature on one perimeter."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from evaluations.models.walls import BOTH_READ, OWN_ROWS, touched
from evaluations.pilot_book import NeedCode, PilotFact
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Custom, Rule
from nexxio.core.models import Agency, Organisation, ScopedModel, User
from nexxio.core.scoping import Scope
from orders.models import Contract, Trade

explain("one_live_need", "code", _("Ce besoin est déjà dans votre liste."))


def _touching(scope: Scope) -> QuerySet[PilotContract]:
    found: QuerySet[PilotContract] = PilotContract.objects.filter(contractor_id=scope.contractor_id)
    return found


PILOTS = Rule(
    landlord="landlord_id",
    contractor=Custom(
        f"withdrawn_at IS NULL AND {touched('evaluations_pilot.id')}",
        lambda scope: Q(withdrawn_at__isnull=True, pk__in=_touching(scope).values("pilot_id")),
    ),
    read_only=frozenset({"contractor"}),
)
"""The landlord's to write; read by the companies whose contracts the perimeter touches."""
CRITERIA = Rule(
    landlord="landlord_id",
    contractor=Custom(
        touched("evaluations_pilotcriterion.pilot_id"),
        lambda scope: Q(pilot_id__in=_touching(scope).values("pilot_id")),
    ),
    read_only=frozenset({"contractor"}),
)
"""The same of its criteria."""


class PilotOutcome(models.TextChoices):
    """What was decided of a pilot."""

    GO = "go", _("Généraliser ou garder (go)")
    NO_GO = "no_go", _("Arrêter et revenir en arrière (no-go)")
    PROLONGED = "prolonged", _("Prolonger")


class Comparison(models.TextChoices):
    """How a fact stands to its threshold."""

    AT_LEAST = "at_least", _("au moins")
    AT_MOST = "at_most", _("au plus")


class Verdict(models.TextChoices):
    """What a criterion speaks for."""

    GO = "go", _("Pour continuer")
    NO_GO = "no_go", _("Pour arrêter")


class Need(ScopedModel):
    """Something that a landlord wants to improve, one of those of the book, in its own words too.

    The landlord's alone: no company reads what its client is not content with.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    code = models.CharField(_("besoin"), max_length=20, choices=NeedCode)
    note = models.CharField(_("dans vos mots"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    scope_rule = OWN_ROWS

    class Meta:
        verbose_name = _("besoin")
        verbose_name_plural = _("besoins")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "code"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_live_need",
            ),
            models.CheckConstraint(
                condition=Q(code__in=NeedCode.values), name="need_code_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(NeedCode(self.code).label)


class Pilot(ScopedModel):
    """One feature, for one need, on one perimeter, from a day on.

    agency, trade: the perimeter; at least one of them. way_back: what is switched back, written
    before the start. outcome, decided_on: of the newest decision that ended it; empty while it
    runs. everywhere: a feature that is kept is in service for all the landlord's works. told_for:
    the day of review of which its managers were told.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    need = models.CharField(_("besoin"), max_length=20, choices=NeedCode)
    feature = models.CharField(_("fonction"), max_length=20)
    name = models.CharField(_("nom"), max_length=120)
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
    perimeter = models.CharField(_("périmètre"), max_length=200)
    starts_on = models.DateField(_("début"))
    review_on = models.DateField(_("date du bilan"))
    way_back = models.CharField(_("retour en arrière"), max_length=1000)
    outcome = models.CharField(max_length=10, choices=PilotOutcome, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)
    everywhere = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    told_for = models.DateField(null=True, blank=True)

    scope_rule = PILOTS

    class Meta:
        verbose_name = _("pilote")
        verbose_name_plural = _("pilotes")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="pilot_of_landlord"),
            models.CheckConstraint(
                condition=Q(review_on__gt=F("starts_on")), name="pilot_reviewed_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(agency__isnull=False) | Q(trade__isnull=False),
                name="pilot_has_a_perimeter",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_on__isnull=True)
                | Q(outcome__in=["go", "no_go"], decided_on__isnull=False),
                name="pilot_ends_by_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(everywhere=False) | Q(outcome="go"), name="pilot_kept_everywhere"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(outcome=""),
                name="pilot_withdrawn_or_decided",
            ),
            models.CheckConstraint(condition=~Q(way_back=""), name="pilot_has_a_way_back"),
        ]
        indexes = [
            models.Index(fields=["landlord", "-starts_on", "-id"], name="pilot_list"),
            models.Index(
                fields=["landlord", "feature"],
                condition=Q(withdrawn_at__isnull=True),
                name="pilot_of_feature",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PilotContract(ScopedModel):
    """A contract that a pilot's perimeter touches: its company reads the pilot."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    pilot = models.ForeignKey(
        Pilot,
        on_delete=models.PROTECT,
        related_name="contracts",
        db_index=False,
        db_constraint=False,
    )
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    scope_rule = BOTH_READ

    class Meta:
        verbose_name = _("marché d’un pilote")
        verbose_name_plural = _("marchés d’un pilote")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "pilot", "contract"], name="one_contract_of_a_pilot"
            ),
        ]
        indexes = [
            models.Index(fields=["contractor", "pilot"], name="pilot_of_contractor"),
            models.Index(fields=["landlord", "contract"], name="pilot_of_contract"),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.contract_id}"


class PilotCriterion(ScopedModel):
    """A fact, a comparison and a threshold (percent, or days) that speak for going on or not."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    pilot = models.ForeignKey(
        Pilot,
        on_delete=models.PROTECT,
        related_name="criteria",
        db_index=False,
        db_constraint=False,
    )
    rank = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=6, choices=Verdict)
    fact = models.CharField(_("fait"), max_length=20, choices=PilotFact)
    comparison = models.CharField(_("comparaison"), max_length=10, choices=Comparison)
    threshold = models.DecimalField(_("seuil"), max_digits=5, decimal_places=1)

    scope_rule = CRITERIA

    class Meta:
        verbose_name = _("critère de pilote")
        verbose_name_plural = _("critères de pilote")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "pilot", "rank"], name="one_criterion_of_a_rank"
            ),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="criterion_is_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.fact}"


class PilotDecision(ScopedModel):
    """What was decided of a pilot, by whom, why, and the facts that were read then.

    review_on: until when it is prolonged. facts: what each criterion said, as it was shown.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    pilot = models.ForeignKey(
        Pilot,
        on_delete=models.PROTECT,
        related_name="decisions",
        db_index=False,
        db_constraint=False,
    )
    outcome = models.CharField(_("décision"), max_length=10, choices=PilotOutcome)
    note = models.CharField(_("motif"), max_length=1000)
    everywhere = models.BooleanField(default=False)
    review_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()
    facts = models.JSONField(default=list, blank=True)

    scope_rule = OWN_ROWS

    class Meta:
        verbose_name = _("décision de pilote")
        verbose_name_plural = _("décisions de pilote")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="prolonged", review_on__isnull=False)
                | Q(outcome__in=["go", "no_go"], review_on__isnull=True),
                name="pilot_prolonged_until_a_day",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="pilot_decision_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["landlord", "pilot", "-decided_at"], name="decision_of_pilot"),
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.outcome}"
