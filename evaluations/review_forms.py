"""What is typed of a contract review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.models import DecisionOutcome, ReviewSide
from evaluations.services.reviews import MOST_MINUTES, MOST_OWNER, MOST_POINT
from nexxio.core import clock
from orders.widgets import DateInput


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput())


class OpenReviewForm(forms.Form):
    """A review to be planned."""

    meets_on = _day(_("Date de la réunion"))


class PointForm(forms.Form):
    """What one's own side wants to talk about."""

    text = forms.CharField(
        label=_("Point à ajouter"),
        max_length=MOST_POINT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Les deux côtés le lisent. Sans nom de personne."),
    )


class MinutesForm(forms.Form):
    """The minutes. version: of what the writer had before him.

    others: what somebody else wrote in the meantime, to be read beside what was typed.
    """

    text = forms.CharField(
        label=_("Compte rendu"),
        max_length=MOST_MINUTES,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Les deux côtés l’écrivent et le lisent, jusqu’à ce qu’il soit arrêté."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, others: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = others


class DecisionForm(forms.Form):
    """A decision: what, who, until when."""

    text = forms.CharField(
        label=_("Décision"), max_length=MOST_POINT, widget=forms.Textarea(attrs={"rows": 3})
    )
    side = forms.ChoiceField(
        label=_("À la charge de"), choices=ReviewSide.choices, widget=forms.RadioSelect
    )
    owner = forms.CharField(
        label=_("Service ou fonction"),
        max_length=MOST_OWNER,
        help_text=_("Par exemple : Comptabilité, conducteur de travaux. Pas de nom de personne."),
    )
    due_on = _day(_("Échéance"))

    def clean_due_on(self) -> Any:
        """Refuse a day that is over."""
        day = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError(_("Cette date est passée."))
        return day


class SettleForm(forms.Form):
    """What became of a decision."""

    outcome = forms.ChoiceField(
        label=_("Suite donnée"), choices=DecisionOutcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("En quelques mots"),
        max_length=MOST_POINT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nécessaire quand la décision est abandonnée."),
    )
