"""What a landlord types about accounts: its rules, and the lines of an invoice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from contractors.imputation import Charge, Imputation
from contractors.selectors.imputations import ImputedLine
from orders.models import Trade
from orders.widgets import DateInput

_CHARGES = [("", _("Choisissez")), *Charge.choices]


class AccountRuleForm(forms.Form):
    """To which account lines go from a day on."""

    trade = forms.ChoiceField(label=_("Corps d’état"), required=False)
    code = forms.CharField(
        label=_("Début du code d’article"),
        max_length=20,
        required=False,
        help_text=_("Vide : tous les articles. « PLB » vaut pour PLB001, PLB002…"),
    )
    account = forms.CharField(label=_("Compte"), max_length=20)
    charge = forms.ChoiceField(label=_("Imputation"), choices=_CHARGES)
    starts_on = forms.DateField(label=_("À partir du"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer all trades."""
        super().__init__(*args, **kwargs)
        trades = list(Trade.objects.values_list("code", "label"))
        choices = [("", str(_("Tous"))), *trades]
        self.fields["trade"].choices = choices  # type: ignore[attr-defined]


class LinesForm(forms.Form):
    """Account, unit and charge of each line of an invoice."""

    def __init__(self, *args: Any, lines: Sequence[ImputedLine], **kwargs: Any) -> None:
        """Show what holds of each line."""
        super().__init__(*args, **kwargs)
        self.lines = lines
        for each in lines:
            pk = each.line.pk
            self.fields[f"account_{pk}"] = forms.CharField(
                label=_("Compte"), max_length=20, required=False, initial=each.where.account
            )
            self.fields[f"unit_{pk}"] = forms.CharField(
                label=_("UG"), max_length=20, required=False, initial=each.where.unit
            )
            self.fields[f"charge_{pk}"] = forms.ChoiceField(
                label=_("Imputation"),
                choices=_CHARGES,
                required=False,
                initial=each.where.charge,
            )

    @property
    def rows(self) -> list[tuple[ImputedLine, list[forms.BoundField]]]:
        """The fields of each line."""
        return [
            (each, [self[f"{name}_{each.line.pk}"] for name in ("account", "unit", "charge")])
            for each in self.lines
        ]

    def imputations(self) -> dict[UUID, Imputation]:
        """Return the lines that say something else than what held."""
        found = {}
        for each in self.lines:
            pk = each.line.pk
            said = Imputation(
                account=self.cleaned_data[f"account_{pk}"].strip(),
                unit=self.cleaned_data[f"unit_{pk}"].strip(),
                charge=self.cleaned_data[f"charge_{pk}"],
            )
            if said != each.where:
                found[pk] = said
        return found
