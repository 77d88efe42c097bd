"""What a landlord types of its own questions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.axes import OWN_DIRECTIONS, Direction
from evaluations.languages import OTHERS
from evaluations.quarters import Quarter
from evaluations.services.own_questions import FEWEST, MOST_TEXT
from nexxio.core import clock

_AHEAD = 3
_WHO = {
    Direction.LANDLORD_CONTRACTOR: _("Vos services, de l’entreprise (chaque trimestre)"),
    Direction.CONTRACTOR_LANDLORD: _("Les entreprises, de votre organisme (chaque trimestre)"),
    Direction.TENANT_REPAIR: _("Les locataires, de la réparation (à la place d’une des cinq)"),
}

_TRANSLATIONS = _(
    "Traductions facultatives, pour les locataires : ils lisent la phrase en français là où une"
    " langue reste vide."
)


def _quarters() -> list[tuple[str, str]]:
    quarter, found = Quarter.of(clock.today()), []
    for _n in range(_AHEAD):
        found.append((quarter.first.isoformat(), str(quarter)))
        quarter = quarter.following
    return found


class WordsForm(forms.Form):
    """The sentence; to tenants also in their languages."""

    text = forms.CharField(
        label=_("Phrase à noter de 1 à 5"),
        min_length=FEWEST,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Une affirmation, comme celles des axes. Aucun nom, rien sur la santé, l’origine"
            " ou les opinions."
        ),
    )

    def __init__(self, *args: Any, translated: bool, **kwargs: Any) -> None:
        """Take whether the question is, or may be, for tenants."""
        super().__init__(*args, **kwargs)
        for place, language in enumerate(OTHERS if translated else ()):
            self.fields[f"in_{language.code}"] = forms.CharField(
                label=language.name,
                required=False,
                max_length=MOST_TEXT,
                help_text="" if place else _TRANSLATIONS,
                widget=forms.TextInput(attrs={"lang": language.code, "dir": language.direction}),
            )

    def words(self) -> dict[str, Any]:
        """Return sentence and translations, as the services take them."""
        found = {one.code: self.cleaned_data.get(f"in_{one.code}", "") for one in OTHERS}
        return {"text": self.cleaned_data["text"], "translations": found}


class QuestionForm(WordsForm):
    """A new question: who is asked, from when."""

    direction = forms.ChoiceField(
        label=_("Qui répond"), choices=[(one.value, _WHO[one]) for one in OWN_DIRECTIONS]
    )
    starts_on = forms.ChoiceField(label=_("À partir du"), choices=_quarters)
    field_order = ("direction", "starts_on", "text")

    def words(self) -> dict[str, Any]:
        """Return all that the service takes."""
        return {
            **super().words(),
            "direction": self.cleaned_data["direction"],
            "starts_on": date.fromisoformat(self.cleaned_data["starts_on"]),
        }
