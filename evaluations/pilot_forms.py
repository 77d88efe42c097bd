"""What is typed of needs and pilots."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from evaluations.models import Comparison, Pilot, PilotOutcome, Verdict
from evaluations.pilot_book import DAYS, LOWER_IS_BETTER, Feature, PilotFact
from evaluations.services import CriterionInput, PilotInput
from evaluations.services.pilots import MOST_NAME, MOST_NOTE, MOST_WAY_BACK
from nexxio.core.models import Agency
from orders.models import Trade
from orders.widgets import DateInput

_RANKS = (1, 2)
"""How many criteria of each verdict may be typed."""
_LABELS = {
    "fact": _("fait mesuré"),
    "comparison": _("comparaison"),
    "threshold": _("seuil, en % ou en jours"),
}
_EXAMPLES: dict[str, Decimal] = {
    Verdict.GO: Decimal(90),
    Verdict.NO_GO: Decimal(70),
}


class NeedForm(forms.Form):
    """Something to be improved."""

    code = forms.ChoiceField(label=_("Ce que vous voulez améliorer"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Dans vos mots"),
        max_length=MOST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce qui ne va pas aujourd’hui. Vos prestataires ne le lisent pas."),
    )

    def __init__(self, *args: Any, left: list[tuple[str, str]], **kwargs: Any) -> None:
        """Offer what isn't on the list yet."""
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        code.choices = left


