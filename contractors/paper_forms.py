"""What people type about compliance papers and bank details."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contractors import paper_book
from contractors.models import PaperDemand
from nexxio.core import clock
from nexxio.core.attachments import MAX_PDF_BYTES
from orders.widgets import DateInput


class PaperForm(forms.Form):
    """A paper as a file, with its days."""

    code = forms.ChoiceField(label=_("Pièce"))
    file = forms.FileField(
        label=_("Document"),
        help_text=_("PDF ou photo (JPEG, PNG, WebP), 15 Mo au plus."),
        widget=forms.FileInput(attrs={"accept": ".pdf,image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Le fichier est vide."),
        },
    )
    issued_on = forms.DateField(
        label=_("Date du document"),
        widget=DateInput(),
        help_text=_("Celle de la délivrance, ou du début de la garantie."),
    )
    expires_on = forms.DateField(label=_("Valable jusqu’au"), required=False, widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the papers of today, and say how long each usually holds."""
        super().__init__(*args, **kwargs)
        rules = paper_book.rules_on(clock.today()).values()
        choices = [("", str(_("Choisissez"))), *((rule.code, rule.label) for rule in rules)]
        self.fields["code"].choices = choices  # type: ignore[attr-defined]
        usual = " ; ".join(f"{rule.label} : {rule.months} mois" for rule in rules if rule.months)
        self.fields["expires_on"].help_text = _(
            "Lisez-la sur le document. Vide : la durée usuelle à partir de sa date (%s)."
        ) % (usual or _("aucune n’est réglée"))

    def clean_file(self) -> Any:
        """Refuse a huge file before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_PDF_BYTES:
            raise forms.ValidationError(_("Le fichier dépasse 15 Mo."))
        return upload


class RefusePaperForm(forms.Form):
    """Why a paper isn't taken."""

    note = forms.CharField(
        label=_("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’entreprise la lit : dites ce qui ne va pas, et ce que vous attendez."),
    )


class PaperDemandForm(forms.Form):
    """What a landlord asks of its companies."""

    is_on = forms.BooleanField(
        label=_("Demander des attestations aux entreprises, et bloquer leurs factures sinon"),
        required=False,
    )
    codes = forms.MultipleChoiceField(
        label=_("Pièces demandées"), widget=forms.CheckboxSelectMultiple(), required=False
    )
    counts_from = forms.DateField(
        label=_("Compte à partir du"),
        widget=DateInput(),
        help_text=_(
            "Avant ce jour rien n’est bloqué : les entreprises sont prévenues dès maintenant."
        ),
    )
    notice_days = forms.IntegerField(
        label=_("Délai laissé à une entreprise nouvelle, en jours"), min_value=0, max_value=365
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the papers of today."""
        super().__init__(*args, **kwargs)
        rules = paper_book.rules_on(clock.today()).values()
        choices = [(rule.code, rule.label) for rule in rules]
        self.fields["codes"].choices = choices  # type: ignore[attr-defined]

    @staticmethod
    def values_of(demand: PaperDemand | None) -> dict[str, Any]:
        """Return what the fields show: what is asked, or what usually is."""
        if demand is None:
            rules = paper_book.rules_on(clock.today()).values()
            usual = [rule.code for rule in rules if rule.is_usual]
            return {"codes": usual, "notice_days": 15}
        names = ("is_on", "codes", "counts_from", "notice_days")
        return {name: getattr(demand, name) for name in names}


class AccountForm(forms.Form):
    """Where a company wants to be paid."""

    owner = forms.CharField(label=_("Titulaire du compte"), max_length=70)
    iban = forms.CharField(
        label="IBAN",
        max_length=50,
        help_text=_("Tel qu’il est écrit sur le RIB ; sa clé est vérifiée."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    bic = forms.CharField(
        label="BIC",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("Téléphone pour toute question"),
        max_length=30,
        required=False,
        help_text=_(
            "Les bailleurs ne vérifient pas à ce numéro : ils appellent celui qu’ils connaissent."
        ),
        widget=forms.TextInput(attrs={"type": "tel"}),
    )


class CallBackForm(forms.Form):
    """A call to a company, at a number that was known before."""

    called_name = forms.CharField(
        label=_("Personne jointe"),
        max_length=120,
        help_text=_("Son nom et sa fonction, tels qu’elle les a donnés."),
    )
    called_phone = forms.CharField(
        label=_("Numéro appelé"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel"}),
        help_text=_("Jamais celui qui accompagne la demande."),
    )
    number_from = forms.CharField(
        label=_("D’où vous tenez ce numéro"),
        max_length=200,
        required=False,
        help_text=_("Marché signé, ancienne facture… Inutile si c’est celui de la fiche."),
    )
    called_on = forms.DateField(label=_("Jour de l’appel"), widget=DateInput())


class BankReasonForm(forms.Form):
    """Why bank details are refused or taken back."""

    note = forms.CharField(
        label=_("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’autre partie la lit, et elle reste dans l’historique."),
    )
