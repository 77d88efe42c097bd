"""What people type about subcontractors and what is paid to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contractors import money_book
from contractors.forms import SumPaidForm
from contractors.models import Subcontract, SubcontractShare
from contractors.money_states import MoneyCode
from contractors.services import SubcontractInput
from nexxio.core import clock
from nexxio.core.attachments import MAX_PDF_BYTES
from nexxio.core.templatetags.ui import money_text


class SubcontractForm(forms.Form):
    """A declaration, in the order of form DC4."""

    name = forms.CharField(label=_("Raison sociale du sous-traitant"), max_length=120)
    siret = forms.CharField(
        label=_("Son SIRET"),
        max_length=40,
        help_text=_("14 chiffres ; la clé est vérifiée."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    object = forms.CharField(
        label=_("Prestations qu’il fait"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    amount = forms.DecimalField(
        label=_("Montant maximum HT, en euros"), max_digits=12, decimal_places=2, localize=True
    )
    vat_rate = forms.DecimalField(
        label=_("Taux de TVA de ses factures, en %"),
        max_digits=4,
        decimal_places=2,
        min_value=0,
        localize=True,
    )
    is_reverse_charge = forms.BooleanField(
        label=_("Autoliquidation : mon entreprise doit la TVA (travaux immobiliers)"),
        required=False,
        help_text=_("Il facture alors hors taxe, et le taux ci-dessus ne compte pas."),
    )
    is_direct = forms.BooleanField(
        label=_("Paiement direct : le bailleur lui verse sa part"),
        required=False,
    )
    file = forms.FileField(
        label=_("Acte de sous-traitance signé (DC4)"),
        required=False,
        help_text=_("PDF, 15 Mo au plus."),
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say from which sum on direct payment is due today."""
        super().__init__(*args, **kwargs)
        least = money_book.figures_on(clock.today()).get(MoneyCode.DIRECT_PAYMENT)
        if least is not None:
            self.fields["is_direct"].help_text = _(
                "De droit à partir de %s TTC en marché public ; il ne peut pas y renoncer."
            ) % money_text(least)

    def clean_file(self) -> Any:
        """Refuse a huge file before it is read."""
        upload = self.cleaned_data["file"]
        if upload is not None and upload.size > MAX_PDF_BYTES:
            raise forms.ValidationError(_("Le fichier dépasse 15 Mo."))
        return upload

    def typed(self) -> SubcontractInput:
        """Return what the service takes."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return SubcontractInput(**found)


class SubcontractReasonForm(forms.Form):
    """Why a subcontractor is refused, or comes no more."""

    note = forms.CharField(
        label=_("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’autre partie la lit."),
    )


class NameSubcontractorForm(forms.Form):
    """Who comes to an order: somebody declared, or a name."""

    subcontract = forms.TypedChoiceField(
        label=_("Sous-traitant déclaré sur ce marché"), required=False, empty_value=None
    )
    name = forms.CharField(
        label=_("Ou son nom, s’il n’est pas encore déclaré"),
        max_length=120,
        required=False,
        help_text=_("Sans déclaration acceptée, la facture de la commande serait bloquée (B16)."),
    )

    def __init__(self, *args: Any, declared: Iterable[Subcontract], **kwargs: Any) -> None:
        """Offer who is declared."""
        super().__init__(*args, **kwargs)
        choices = [("", str(_("Aucun de ceux-ci")))]
        choices += [(str(one.pk), f"{one.name} ({one.get_state_display()})") for one in declared]
        self.fields["subcontract"].choices = choices  # type: ignore[attr-defined]


class SharesForm(forms.Form):
    """What of an invoice each subcontractor is paid directly: one field for each."""

    def __init__(
        self,
        *args: Any,
        payable: Iterable[Subcontract],
        shares: Iterable[SubcontractShare],
        **kwargs: Any,
    ) -> None:
        """Make the fields."""
        super().__init__(*args, **kwargs)
        known = {share.subcontract_id: share for share in shares}
        self.payable = list(payable)
        for one in self.payable:
            share = known.get(one.pk)
            self.fields[f"part_{one.pk}"] = forms.DecimalField(
                label=one.name,
                max_digits=12,
                decimal_places=2,
                min_value=0,
                localize=True,
                initial=share.amount if share else None,
                required=False,
                disabled=bool(share and share.paid_on),
                help_text=_("En euros, hors taxe : votre entreprise doit la TVA.")
                if one.is_reverse_charge
                else _("En euros, TVA comprise."),
            )


class ConfirmPaidForm(SumPaidForm):
    """When how much came; where subcontractors are paid directly, whether they have theirs."""

    shares_paid = forms.BooleanField(required=False)

    def __init__(self, *args: Any, shares: Iterable[SubcontractShare], **kwargs: Any) -> None:
        """Ask only where a part is open."""
        super().__init__(*args, **kwargs)
        waiting = [share for share in shares if share.paid_on is None]
        if not waiting:
            del self.fields["shares_paid"]
            return
        names = ", ".join(f"{one.subcontract.name} ({money_text(one.amount)})" for one in waiting)
        self.fields["shares_paid"].label = _("Aussi payé directement par le bailleur : %s") % names
