"""Visits that found nobody: whether each may be charged, computed from facts, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders import policies
from orders.access_states import UNSETTLED, AccessCheckState
from orders.models import (
    AccessCheck,
    NoAccessProof,
    Order,
    ReminderMoment,
    Visit,
    VisitReminder,
)
from orders.states import VisitState

PIECES: dict[str, Any] = {
    "arrival": gettext_lazy("heure d’arrivée"),
    "window": gettext_lazy("arrivée dans le créneau"),
    "wait": gettext_lazy("dix minutes d’attente dans le créneau"),
    "call": gettext_lazy("appel tenté"),
    "sms": gettext_lazy("SMS tenté"),
    "photo": gettext_lazy("photo de la porte"),
    "notice": gettext_lazy("numéro de l’avis de passage"),
}


@dataclass(frozen=True)
class Attempt:
    """A visit that found nobody. rank: its place among those that count; reasons: why not."""

    visit: Visit
    rank: int
    proof: NoAccessProof | None
    check: AccessCheck | None
    reasons: list[str]

    @property
    def chargeable(self) -> bool:
        """Tell whether the absence counts."""
        return not self.reasons

    @property
    def missing(self) -> list[str]:
        """What the proof pack lacks, in words."""
        return missing_words(self.proof)

    @property
    def is_unsettled(self) -> bool:
        """Tell whether the tenant says that he was there, and nobody has settled it."""
        return self.check is not None and self.check.state in UNSETTLED


def missing_words(proof: NoAccessProof | None) -> list[str]:
    """Return the pieces that a proof pack lacks, in words; all of them without one."""
    codes = list(PIECES) if proof is None else proof.missing
    return [str(PIECES.get(code, code)) for code in codes]


def attempts(order: Order, visits: list[Visit]) -> list[Attempt]:
    """Return the visits that found nobody since works were last done, the oldest first.

    visits: the order's, with their proof. Two queries, or none.
    """
    counted = policies.attempts_of(visits)
    missed = [visit for visit in visits if visit.state == VisitState.CONTRACTOR_NO_SHOW]
    if not counted and not missed:
        return []
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    checks = {check.visit_id: check for check in AccessCheck.objects.filter(**own)}
    sent = VisitReminder.objects.filter(**own, reminded_at__isnull=False)
    reminded = set(sent.values_list("visit_id", "moment"))
    found = []
    for visit in sorted([*counted, *missed], key=lambda each: each.number):
        moments = {moment for pk, moment in reminded if pk == visit.pk}
        proof, check = getattr(visit, "proof", None), checks.get(visit.pk)
        found.append(
            Attempt(
                visit=visit,
                rank=counted.index(visit) + 1 if visit in counted else 0,
                proof=proof,
                check=check,
                reasons=reasons_against(visit, proof, check, moments),
            )
        )
    return found


def reasons_against(
    visit: Visit, proof: NoAccessProof | None, check: AccessCheck | None, reminded: set[str]
) -> list[str]:
    """Return why an absence may not be charged, in words; nothing where it may."""
    if visit.state == VisitState.CONTRACTOR_NO_SHOW:
        return [_("l’entreprise n’est pas venue")]
    if visit.reader_case_id is None:
        return [_("aucun locataire n’était attendu")]
    missing = ", ".join(missing_words(proof))
    unsettled = check is not None and check.state in UNSETTLED
    said = [
        (visit.confirmed_at is None, _("rendez-vous non confirmé")),
        (ReminderMoment.DAY_BEFORE not in reminded, _("rappel de la veille non envoyé")),
        (ReminderMoment.HOURS_BEFORE not in reminded, _("rappel du jour même non envoyé")),
        (bool(missing), _("preuves incomplètes (%s)") % missing),
        (unsettled, _("le locataire dit qu’il était là, rien n’est tranché")),
        (
            check is not None and check.state == AccessCheckState.NO_SHOW,
            _("l’entreprise n’est pas venue"),
        ),
    ]
    return [sentence for applies, sentence in said if applies]


def order_attempts(order: Order) -> list[Attempt]:
    """Return what `attempts` does, of a locked order."""
    rows = Visit.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return attempts(order, list(rows.select_related("proof")))
