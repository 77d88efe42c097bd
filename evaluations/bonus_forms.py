"""What people type about bonus and malus."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from evaluations.bonus_spans import Span
from evaluations.bonus_terms import (
    MOST_CAP_BONUS,
    MOST_CAP_MALUS,
    MOST_PERCEPTION,
    TIMED,
    BonusFact,
    BonusPer,
    ContestOutcome,
    Rhythm,
)
from evaluations.models import BonusRules
from evaluations.services import RulesInput, TermInput
from nexxio.core import clock
from orders.widgets import DateInput

_AHEAD = 12
_MOST_MINUTES = 1440
_HELP = {
    BonusFact.APPOINTMENT: _("Le technicien arrive au plus tard tant de minutes après le créneau."),
    BonusFact.STATUS: _("En route, sur place, terminé : transmis tant de minutes après les faits."),
    BonusFact.PACK: _("Les pièces que le marché demande : photos avant et après, bon signé."),
    BonusFact.FIRST_TIME: _("Ni reprise, ni passage terminé en partie seulement."),
}
_LABELS = {
    "limit": _("seuil (minutes)"),
    "bonus": _("bonus si atteint"),
    "malus": _("malus si manqué"),
    "per": _("montants en"),
}


def _of(fact: BonusFact, label: Any) -> Any:
    """Return a field's label with its fact: a summary of errors names both."""
    return format_lazy("{} : {}", fact.label, label)


def _percent(label: Any, most: int, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=most,
        max_digits=4,
        decimal_places=2,
        localize=True,
        **more,
    )


def _rate(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=7, decimal_places=2, required=False, localize=True
    )


def _months(today: date) -> list[tuple[str, str]]:
    span = Span(today.replace(day=1))
    found = []
    for _n in range(_AHEAD):
        span = span.following
        found.append((span.first.isoformat(), date_format(span.first, "F Y")))
    return found


class RulesForm(forms.Form):
    """A version of the rules: when, how far, and a row for each fact."""

    rhythm = forms.ChoiceField(label=_("Relevé"), choices=Rhythm.choices)
    starts_on = forms.TypedChoiceField(
        label=_("À partir de"),
        coerce=date.fromisoformat,
        help_text=_("Jamais avant l’accord des deux côtés."),
    )
    onboarding_until = forms.DateField(
        label=_("Sans malus jusqu’au"),
        required=False,
        widget=DateInput(),
        help_text=_("La période d’accueil de l’entreprise. Vide : aucune."),
    )
    cap_bonus = _percent(_("Bonus : au plus"), MOST_CAP_BONUS, initial=Decimal(3))
    cap_malus = _percent(_("Malus : au plus"), MOST_CAP_MALUS, initial=Decimal(2))
    perception_weight = forms.IntegerField(
        label=_("Part des locataires dans le bonus"),
        min_value=0,
        max_value=MOST_PERCEPTION,
        initial=0,
        help_text=_("20 % au plus. Elle ne fait jamais de malus."),
    )
    perception_from = forms.DecimalField(
        label=_("À partir d’une moyenne de"),
        min_value=1,
        max_value=5,
        max_digits=2,
        decimal_places=1,
        required=False,
        localize=True,
        help_text=_("Moyenne publiée des trois questions posées à chaque locataire."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add a row of fields for each fact."""
        super().__init__(*args, **kwargs)
        starts_on = self.fields["starts_on"]
        assert isinstance(starts_on, forms.ChoiceField)
        starts_on.choices = _months(clock.today())
        for fact in BonusFact:
            if fact in TIMED:
                self.fields[f"{fact}_limit"] = forms.IntegerField(
                    label=_of(fact, _LABELS["limit"]),
                    min_value=0,
                    max_value=_MOST_MINUTES,
                    required=False,
                )
            self.fields[f"{fact}_per"] = forms.ChoiceField(
                label=_of(fact, _LABELS["per"]), choices=BonusPer.choices, required=False
            )
            for name in ("bonus", "malus"):
                self.fields[f"{fact}_{name}"] = _rate(_of(fact, _LABELS[name]))

    def facts(self) -> list[dict[str, Any]]:
        """Return the rows, each with its bound fields and what they are called below its title."""
        return [
            {
                "label": fact.label,
                "help": _HELP[fact],
                "fields": [
                    (self[f"{fact}_{name}"], capfirst(label))
                    for name, label in _LABELS.items()
                    if f"{fact}_{name}" in self.fields
                ],
            }
            for fact in BonusFact
        ]

    def rules_input(self) -> RulesInput:
        """Return what the services take: a fact without bonus and malus isn't in it."""
        data = self.cleaned_data
        names = (
            *("rhythm", "starts_on", "onboarding_until", "cap_bonus", "cap_malus"),
            *("perception_weight", "perception_from"),
        )
        terms = tuple(
            TermInput(
                fact=fact.value,
                limit=data.get(f"{fact}_limit") or 0,
                per=data[f"{fact}_per"] or BonusPer.EUROS.value,
                bonus=data[f"{fact}_bonus"] or Decimal(0),
                malus=data[f"{fact}_malus"] or Decimal(0),
            )
            for fact in BonusFact
            if data[f"{fact}_bonus"] or data[f"{fact}_malus"]
        )
        return RulesInput(**{name: data[name] for name in names}, terms=terms)


def initial_rules(rules: BonusRules) -> dict[str, Any]:
    """Return what the form shows of a version."""
    found = {name: getattr(rules, name) for name in RulesForm.base_fields}
    found["starts_on"] = rules.starts_on.isoformat()
    for term in rules.terms.all():
        for name in ("limit", "per", "bonus", "malus"):
            found[f"{term.fact}_{name}"] = getattr(term, name)
    return found


FIRST_RULES = {
    "appointment_limit": 15,
    "appointment_bonus": Decimal(2),
    "appointment_malus": Decimal(10),
    "status_limit": 15,
    "status_bonus": Decimal(1),
    "first_time_bonus": Decimal(3),
    "first_time_malus": Decimal(10),
}
"""What the form offers for a contract without rules yet: an example to be changed."""


def _words(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=help_text,
    )


class RefuseForm(forms.Form):
    """Why the company doesn't accept."""

    reason = _words(_("Motif"), _("Le bailleur le lit : dites ce qui devrait changer."))


class ContestLineForm(forms.Form):
    """Why a line is wrong."""

    reason = _words(
        _("Pourquoi cette ligne est à revoir"),
        _("Le bailleur la maintient ou la neutralise, avec sa raison."),
    )


class AnswerForm(forms.Form):
    """What becomes of a contested line."""

    outcome = forms.ChoiceField(
        label=_("Votre réponse"),
        choices=[
            (ContestOutcome.NEUTRALISED.value, _("Neutraliser : la ligne ne coûte plus rien")),
            (ContestOutcome.KEPT.value, _("Maintenir la ligne")),
        ],
        widget=forms.RadioSelect,
    )
    answer = _words(_("Motif"), _("L’entreprise le lit."))


class DocumentForm(forms.Form):
    """The number of the company's document."""

    number = forms.CharField(label=_("Numéro de l’avoir ou de la facture"), max_length=40)
