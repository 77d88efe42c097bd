"""What an order's form asks by its nature, of VAT and of what it may cost at most."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nexxio.core.members.forms import EurosField
from nexxio.core.models import Organisation, Partnership
from orders.models import Trade
from orders.natures import VAT_MENTION, OffContractReason, VatReason
from orders.services import ClausesInput
from orders.widgets import DateInput


class ClauseFields(forms.Form):
    """The fields; each nature keeps its own (orders/natures.py)."""

    insurer = forms.CharField(label=_("Assureur"), required=False, max_length=80)
    claim_number = forms.CharField(label=_("Numéro de sinistre"), required=False, max_length=40)
    awaits_expert = forms.BooleanField(label=_("Ne pas réparer avant expertise"), required=False)
    company = forms.ModelChoiceField(
        label=_("Entreprise, sans marché"),
        required=False,
        empty_label=_("Choisir…"),
        queryset=Trade.objects.none(),
    )
    off_reason = forms.ChoiceField(
        label=_("Pourquoi hors marché"),
        required=False,
        choices=[("", _("Choisissez un motif")), *OffContractReason.choices],
        help_text=_("Joignez le devis de l’entreprise, et laissez le champ « Marché » vide."),
    )
    purchase_family = forms.CharField(
        label=_("Famille d’achat"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "purchase-families"}),
        help_text=_("De votre nomenclature : « Menuiserie », « Ascenseurs »…"),
    )
    relet_on = forms.DateField(
        label=_("Remise en location visée le"), required=False, widget=DateInput()
    )
    former_share = forms.IntegerField(
        label=_("Part à la charge de l’ancien locataire"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("En % de la commande. L’entreprise ne la lit pas."),
    )
    period_from = forms.DateField(label=_("Période, du"), required=False, widget=DateInput())
    period_to = forms.DateField(label=_("au"), required=False, widget=DateInput())
    vat_reason = forms.ChoiceField(
        label=_("Taux de TVA et son motif"),
        required=False,
        choices=[("", _("Choisir…")), *VatReason.choices],
    )
    vat_certified = forms.BooleanField(
        label=_("Mention du taux réduit"), required=False, help_text=VAT_MENTION
    )
    quote_cap = EurosField(
        label=_("Devis plafonné, en € HT"),
        required=False,
        min_value=Decimal("0.01"),
        max_digits=10,
        decimal_places=2,
        localize=True,
        help_text=_("Jusqu’à ce montant, les travaux sont acceptés sans nouvel accord."),
    )

    def offer_companies(self) -> None:
        """Let people choose among the companies that the landlord works with."""
        field = self.fields["company"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Organisation.objects.filter(
            is_active=True, pk__in=Partnership.objects.values("contractor_id")
        ).order_by("name")

    def clauses_input(self) -> ClausesInput:
        """Return what the service takes."""
        data = self.cleaned_data
        company: Organisation | None = data["company"]
        plain: dict[str, Any] = {
            name: data[name]
            for name in (
                "insurer",
                "claim_number",
                "awaits_expert",
                "off_reason",
                "purchase_family",
                "relet_on",
                "former_share",
                "period_from",
                "period_to",
                "vat_reason",
                "vat_certified",
            )
        }
        return ClausesInput(company_id=company.pk if company else None, **plain)
