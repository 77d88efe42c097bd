"""What people type about orders and visits, with errors that say what to do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import phonenumbers
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.actors import Side
from nexxio.core.members.wording import department_choices
from nexxio.core.models import Unit
from orders.clause_forms import ClauseFields
from orders.models import Contract, Order, Trade
from orders.services import LineInput, OrderInput, typed_values
from orders.states import (
    ISSUED_NATURES,
    AccessCode,
    AccessDuty,
    Asbestos,
    CancelReason,
    DeclineReason,
    Hazard,
    Priority,
    ReturnReason,
    SupersedeReason,
)
from orders.terms import AttributionReason
from orders.widgets import DateInput


class PhoneField(forms.CharField):
    """A French phone number, kept as +33…; empty is allowed where the field isn't required."""

    def clean(self, value: Any) -> str:
        """Return E.164."""
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, "FR")
        except phonenumbers.NumberParseException as error:
            raise forms.ValidationError(_("Écrivez un numéro comme 06 12 34 56 78.")) from error
        if not phonenumbers.is_possible_number(number):
            raise forms.ValidationError(_("Ce numéro n’existe pas : 06 12 34 56 78 par exemple."))
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class ContractField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of contracts, with who holds them."""

    def label_from_instance(self, obj: Any) -> str:
        """Return number, title and company."""
        return f"{obj.number} · {obj.title} · {obj.contractor.name}"


class OrderForm(ClauseFields):
    """An order as typed. Only place and title are required: a draft may lack the rest."""

    unit = forms.UUIDField(
        label=_("Logement ou partie commune"),
        widget=forms.HiddenInput,
        error_messages={"required": _("Choisissez le logement ou la partie commune.")},
    )
    nature = forms.ChoiceField(label=_("Nature"), choices=ISSUED_NATURES)
    priority = forms.ChoiceField(label=_("Priorité"), choices=Priority.choices)
    title = forms.CharField(
        label=_("Objet"),
        max_length=160,
        help_text=_("Ce que le locataire lira : « Fuite sous l’évier »."),
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    trade = forms.ModelChoiceField(
        label=_("Corps d’état"),
        empty_label=_("Choisir…"),
        queryset=Trade.objects.none(),
        required=False,
    )
    contract = ContractField(
        label=_("Marché"), empty_label=_("Choisir…"), queryset=Trade.objects.none(), required=False
    )
    target_date = forms.DateField(
        label=_("À faire avant le"),
        required=False,
        widget=DateInput(),
        help_text=_("Vide : le délai du marché."),
    )
    target_note = forms.CharField(
        label=_("Pourquoi cette date"),
        required=False,
        max_length=200,
        help_text=_("Seulement si elle dépasse le délai du marché, ou le devance."),
    )
    entrance = forms.CharField(label=_("Entrée ou escalier"), required=False, max_length=40)
    floor = forms.CharField(label=_("Étage"), required=False, max_length=20)
    door = forms.CharField(label=_("Porte"), required=False, max_length=40)
    contact_name = forms.CharField(label=_("Demander"), required=False, max_length=120)
    phone = PhoneField(label=_("Téléphone"), required=False, max_length=30)
    second_phone = PhoneField(label=_("Second téléphone"), required=False, max_length=30)
    email = forms.EmailField(label=_("Adresse e-mail"), required=False)
    access = forms.MultipleChoiceField(
        label=_("Accès"),
        required=False,
        choices=AccessCode.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    access_code = forms.CharField(label=_("Code du digicode"), required=False, max_length=120)
    asbestos = forms.ChoiceField(
        label=_("Amiante"), required=False, choices=[("", "—"), *Asbestos.choices]
    )
    asbestos_measures = forms.CharField(
        label=_("Mesures de protection"), required=False, max_length=300
    )
    access_duty = forms.ChoiceField(
        label=_("Visite obligatoire ou danger"),
        required=False,
        choices=[("", _("Non")), *AccessDuty.choices],
        help_text=_("La commande n’est alors jamais close pour logement inaccessible."),
    )
    hazard = forms.ChoiceField(
        label=_("Danger pour la santé ou les personnes"),
        required=False,
        choices=[("", _("Non")), *Hazard.choices],
        help_text=_("Un danger a son propre délai, pour la prise en charge et l’arrivée."),
    )
    rule_reason = forms.ChoiceField(
        label=_("Pourquoi pas le marché dont c’est le tour"),
        required=False,
        choices=[("", _("Choisissez un motif")), *AttributionReason.choices],
        help_text=_("Noté dans l’historique, et compté sur la page des deux marchés."),
    )
    rule_note = forms.CharField(
        label=_("Précision (vous seuls la lisez)"), required=False, max_length=300
    )
    commitment_number = forms.CharField(
        label=_("Numéro d’engagement"), required=False, max_length=40
    )
    service_code = forms.CharField(label=_("Code service"), required=False, max_length=40)
    external_number = forms.CharField(
        label=_("Numéro ERP"),
        required=False,
        max_length=40,
        help_text=_("Celui que votre propre logiciel donne à cette commande."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # The order that this one goes on after, on its case.
    follows = forms.UUIDField(widget=forms.HiddenInput, required=False)
    # Key of the order that this form makes: sent twice, it still makes one.
    own_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, order: Order | None = None, **kwargs: Any) -> None:
        """order: the one that is edited, whose contract stays although it is over."""
        super().__init__(*args, **kwargs)
        today = clock.today()
        in_force = Q(starts_on__lte=today, ends_on__gte=today)
        held = order.contract_id if order else None
        if order is not None and order.contractor_id is not None:  # it has left: it keeps it
            self.fields["contract"].disabled = True
            self.fields["contract"].initial = held
        self.offer_companies()
        self.choice("trade").queryset = Trade.objects.all()
        self.choice("contract").queryset = (
            Contract.objects.filter(in_force | Q(pk=held))
            .select_related("contractor")
            .order_by("number")
        )

    def offer(self, groups: list[tuple[str, list[tuple[str, str]]]]) -> None:
        """Let people choose among contracts, in groups: whose turn it is first."""
        self.fields["contract"].widget.choices = [("", _("Choisir…")), *groups]

    def choice(self, name: str) -> forms.ModelChoiceField:  # type: ignore[type-arg]
        """Return a field that offers rows."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        return field

    def clean_title(self) -> str:
        """One line: it becomes the subject of e-mails."""
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_unit(self) -> UUID:
        """The unit is one of ours."""
        unit = self.cleaned_data["unit"]
        if not Unit.objects.filter(pk=unit).exists():
            raise forms.ValidationError(_("Ce logement n’est pas dans votre patrimoine."))
        return UUID(str(unit))

    def order_input(self, lines: list[LineInput]) -> OrderInput:
        """Return what the service takes."""
        data = self.cleaned_data
        trade: Trade | None = data["trade"]
        contract: Contract | None = data["contract"]
        plain = {
            name: data[name]
            for name in (
                "title",
                "nature",
                "priority",
                "description",
                "target_date",
                "entrance",
                "floor",
                "door",
                "contact_name",
                "phone",
                "second_phone",
                "email",
                "access_code",
                "asbestos",
                "asbestos_measures",
                "access_duty",
                "hazard",
                "commitment_number",
                "service_code",
                "external_number",
                "target_note",
                "rule_reason",
                "rule_note",
                "quote_cap",
            )
        }
        return OrderInput(
            unit_id=data["unit"],
            trade_code=trade.pk if trade else "",
            contract_id=contract.pk if contract else None,
            access=tuple(data["access"]),
            clauses=self.clauses_input(),
            lines=tuple(lines),
            **plain,
        )


