"""What managers type about contracts and price schedules."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.forms import PhoneField
from orders.models import Contract, ContractPlace
from orders.services import ContractInput, ItemInput
from orders.terms import MOST_REGULARISATION_DAYS, Attribution, InvoicePiece
from orders.widgets import DateInput, TimeInput

PERIMETER = ("agencies", "sectors", "groups")
MODES = (
    ("copy", _("Les articles en vigueur, aux mêmes prix")),
    ("revise", _("Les articles en vigueur, prix révisés par un coefficient")),
    ("empty", _("Vide : je la remplis par un fichier")),
)
PLACES = (
    ("2", _("au centime (0,01 €), la moitié vers le haut")),
    ("4", _("au dix-millième (0,0001 €), la moitié vers le haut")),
)


class DayForm(forms.Form):
    """The day from which a version holds."""

    effective_on = forms.DateField(
        label=_("Date d’effet"),
        widget=DateInput(),
        help_text=_("Les commandes transmises à partir de ce jour en prennent les prix."),
    )


class PrepareForm(DayForm):
    """A new version: from when, and from what."""

    mode = forms.ChoiceField(label=_("Partir de"), choices=MODES, widget=forms.RadioSelect)
    coefficient = forms.DecimalField(
        label=_("Coefficient de révision"),
        required=False,
        max_digits=8,
        decimal_places=6,
        localize=True,
        help_text=_(
            "Indice du mois de révision divisé par l’indice d’origine : 1,0245 augmente de 2,45 %."
        ),
    )
    places = forms.ChoiceField(label=_("Arrondir chaque prix"), choices=PLACES, required=False)
    note = forms.CharField(
        label=_("Origine"),
        required=False,
        max_length=200,
        help_text=_("Ce qui la justifie : avenant n° 2, indice BT38 de mars 2026…"),
    )

    def clean(self) -> dict[str, Any]:
        """A revision needs its coefficient."""
        data = super().clean() or {}
        revised = data.get("mode") == "revise"
        if revised and not data.get("coefficient") and "coefficient" not in self.errors:
            self.add_error("coefficient", _("Indiquez le coefficient, 1,0245 par exemple."))
        return data

    def asked(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        revised = data["mode"] == "revise"
        return {
            "effective_on": data["effective_on"],
            "copy": data["mode"] != "empty",
            "coefficient": data["coefficient"] if revised else Decimal(1),
            "places": int(data["places"] or 2),
            "note": data["note"],
        }


class ItemForm(forms.Form):
    """An article of a version that is being prepared; a code that is there is rewritten."""

    code = forms.CharField(label=_("Code"), max_length=20)
    label = forms.CharField(label=_("Désignation"), max_length=200)
    unit = forms.CharField(label=_("Unité"), max_length=12)
    unit_price = forms.DecimalField(
        label=_("Prix unitaire HT"), max_digits=11, decimal_places=4, min_value=0, localize=True
    )
    vat_rate = forms.DecimalField(
        label=_("TVA %"),
        max_digits=4,
        decimal_places=2,
        min_value=0,
        initial=Decimal("10.00"),
        localize=True,
    )

    def item(self) -> ItemInput:
        """Return what the service takes."""
        return ItemInput(**self.cleaned_data)


def _sum(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=12, decimal_places=2, min_value=0, localize=True, **more
    )


class ContractForm(forms.Form):
    """A contract's terms."""

    number = forms.CharField(label=_("Numéro de marché"), max_length=40)
    title = forms.CharField(label=_("Objet"), max_length=160)
    contractor = forms.TypedChoiceField(label=_("Entreprise"), coerce=UUID)
    trades = forms.MultipleChoiceField(label=_("Corps d’état"), widget=forms.CheckboxSelectMultiple)
    starts_on = forms.DateField(label=_("Du"), widget=DateInput())
    ends_on = forms.DateField(label=_("Au"), widget=DateInput())
    ceiling = _sum(_("Plafond HT"), required=False, help_text=_("Vide : sans plafond."))
    target_days = forms.IntegerField(
        label=_("Délai normal (jours ouvrés)"), min_value=1, max_value=365, initial=15
    )
    urgent_hours = forms.IntegerField(
        label=_("Délai d’urgence (heures)"), min_value=1, max_value=720, initial=24
    )
    urgent_ack_hours = forms.IntegerField(
        label=_("Urgence : prise en charge (heures)"),
        min_value=1,
        max_value=720,
        required=False,
        help_text=_("Vide : le délai par défaut, 2 heures."),
    )
    tolerance_percent = forms.DecimalField(
        label=_("Tolérance (%)"),
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        initial=0,
        localize=True,
        help_text=_("Un devis complémentaire en deçà est accepté d’office."),
    )
    tolerance_amount = _sum(_("Et au plus (€ HT)"), initial=0)
    certificate_days = forms.IntegerField(
        label=_("Constat de service fait : délai (jours)"),
        min_value=1,
        max_value=30,
        initial=30,
        help_text=_("30 jours au plus, à partir de la soumission par l’entreprise."),
    )
    tacit_clause = forms.CharField(
        label=_("Clause de constat tacite"),
        required=False,
        max_length=300,
        help_text=_(
            "Recopiez la clause du marché ou de son CCAG : elle est citée sur chaque constat réputé"
            " acquis. Vide : le silence du bailleur ne vaut jamais constat."
        ),
    )
    regularisation_days = forms.IntegerField(
        label=_("Régularisation : délai (jours ouvrés)"),
        min_value=1,
        max_value=MOST_REGULARISATION_DAYS,
        required=False,
        help_text=_(
            "Pour régler des travaux faits en urgence au-delà de la commande. Vide : le délai par"
            " défaut, que le marché affiche."
        ),
    )
    variation_days = forms.IntegerField(
        label=_("Réponse à un devis : délai (jours ouvrés)"),
        min_value=1,
        max_value=30,
        initial=3,
    )
    variation_hours = forms.IntegerField(
        label=_("Sur une commande urgente (heures)"),
        min_value=1,
        max_value=72,
        initial=4,
    )
    contractor_cancels = forms.BooleanField(
        label=_("L’entreprise peut annuler une commande avant les travaux"),
        required=False,
        help_text=_("Si le marché le prévoit : avec un motif codé."),
    )
    attribution = forms.ChoiceField(label=_("Attribution"), choices=Attribution.choices)
    attribution_rank = forms.IntegerField(
        label=_("Rang"),
        min_value=1,
        max_value=99,
        initial=1,
        help_text=_("Dans la cascade ou le tour de rôle."),
    )
    attribution_share = forms.IntegerField(
        label=_("Part des commandes (%)"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("À tour de rôle. Vide : à parts égales."),
    )
    agencies = forms.TypedMultipleChoiceField(
        label=_("Agences"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple
    )
    sectors = forms.TypedMultipleChoiceField(
        label=_("Secteurs"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple
    )
    groups = forms.TypedMultipleChoiceField(
        label=_("Résidences"), coerce=UUID, required=False, widget=forms.CheckboxSelectMultiple
    )
    on_call = forms.BooleanField(label=_("L’entreprise assure l’astreinte"), required=False)
    on_call_cap = _sum(_("Plafond d’une astreinte (€ HT)"), required=False)
    on_call_from = forms.TimeField(
        label=_("De"),
        required=False,
        widget=TimeInput(),
        help_text=_("18:00 – 08:00 passe minuit. Vide : jour et nuit."),
    )
    on_call_to = forms.TimeField(label=_("À"), required=False, widget=TimeInput())
    on_call_days_off = forms.BooleanField(
        label=_("Et jour et nuit les week-ends et jours fériés"), required=False
    )
    on_call_hours = forms.IntegerField(
        label=_("Arrivée sur place (heures)"),
        min_value=1,
        max_value=72,
        required=False,
        help_text=_("Vide : le délai d’urgence."),
    )
    on_call_phone = PhoneField(label=_("Numéro à appeler"), required=False, max_length=30)
    needs_commitment = forms.BooleanField(
        label=_("Numéro d’engagement et code service exigés"), required=False
    )
    pieces = forms.MultipleChoiceField(
        label=_("Pièces que la facture demandera"),
        choices=InvoicePiece.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    pieces_to_finish = forms.BooleanField(
        label=_("Exiger photos, compte rendu et fichiers avant de terminer les travaux"),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        trades: list[tuple[str, str]],
        partners: list[tuple[str, str]] | None,
        parts: dict[str, list[tuple[str, str]]],
        **kwargs: Any,
    ) -> None:
        """partners: None for a contract that exists, whose company stays.

        parts: what its perimeter may be made of, by the names of their fields.
        """
        super().__init__(*args, **kwargs)
        for name, choices in {"trades": trades, **parts}.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if partners is None:
            del self.fields["contractor"]
            return
        field = self.fields["contractor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choisir…")), *partners]

    def clean(self) -> dict[str, Any]:
        """The end comes after the start."""
        data = super().clean() or {}
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("Le marché finit avant de commencer."))
        parts = [name for name in PERIMETER if data.get(name)]
        by_perimeter = data.get("attribution") == Attribution.PERIMETER
        if by_perimeter and not parts and not set(PERIMETER) & set(self.errors):
            self.add_error("attribution", _("Choisissez plus bas le périmètre de ce marché."))
        return data

    def contract_input(self) -> ContractInput:
        """Return what the service takes."""
        data = {**self.cleaned_data}
        data.pop("contractor", None)
        data.pop("version", None)
        data["on_call_phone"] = data["on_call_phone"] or ""
        for name in ("trades", "pieces", *PERIMETER):
            data[name] = tuple(data[name])
        return ContractInput(**data)


def initial_contract(contract: Contract, places: Iterable[ContractPlace]) -> dict[str, Any]:
    """Return what the form shows of a stored contract and its perimeter."""
    places = list(places)
    own = [name for name in ContractForm.base_fields if name not in ("contractor", *PERIMETER)]
    return {
        **{name: getattr(contract, name) for name in own},
        "agencies": [str(one.agency_id) for one in places if one.agency_id],
        "sectors": [str(one.sector_id) for one in places if one.sector_id],
        "groups": [str(one.group_id) for one in places if one.group_id],
    }
