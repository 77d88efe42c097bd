"""Words for results: facts, marks, what stands in the place of a score that isn't told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nexxio.core.templatetags.ui import number, percent


class FactCode(models.TextChoices):
    """What is counted beside an opinion."""

    FIRST_TIME = "first_time", gettext_lazy("réparé du premier coup")
    IN_TIME = "in_time", gettext_lazy("terminé à la date prévue")
    APPOINTMENTS = "appointments", gettext_lazy("rendez-vous tenus par l’entreprise")
    WASTED = "wasted", gettext_lazy("passages sans accès")
    PAID_IN = "paid_in", gettext_lazy("jours de paiement en moyenne")
    PAID_ON_TIME = "paid_on_time", gettext_lazy("payé dans le délai légal")
    SETTLED = "settled", gettext_lazy("devis réglés pendant le passage")
    REPEATS = "repeats", gettext_lazy("nouveau passage dans les 30 jours")
    SIGN_DAYS = "sign_days", gettext_lazy("jours d’attente d’un constat à signer")
    ANSWER_DAYS = "answer_days", gettext_lazy("jours de réponse du bailleur à un devis")
    TAKEN_DAYS = "taken_days", gettext_lazy("jours de prise en charge par l’entreprise")
    CONTESTS = "contests", gettext_lazy("contestations traitées en 10 jours")
    GROUPED = "grouped", gettext_lazy("passages groupés à la même adresse")
    WASTE_SLIPS = "waste_slips", gettext_lazy("bordereaux de déchets remis")
    COMPLETE = "complete", gettext_lazy("commandes complètes dès l’envoi")
    REGULARISED = "regularised", gettext_lazy("jours pour régulariser une urgence")
    TOLD_IN = "told_in", gettext_lazy("minutes du téléphone à la page du locataire (médiane)")
    LEFT_BADLY = (
        "left_badly",
        gettext_lazy("locataires disant leur logement sali ou abîmé"),
    )
    # Of quarters that were published with them.
    VARIATIONS = "variations", gettext_lazy("devis complémentaires accordés")
    REFUSED = "refused", gettext_lazy("constats refusés")
    RETURNED = "returned", gettext_lazy("commandes renvoyées à compléter")
    OVERDUE = "overdue", gettext_lazy("attentes dépassées")


_SHARES = frozenset(
    {
        FactCode.FIRST_TIME,
        FactCode.IN_TIME,
        FactCode.APPOINTMENTS,
        FactCode.PAID_ON_TIME,
        FactCode.SETTLED,
        FactCode.REPEATS,
        FactCode.CONTESTS,
        FactCode.GROUPED,
        FactCode.COMPLETE,
    }
)
_DAYS = frozenset(
    {FactCode.SIGN_DAYS, FactCode.ANSWER_DAYS, FactCode.TAKEN_DAYS, FactCode.REGULARISED}
)

MARKS: tuple[tuple[int, Any], ...] = (
    (1, gettext_lazy("Pas du tout")),
    (2, gettext_lazy("Plutôt non")),
    (3, gettext_lazy("En partie")),
    (4, gettext_lazy("Plutôt oui")),
    (5, gettext_lazy("Tout à fait")),
)
UNKNOWN = gettext_lazy("Je ne sais pas / non concerné")


def fact_text(code: str, value: Decimal | None) -> str:
    """Return a fact in words: "réparé du premier coup : 92 %"; "" without one."""
    if not code or value is None:
        return ""
    figure = percent(value) if code in _SHARES else number(value, 1 if code in _DAYS else 0)
    return f"{FactCode(code).label}\N{NO-BREAK SPACE}: {figure}"


def facts_text(
    code: str, value: Decimal | None, more: str = "", more_value: Decimal | None = None
) -> str:
    """Return the one or two facts beside an opinion, in words; "" without any."""
    told = (fact_text(code, value), fact_text(more, more_value))
    return " · ".join(text for text in told if text)


def not_measured() -> str:
    """Return what stands beside an axis of which nothing in the product tells a fact."""
    return _("pas encore mesuré")


def mark_text(mark: int | None) -> str:
    """Return a mark in words."""
    if mark is None:
        return str(UNKNOWN)
    return f"{mark} sur 5 · {dict(MARKS)[mark]}"


def too_few(n: int, needed: int) -> str:
    """Return what stands in the place of a mean that isn't told."""
    if needed == 0:
        return _("Moins de trois entreprises interrogées")
    if n >= needed:
        return _("Non publié : cela trahirait des réponses trop peu nombreuses")
    return _("Pas encore assez de réponses (%(n)d sur %(needed)d)") % {"n": n, "needed": needed}