def initial_of(order: Order) -> dict[str, Any]:
    """Return what the form shows of a stored order."""
    return {**typed_values(order), "contract": order.contract_id, "version": order.version}


class ReturnForm(forms.Form):
    """What is missing."""

    items = forms.MultipleChoiceField(
        label=_("Ce qui manque"),
        choices=ReturnReason.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cochez au moins un élément manquant.")},
    )
    note = forms.CharField(
        label=_("Précision"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def coded_reason(choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    """Return a choice that starts empty: nobody gives an order up for the first reason listed."""
    return forms.ChoiceField(
        label=_("Motif"),
        choices=[("", _("Choisissez un motif")), *choices],
        error_messages={"required": _("Choisissez un motif.")},
    )


def words_on_top() -> forms.CharField:
    """Return what may be said beside a coded reason."""
    return forms.CharField(
        label=_("Précision"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeclineForm(forms.Form):
    """Reserve of the titulaire."""

    reason = coded_reason(DeclineReason.choices)
    note = words_on_top()


class ContactForm(forms.Form):
    """The numbers by which whoever is there is reached."""

    phone = PhoneField(label=_("Téléphone"), required=False, max_length=30)
    second_phone = PhoneField(label=_("Second téléphone"), required=False, max_length=30)
    email = forms.EmailField(label=_("Adresse e-mail"), required=False)


class CancelForm(forms.Form):
    """Why an order is given up; with somebody under way, that the company was called."""

    reason = coded_reason(CancelReason.choices)
    note = words_on_top()

    def __init__(
        self, *args: Any, under_way: bool, by_company: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        label = (
            _("J’ai appelé le technicien : il est prévenu")
            if by_company
            else _("J’ai appelé l’entreprise : le technicien est prévenu")
        )
        if under_way:
            self.fields["call_noted"] = forms.BooleanField(label=label, required=False)


class DepartmentForm(forms.Form):
    """Which service of the landlord answers."""

    department = forms.ChoiceField(
        label=_("Service"), choices=lambda: department_choices(Side.LANDLORD)
    )


class SupersedeForm(forms.Form):
    """Which company takes over, by which contract, and why the contract's rule is left."""

    contract = forms.TypedChoiceField(label=_("Entreprise et marché"), coerce=UUID)
    reason = coded_reason(
        [choice for choice in SupersedeReason.choices if choice[0] != SupersedeReason.CORRECTED]
    )
    note = forms.CharField(
        label=_("Précisions"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, contracts: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any
    ) -> None:
        """contracts: in groups, whose turn comes next first."""
        super().__init__(*args, **kwargs)
        field = self.fields["contract"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choisir…")), *contracts]


class DecideForm(forms.Form):
    """How works that are done in part go on."""

    decision = forms.CharField(
        label=_("Votre décision"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’entreprise et le locataire la lisent."),
    )


class CommitmentForm(forms.Form):
    """The numbers that an invoice needs."""

    commitment_number = forms.CharField(label=_("Numéro d’engagement"), max_length=40)
    service_code = forms.CharField(label=_("Code service"), max_length=40)


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label=_("Motif"), max_length=200)


class ReopenForm(forms.Form):
    """What isn't fixed, for the contractor."""

    reason = forms.CharField(
        label=_("Ce qui n’est pas réglé"),
        max_length=200,
        help_text=_("L’entreprise le lira : « La fuite a repris sous l’évier »."),
    )
