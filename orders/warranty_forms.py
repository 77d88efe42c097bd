"""What a landlord types about a warranty."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.models.warranties import WarrantyKind
from orders.services import WarrantyInput
from orders.widgets import DateInput


class WarrantyForm(forms.Form):
    """A warranty or an insurance file of a residence."""

    kind = forms.ChoiceField(label=_("Nature"), choices=WarrantyKind)
    company = forms.CharField(
        label=_("Qui la doit"),
        max_length=120,
        help_text=_("Constructeur, installateur, fabricant ou assureur."),
    )
    reference = forms.CharField(
        label=_("Numéro de contrat ou de dossier"), max_length=60, required=False
    )
    starts_on = forms.DateField(label=_("Du"), widget=DateInput())
    ends_on = forms.DateField(label=_("Au"), widget=DateInput())
    unit_number = forms.CharField(
        label=_("Numéro du logement"),
        max_length=20,
        required=False,
        help_text=_("Laissez vide pour toute la résidence."),
    )

    def __init__(self, *args: Any, trades: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trade"] = forms.ChoiceField(
            label=_("Corps d’état"), required=False, choices=[("", _("Tous")), *trades]
        )

    def warranty_input(self) -> WarrantyInput:
        """Return what was typed, once it is valid."""
        return WarrantyInput(**self.cleaned_data)
