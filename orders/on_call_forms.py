"""What is typed about works on call: an emergency, and what the landlord adds to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from nexxio.core.models import UnitKind
from orders.forms import PhoneField, coded_reason
from orders.models import Contract, Order, VariationLine
from orders.services import Completion, OnCallInput
from orders.states import Hazard
from orders.variation_forms import GrantForm
from orders.variation_states import UrgencyReason

KINDS = [
    (UnitKind.DWELLING.value, _("Un logement")),
    (UnitKind.COMMON_AREA.value, _("Une partie commune")),
]


class OnCallForm(forms.Form):
    """An emergency: where exactly, who called, what can't wait, how much at the most."""

    reason = coded_reason(UrgencyReason.choices)
    trade = forms.ChoiceField(label=_("Corps d’état"))
    description = forms.CharField(
        label=_("Ce qui se passe, ce que vous faites"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    hazard = forms.ChoiceField(
        label=_("Danger pour la santé ou les personnes"),
        required=False,
        choices=[("", _("Non")), *Hazard.choices],
    )
    kind = forms.ChoiceField(label=_("Où"), choices=KINDS)
    number = forms.CharField(
        label=_("Numéro du logement, ou nom de la partie commune"),
        max_length=20,
        help_text=_("12, B 204, hall A… Le bailleur le corrige au besoin."),
    )
    floor = forms.CharField(label=_("Étage"), required=False, max_length=20)
    door = forms.CharField(label=_("Porte"), required=False, max_length=40)
    caller = forms.CharField(label=_("Qui a appelé"), max_length=120)
    phone = PhoneField(label=_("Son téléphone"), max_length=30)
    amount = forms.DecimalField(
        label=_("Montant estimé HT"), max_digits=12, decimal_places=2, min_value=0, localize=True
    )
    measures = forms.CharField(
        label=_("Amiante : vos mesures de protection"),
        max_length=300,
        help_text=_("L’urgence dispense du rapport avant travaux, pas de protéger les personnes."),
    )
    # Key of the order that this form makes: sent twice, it still makes one.
    send_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, contract: Contract, trades: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["trade"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, label) for code, label in trades if code in contract.trades]

    def on_call_input(self, group_id: UUID) -> OnCallInput:
        """Return what the service takes."""
        data = {**self.cleaned_data}
        data.pop("send_key")
        return OnCallInput(group_id=group_id, trade_code=data.pop("trade"), **data)


class SettleForm(GrantForm):
    """The landlord's answer to an order opened on call: quantities, and its own numbers."""

    number = forms.CharField(label=_("Numéro du logement ou de la partie commune"), max_length=20)
    external_number = forms.CharField(
        label=_("Numéro ERP"),
        help_text=_("Celui que votre propre logiciel donne à cette commande."),
        required=False,
        max_length=40,
    )
    commitment_number = forms.CharField(
        label=_("Numéro d’engagement"), required=False, max_length=40
    )
    service_code = forms.CharField(label=_("Code service"), required=False, max_length=40)

    own = ("number", "external_number", "commitment_number", "service_code")

    def __init__(self, *args: Any, lines: list[VariationLine], order: Order, **kwargs: Any) -> None:
        initial = {"number": order.unit.number, "external_number": order.external_number}
        super().__init__(*args, lines=lines, initial=initial, **kwargs)

    def own_fields(self) -> list[forms.BoundField]:
        """Return the fields of the order itself."""
        return [self[name] for name in self.own]

    def completion(self) -> Completion:
        """Return what the service takes."""
        return Completion(**{name: self.cleaned_data[name] for name in self.own})
