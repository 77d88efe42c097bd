"""Forms of ceded claims and oppositions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from contractors.paper_forms import AccountForm
from contractors.transfers import TransferKind
from orders.widgets import DateInput


class TransferForm(forms.Form):
    """What an act says that a landlord was notified of."""

    kind = forms.ChoiceField(label=_("Nature"), choices=TransferKind.choices)
    beneficiary = forms.CharField(
        label=_("Bénéficiaire"),
        max_length=120,
        help_text=_("La banque, l’affactureur ou le créancier que l’acte désigne."),
    )
    reference = forms.CharField(label=_("Référence de l’acte"), max_length=80)
    notified_on = forms.DateField(
        label=_("Reçu le"),
        widget=DateInput(),
        help_text=_("Dès ce jour, payer l’entreprise peut ne pas vous libérer."),
    )
    contract = forms.ChoiceField(label=_("Créances concernées"), required=False)
    most = forms.DecimalField(
        label=_("À hauteur de, en euros"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("Vide : sans plafond."),
    )
    iban = forms.CharField(
        label=_("IBAN du bénéficiaire"),
        max_length=50,
        required=False,
        help_text=_("Vide pour une opposition qui arrête seulement les paiements."),
        widget=AccountForm.base_fields["iban"].widget,
    )
    bic = forms.CharField(label="BIC", max_length=20, required=False)

    def __init__(self, *args: Any, contracts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contract"].choices = [  # type: ignore[attr-defined]
            ("", _("Toutes les factures de l’entreprise")),
            *contracts,
        ]

    def clean_contract(self) -> UUID | None:
        """Return the key of the contract; None for all claims."""
        chosen = self.cleaned_data["contract"]
        return UUID(chosen) if chosen else None
