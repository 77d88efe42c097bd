"""What managers type about the revision of a contract's prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models import CoefficientRounding, RevisionClause
from orders.models.revisions import MOST_INDEXES, MOST_LAG, MOST_PERIOD
from orders.services import ClauseInput
from orders.widgets import DateInput

_RANKS = range(1, MOST_INDEXES + 1)


class MonthInput(forms.DateInput):
    """A month picker; typed as "03/2026" where a browser has none."""

    input_type = "month"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m", attrs={"placeholder": "mm/aaaa"})


def _share(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=5, decimal_places=4, min_value=0, max_value=1, localize=True, **more
    )


class RevisionClauseForm(forms.Form):
    """A contract's formula: fixed part + share × index / index of the reference month."""

    fixed_part = _share(_("Partie fixe"), initial=Decimal("0.15"), help_text=_("0,15 par exemple."))
    index_1 = forms.ChoiceField(label=_("Indice"))
    share_1 = _share(_("Sa part"), initial=Decimal("0.85"))
    index_2 = forms.ChoiceField(label=_("Deuxième indice"), required=False)
    share_2 = _share(_("Sa part"), required=False)
    index_3 = forms.ChoiceField(label=_("Troisième indice"), required=False)
    share_3 = _share(_("Sa part"), required=False)
    reference_month = forms.DateField(
        label=_("Mois de référence"),
        input_formats=["%Y-%m", "%m/%Y"],
        widget=MonthInput(),
        help_text=_("Le mois zéro du marché : celui dont les prix sont ceux du premier bordereau."),
    )
    lag_months = forms.IntegerField(
        label=_("Indice lu (mois avant la date d’effet)"),
        min_value=0,
        max_value=MOST_LAG,
        initial=3,
        help_text=_("Un indice paraît avec environ trois mois de retard."),
    )
    period_months = forms.IntegerField(
        label=_("D’une révision à l’autre (mois)"), min_value=1, max_value=MOST_PERIOD, initial=12
    )
    rounding = forms.ChoiceField(
        label=_("Arrondi du coefficient"), choices=CoefficientRounding.choices
    )

    def __init__(self, *args: Any, indexes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rank in _RANKS:
            chosen = self.fields[f"index_{rank}"]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [("", _("Choisir…")), *indexes]

    def clean(self) -> dict[str, Any]:
        """An index has a share, and a share an index."""
        data = super().clean() or {}
        for rank in _RANKS:
            index, share = f"index_{rank}", f"share_{rank}"
            if {index, share} & set(self.errors):
                continue
            if data.get(index) and not data.get(share):
                self.add_error(share, _("Indiquez la part de cet indice."))
            elif data.get(share) and not data.get(index):
                self.add_error(index, _("Choisissez l’indice de cette part."))
        return data

    def clause(self) -> ClauseInput:
        """Return what the service takes."""
        data = self.cleaned_data
        return ClauseInput(
            fixed_part=data["fixed_part"],
            terms=tuple(
                (data[f"index_{rank}"], data[f"share_{rank}"])
                for rank in _RANKS
                if data[f"index_{rank}"]
            ),
            reference_month=data["reference_month"].replace(day=1),
            lag_months=data["lag_months"],
            period_months=data["period_months"],
            rounding=data["rounding"],
        )


def initial_clause(clause: RevisionClause | None) -> dict[str, Any]:
    """Return what the form shows of a stored formula."""
    if clause is None:
        return {}
    terms = enumerate(clause.terms, start=1)
    found: dict[str, Any] = {
        name: getattr(clause, name)
        for name in ("fixed_part", "reference_month", "lag_months", "period_months", "rounding")
    }
    for rank, (code, share) in terms:
        found |= {f"index_{rank}": code, f"share_{rank}": share}
    return found


class RevisionDayForm(forms.Form):
    """The day on which the revised prices take effect."""

    effective_on = forms.DateField(label=_("Prend effet le"), widget=DateInput())


class RevisionForm(RevisionDayForm):
    """The same day with the coefficient that was seen."""

    coefficient = forms.DecimalField(max_digits=7, decimal_places=4, widget=forms.HiddenInput)
