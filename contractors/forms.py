"""What people type about invoices and blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contractors import causes_book
from contractors.einvoices.refusals import MAX_FILE
from contractors.models import BillingDetails
from contractors.selectors.accounts import Period
from nexxio.core import clock
from nexxio.core.actors import Side
from nexxio.core.members.wording import department_choices
from nexxio.core.models import Organisation
from orders.widgets import DateInput

_YEAR = 366


def _choices() -> list[tuple[str, str]]:
    rules = causes_book.load().all_on(clock.today())
    return [("", str(_("Choisissez")))] + [
        (rule.code.value, f"{rule.code} · {rule.label}") for rule in rules
    ]


class ReasonForm(forms.Form):
    """A coded cause, and a word that the other side can act on."""

    cause = forms.ChoiceField(label=_("Cause"))
    note = forms.CharField(
        label=_("Explication"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’autre partie la lit : dites ce qui manque, et le geste attendu."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the causes of today."""
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = _choices()  # type: ignore[attr-defined]


class PartForm(ReasonForm):
    """What is admitted, and why not the rest."""

    admitted = forms.DecimalField(
        label=_("Montant admis TTC, en euros"), max_digits=12, decimal_places=2, localize=True
    )
    field_order = ("admitted", "cause", "note")


class SuspendForm(ReasonForm):
    """Which pieces are missing."""

    pieces = forms.CharField(
        label=_("Pièces demandées"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Une par ligne."),
    )

    def clean_pieces(self) -> list[str]:
        """Return them as a list."""
        return str(self.cleaned_data["pieces"]).splitlines()


class BlockForm(ReasonForm):
    """What holds an invoice, and how much of it."""

    amount = forms.DecimalField(
        label=_("Montant bloqué TTC, en euros"),
        max_digits=12,
        decimal_places=2,
        required=False,
        localize=True,
        help_text=_("Vide : tout ce qui n’est pas admis."),
    )
    field_order = ("cause", "amount", "note")


class CloseForm(forms.Form):
    """Why a block is lifted by hand."""

    note = forms.CharField(
        label=_("Pourquoi il est levé"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’autre partie la lit, et elle reste dans l’historique."),
    )


class PassForm(forms.Form):
    """To whom what is to be judged goes, and why. side: the reader's."""

    to = forms.ChoiceField(label=_("Le passer à"))
    note = forms.CharField(
        label=_("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’autre partie la lit, et elle reste dans l’historique."),
    )

    def __init__(self, *args: Any, side: str, holder: str, **kwargs: Any) -> None:
        """Offer the other side, and a landlord its other services."""
        super().__init__(*args, **kwargs)
        services = [one for one in department_choices(Side.LANDLORD) if one[0] != holder]
        choices: list[tuple[str, Any]] = [("landlord", _("Le bailleur"))]
        if side == Side.LANDLORD:
            choices = [("contractor", _("L’entreprise")), *services]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class RerouteForm(forms.Form):
    """Which service has it from now on, and why."""

    department = forms.ChoiceField(label=_("Service"), choices=department_choices(Side.LANDLORD))
    note = forms.CharField(
        label=_("Raison"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CompleteForm(forms.Form):
    """What was sent, and the piece itself where it is to be attached here."""

    answer = forms.CharField(
        label=_("Ce que vous avez fourni"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    upload = forms.FileField(
        label=_("La pièce"),
        required=False,
        help_text=_("Photo ou PDF, 15 Mo au plus. Le bailleur la lit sur la facture."),
        widget=forms.FileInput(attrs={"accept": "image/*,.pdf,application/pdf"}),
        error_messages={"empty": _("Le fichier est vide.")},
    )


class ChorusForm(forms.Form):
    """What Chorus Pro gave."""

    chorus_number = forms.CharField(label=_("Numéro Chorus Pro"), max_length=40)
    filed_on = forms.DateField(
        label=_("Date de dépôt"),
        widget=DateInput(),
        help_text=_("Celle que Chorus Pro affiche : le délai de paiement part de ce jour."),
    )


class PaidForm(forms.Form):
    """On which day."""

    paid_on = forms.DateField(label=_("Date du paiement"), widget=DateInput())


class SumPaidForm(PaidForm):
    """On which day, and how much."""

    amount = forms.DecimalField(
        label=_("Montant, en euros"),
        max_digits=12,
        decimal_places=2,
        localize=True,
        required=False,
        help_text=_("Vide : tout ce qui reste. Un montant plus petit est un paiement partiel."),
    )


class InterestPaidForm(PaidForm):
    """What late payment cost, and on which day it was paid."""

    interest = forms.DecimalField(
        label=_("Intérêts de retard, en euros"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        localize=True,
        required=False,
    )
    indemnity = forms.DecimalField(
        label=_("Indemnité forfaitaire, en euros"),
        max_digits=12,
        decimal_places=2,
        min_value=0,
        localize=True,
        required=False,
    )


class BuyerBillingForm(forms.Form):
    """Who a landlord is on the invoices that it receives."""

    name = forms.CharField(
        label=_("Raison sociale"),
        max_length=120,
        required=False,
        help_text=_("Vide : le nom de votre espace."),
    )
    siret = forms.CharField(label=_("SIRET"), max_length=24, required=False)
    vat_number = forms.CharField(
        label=_("Numéro de TVA intracommunautaire"),
        max_length=20,
        required=False,
        help_text=_("FR, deux caractères, puis le SIREN."),
    )
    electronic_address = forms.CharField(
        label=_("Adresse électronique de facturation"),
        max_length=60,
        required=False,
        help_text=_("Celle de l’annuaire de la facturation électronique. Vide : votre SIREN."),
    )
    line = forms.CharField(label=_("Adresse"), max_length=120, required=False)
    more = forms.CharField(label=_("Complément d’adresse"), max_length=120, required=False)
    postcode = forms.CharField(label=_("Code postal"), max_length=10, required=False)
    city = forms.CharField(label=_("Ville"), max_length=80, required=False)

    @classmethod
    def values_of(cls, details: BillingDetails) -> dict[str, Any]:
        """Return what the fields show of the details that are kept."""
        return {name: getattr(details, name) for name in cls.base_fields}


class SellerBillingForm(BuyerBillingForm):
    """Who a contractor is on the invoices that it issues."""

    is_vat_exempt = forms.BooleanField(
        label=_("En franchise de TVA (article 293 B du CGI)"), required=False
    )
    legal_form = forms.CharField(
        label=_("Forme juridique"),
        max_length=60,
        required=False,
        help_text=_("SARL, SAS, entreprise individuelle…"),
    )
    capital = forms.DecimalField(
        label=_("Capital social, en euros"),
        max_digits=14,
        decimal_places=2,
        required=False,
        localize=True,
    )
    register = forms.CharField(
        label=_("Immatriculation"),
        max_length=80,
        required=False,
        help_text=_("Ville et numéro au RCS ou au répertoire des métiers."),
    )
    field_order = (
        "name",
        "siret",
        "vat_number",
        "is_vat_exempt",
        "electronic_address",
        "line",
        "more",
        "postcode",
        "city",
        "legal_form",
        "capital",
        "register",
    )


class PeriodForm(forms.Form):
    """A period of at most a year; from the first of the month to today where nothing is said."""

    du = forms.DateField(label=_("Du"), widget=DateInput)
    au = forms.DateField(label=_("Au"), widget=DateInput)

    @classmethod
    def read(cls, query: Any) -> PeriodForm:
        """Return the form of an address, bound to what it says and to the usual days."""
        today = clock.today()
        usual = {"du": f"{today.replace(day=1):%Y-%m-%d}", "au": f"{today:%Y-%m-%d}"}
        return cls({name: query.get(name, "") or day for name, day in usual.items()})

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts, or that is too long."""
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("du"), found.get("au")
        if first and last and last < first:
            self.add_error("au", _("La fin précède le début."))
        elif first and last and (last - first).days > _YEAR:
            self.add_error("au", _("Choisissez une période d’un an au plus."))
        return found

    @property
    def period(self) -> Period:
        """The days, once they are valid."""
        return Period(self.cleaned_data["du"], self.cleaned_data["au"])


class SendInvoiceForm(forms.Form):
    """An invoice as a file. partners: who may be the other side; none where an order says it."""

    partner = forms.ChoiceField(label=_("Bailleur"))
    file = forms.FileField(
        label=_("Fichier de la facture"),
        help_text=_("Factur-X, XML (CII ou UBL), PDF simple ou statut (CDAR), 20 Mo au plus."),
        widget=forms.FileInput(
            attrs={
                "accept": ".pdf,.xml,application/pdf,application/xml",
                "data-max-bytes": MAX_FILE,
            }
        ),
        error_messages={
            "required": _("Choisissez un fichier."),
            "empty": _("Le fichier est vide."),
        },
    )
    arrived_on = forms.DateField(
        label=_("Reçue le"),
        required=False,
        widget=DateInput(),
        help_text=_("Le jour où elle est arrivée chez vous ; vide : aujourd’hui."),
    )

    def __init__(
        self, *args: Any, partners: Sequence[Organisation], side: Side, **kwargs: Any
    ) -> None:
        """Ask only for what isn't known."""
        super().__init__(*args, **kwargs)
        field = self.fields["partner"]
        if side is Side.LANDLORD:
            field.label = _("Entreprise")
        else:
            del self.fields["arrived_on"]
        names = [(str(found.pk), found.name) for found in partners]
        choices = names if len(names) == 1 else [("", str(_("Choisissez"))), *names]
        field.choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse a huge file before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_FILE:
            raise forms.ValidationError(
                gettext("Le fichier pèse %(size)s ; la limite est de 20 Mo."),
                params={"size": filesizeformat(upload.size)},
            )
        return upload


class TypedInvoiceForm(forms.Form):
    """What a plain PDF says, read by a person."""

    number = forms.CharField(label=_("Numéro de la facture"), max_length=40)
    issued_on = forms.DateField(label=_("Date de la facture"), widget=DateInput())
    total_without_vat = forms.DecimalField(
        label=_("Total HT, en euros"), max_digits=10, decimal_places=2, localize=True
    )
    total_vat = forms.DecimalField(
        label=_("TVA, en euros"), max_digits=10, decimal_places=2, localize=True
    )
    total_with_vat = forms.DecimalField(
        label=_("Total TTC, en euros"), max_digits=10, decimal_places=2, localize=True
    )
    order_number = forms.CharField(
        label=_("Numéro de commande"),
        max_length=40,
        required=False,
        help_text=_("Celui du bon de commande ; vide : à rattacher ensuite."),
    )


class PutAwayForm(forms.Form):
    """Why nothing is done with a file, or what is to be corrected."""

    note = forms.CharField(
        label=_("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’autre partie la lit, et elle reste dans l’historique."),
    )
