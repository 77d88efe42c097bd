"""What a landlord types of roll-outs, and into the diary of what else changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.impact_terms import BASELINE_WEEKS
from evaluations.models.impact import MOST_NOTE
from evaluations.services.impact_notes import FEWEST_WORDS
from nexxio.core import clock
from orders.widgets import DateInput

_FIRST, _LAST = BASELINE_WEEKS
Choices = Sequence[tuple[str, str]]


class DayForm(forms.Form):
    """On which day a perimeter goes live, and how long it is observed before."""

    starts_on = forms.DateField(label=_("Jour de mise en service"), widget=DateInput())
    baseline_weeks = forms.TypedChoiceField(
        label=_("Durée de la référence"),
        coerce=int,
        choices=[(weeks, _("%d semaines avant") % weeks) for weeks in range(_FIRST, _LAST + 1)],
        initial=_LAST,
        help_text=_("La période observée juste avant la mise en service, pour comparer."),
    )


class RolloutForm(DayForm):
    """A perimeter and its day."""

    perimeter = forms.ChoiceField(label=_("Périmètre"))
    field_order = ("perimeter", "starts_on", "baseline_weeks")

    def __init__(self, *args: Any, perimeters: Choices, **kwargs: Any) -> None:
        """Take the landlord's perimeters."""
        super().__init__(*args, **kwargs)
        self.fields["perimeter"].choices = [("", _("Choisir…")), *perimeters]  # type: ignore[attr-defined]
        self.fields["starts_on"].help_text = _(
            "Un jour passé est accepté : la page dira que la mise en service a été déclarée après."
        )


class NoteForm(forms.Form):
    """What else changed."""

    perimeter = forms.ChoiceField(label=_("Où"), required=False)
    happened_on = forms.DateField(label=_("Date"), widget=DateInput(), initial=clock.today)
    text = forms.CharField(
        label=_("Ce qui a changé"),
        min_length=FEWEST_WORDS,
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Par exemple : nouveau marché, grève, gel, changement d’équipe. Aucun nom de personne."
            " Une note ne se modifie pas ; elle peut être retirée et reste lisible."
        ),
    )

    def __init__(self, *args: Any, perimeters: Choices, **kwargs: Any) -> None:
        """Take the landlord's perimeters."""
        super().__init__(*args, **kwargs)
        self.fields["perimeter"].choices = [("", _("Tout l’organisme")), *perimeters]  # type: ignore[attr-defined]