class PilotForm(forms.Form):
    """A pilot: name, perimeter, days, criteria, way back."""

    name = forms.CharField(label=_("Nom du pilote"), max_length=MOST_NAME)
    agency = forms.ChoiceField(label=_("Agence"), required=False)
    trade = forms.ChoiceField(
        label=_("Corps d’état"),
        required=False,
        help_text=_("Une agence, un corps d’état, ou les deux : un petit pas à la fois."),
    )
    starts_on = forms.DateField(label=_("Début"), widget=DateInput())
    review_on = forms.DateField(
        label=_("Date du bilan"),
        widget=DateInput(),
        help_text=_("Huit à douze semaines après le début suffisent d’ordinaire."),
    )
    way_back = forms.CharField(
        label=_("Retour en arrière"),
        max_length=MOST_WAY_BACK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Ce qui est remis comme avant si le pilote s’arrête, et par qui. Écrit avant le début,"
            " relu au moment de décider."
        ),
    )

    def __init__(self, *args: Any, feature: Feature, **kwargs: Any) -> None:
        """Offer the landlord's agencies, the trades, and a row for each criterion."""
        super().__init__(*args, **kwargs)
        everything = [("", _("Toutes"))]
        agencies = Agency.objects.order_by("name").values_list("pk", "name")
        self._choose("agency", [*everything, *((str(pk), name) for pk, name in agencies)])
        trades = Trade.objects.order_by("label").values_list("pk", "label")
        self._choose("trade", [("", _("Tous")), *trades])
        for verdict in Verdict:
            for rank in _RANKS:
                self._add_criterion(verdict, rank, feature)

    def criteria(self) -> list[dict[str, Any]]:
        """Return the rows of each verdict: bound fields, and their names below its title."""
        return [
            {
                "title": verdict.label,
                "rows": [
                    [
                        (self[f"{verdict.value}_{rank}_{name}"], capfirst(label))
                        for name, label in _LABELS.items()
                    ]
                    for rank in _RANKS
                ],
            }
            for verdict in Verdict
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for a threshold wherever a fact is chosen, and the other way."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for key in (f"{verdict.value}_{rank}" for verdict in Verdict for rank in _RANKS):
            fact, threshold = data.get(f"{key}_fact"), data.get(f"{key}_threshold")
            if fact and threshold is None and f"{key}_threshold" not in self.errors:
                self.add_error(f"{key}_threshold", _("Donnez le seuil de ce fait."))
            elif threshold is not None and not fact and f"{key}_fact" not in self.errors:
                self.add_error(f"{key}_fact", _("Choisissez le fait de ce seuil."))
            elif fact and threshold is not None and fact not in DAYS and threshold > 100:  # noqa: PLR2004
                self.add_error(f"{key}_threshold", _("Un pourcentage va de 0 à 100."))
        return data

    def pilot_input(self) -> PilotInput:
        """Return what the services take."""
        data = self.cleaned_data
        return PilotInput(
            name=data["name"],
            starts_on=data["starts_on"],
            review_on=data["review_on"],
            way_back=data["way_back"],
            agency_id=UUID(data["agency"]) if data["agency"] else None,
            trade=data["trade"],
            criteria=tuple(
                CriterionInput(
                    verdict=verdict.value,
                    fact=data[f"{verdict.value}_{rank}_fact"],
                    comparison=data[f"{verdict.value}_{rank}_comparison"],
                    threshold=data[f"{verdict.value}_{rank}_threshold"],
                )
                for verdict in Verdict
                for rank in _RANKS
                if data[f"{verdict.value}_{rank}_fact"]
            ),
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _add_criterion(self, verdict: Verdict, rank: int, feature: Feature) -> None:
        """Add one criterion's fields, each named with it; the feature's own facts come first."""
        key = f"{verdict.value}_{rank}"
        labels = {
            name: format_lazy("{}, {} : {}", verdict.label, rank, label)
            for name, label in _LABELS.items()
        }
        others = [one for one in PilotFact if one not in feature.facts]
        facts = [(one.value, one.label) for one in (*feature.facts, *others)]
        self.fields[f"{key}_fact"] = forms.ChoiceField(
            label=labels["fact"], required=False, choices=[("", _("Aucun")), *facts]
        )
        self.fields[f"{key}_comparison"] = forms.ChoiceField(
            label=labels["comparison"], required=False, choices=Comparison.choices
        )
        self.fields[f"{key}_threshold"] = forms.DecimalField(
            label=labels["threshold"],
            min_value=0,
            max_digits=5,
            decimal_places=1,
            required=False,
            localize=True,
        )


def first_criteria(feature: Feature) -> dict[str, Any]:
    """Return what the form offers for a feature: an example to be changed."""
    fact = feature.facts[0]
    is_lower = fact in LOWER_IS_BETTER
    found: dict[str, Any] = {}
    for verdict, threshold in _EXAMPLES.items():
        at_most = is_lower == (verdict == Verdict.GO)
        found[f"{verdict}_1_fact"] = fact.value
        found[f"{verdict}_1_comparison"] = (
            Comparison.AT_MOST if at_most else Comparison.AT_LEAST
        ).value
        found[f"{verdict}_1_threshold"] = 100 - threshold if is_lower else threshold
    for verdict in Verdict:
        at_most = verdict == Verdict.NO_GO
        found[f"{verdict.value}_2_comparison"] = (
            Comparison.AT_MOST if at_most else Comparison.AT_LEAST
        ).value
    return found


def initial_pilot(pilot: Pilot) -> dict[str, Any]:
    """Return what the form shows of a pilot. One query."""
    names = ("name", "starts_on", "review_on", "way_back")
    found: dict[str, Any] = {name: getattr(pilot, name) for name in names}
    found["agency"] = str(pilot.agency_id or "")
    found["trade"] = pilot.trade_id or ""
    seen = dict.fromkeys(Verdict.values, 0)
    for one in pilot.criteria.order_by("rank"):
        seen[one.verdict] += 1
        for name in ("fact", "comparison", "threshold"):
            found[f"{one.verdict}_{seen[one.verdict]}_{name}"] = getattr(one, name)
    return found


class DecideForm(forms.Form):
    """What is decided of a pilot."""

    outcome = forms.ChoiceField(label=_("Décision"), widget=forms.RadioSelect)
    everywhere = forms.BooleanField(
        label=_("En cas de go, mettre en service pour tout votre patrimoine"), required=False
    )
    review_on = forms.DateField(
        label=_("En cas de prolongation, nouvelle date du bilan"),
        required=False,
        widget=DateInput(),
    )
    note = forms.CharField(
        label=_("Pourquoi"),
        max_length=MOST_WAY_BACK,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Gardé avec votre nom, la date et les faits lus aujourd’hui."),
    )

    def __init__(self, *args: Any, pilot: Pilot, switched: bool, **kwargs: Any) -> None:
        """Offer what may be decided; a pilot that was kept can only be switched back.

        switched: whether Nexxio itself puts the feature into service on a perimeter.
        """
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        back_only = bool(pilot.outcome)
        outcome.choices = [
            (code, label)
            for code, label in PilotOutcome.choices
            if not back_only or code == PilotOutcome.NO_GO
        ]
        if back_only:
            del self.fields["review_on"]
        if back_only or not switched:
            del self.fields["everywhere"]
