"""What people type about certificates, reserves and sign-offs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from orders.certificate_states import CertificateRefusal, CheckOutcome, NotFixed
from orders.services import ReserveInput, SignOffInput
from orders.widgets import DateInput


class RefuseForm(forms.Form):
    """Why the landlord doesn't sign, and what has to be corrected."""

    reason = forms.ChoiceField(label=_("Motif"), choices=CertificateRefusal.choices)
    note = forms.CharField(
        label=_("Ce que l’entreprise doit corriger"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReserveForm(forms.Form):
    """A defect, and until when it has to be gone."""

    text = forms.CharField(label=_("Défaut constaté"), max_length=300)
    due_on = forms.DateField(label=_("À lever avant le"), widget=DateInput())
    photo = forms.FileField(label=_("Photo du défaut"), required=False)


ReserveFormSet = formset_factory(ReserveForm, extra=1, can_delete=True, max_num=20)


def reserves_of(
    data: QueryDict | None, uploads: MultiValueDict[str, UploadedFile[Any]] | None = None
) -> BaseFormSet[ReserveForm]:
    """Return the rows of a reception with reserves."""
    return ReserveFormSet(data, uploads, prefix="reserves")


def reserve_inputs(formset: BaseFormSet[ReserveForm]) -> list[ReserveInput]:
    """Return the rows that were filled in."""
    rows = [form.cleaned_data for form in formset if form not in formset.deleted_forms]
    return [
        ReserveInput(text=row["text"], due_on=row["due_on"], photo=row["photo"])
        for row in rows
        if row.get("text")
    ]


class ClaimForm(forms.Form):
    """What was put right."""

    answer = forms.CharField(
        label=_("Ce qui a été repris"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.FileField(
        label=_("Photo de la reprise"),
        required=False,
        help_text=_("Le travail seulement, jamais les personnes."),
    )


class KeepForm(forms.Form):
    """What is still missing."""

    objection = forms.CharField(
        label=_("Ce qui manque encore"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class CheckForm(forms.Form):
    """What the landlord found."""

    outcome = forms.ChoiceField(
        label=_("Ce que vous avez constaté"),
        choices=CheckOutcome.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Comment vous l’avez vérifié"),
        required=False,
        max_length=300,
        help_text=_("Appel au locataire, visite… Le locataire et l’entreprise lisent le résultat."),
    )


class SignOffForm(forms.Form):
    """What the tenant signs, on the technician's screen or by his own link."""

    name = forms.CharField(
        label=_("Votre nom"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    answer = forms.ChoiceField(
        label=_("Le problème est-il réglé ?"),
        choices=[("oui", _("Oui, c’est réglé")), ("non", _("Non, ce n’est pas réglé"))],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(
        label=_("Si ce n’est pas réglé : que se passe-t-il ?"),
        choices=[("", _("Choisir…")), *NotFixed.choices],
        required=False,
    )
    note = forms.CharField(label=_("Une précision (facultatif)"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """A no needs its reason."""
        data = super().clean() or {}
        if data.get("answer") == "non" and not data.get("reason"):
            self.add_error("reason", _("Dites ce qui ne va pas."))
        return data

    def sign_off_input(self) -> SignOffInput:
        """Return what the service takes."""
        data = self.cleaned_data
        return SignOffInput(
            name=data["name"],
            satisfied=data["answer"] == "oui",
            reason=data["reason"],
            note=data["note"],
        )


class VerifyForm(forms.Form):
    """The document to be compared, or its fingerprint as typed."""

    document = forms.FileField(label=_("Le PDF à vérifier"), required=False)
    fingerprint = forms.CharField(
        label=_("Ou son empreinte SHA-256"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        data = super().clean() or {}
        if not self.errors and not data.get("document") and not data.get("fingerprint"):
            self.add_error("document", _("Choisissez le PDF, ou saisissez son empreinte."))
        return data
