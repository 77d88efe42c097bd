"""What somebody types who answers with a printed order in hand: his name first of all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.appointment_forms import MoveForm, SlotsForm
from orders.certificate_forms import ClaimForm
from orders.field_forms import CompleteForm, MomentForm, NoAccessForm, PhotoForm, PieceForm
from orders.forms import DeclineForm, ReturnForm
from orders.models import Reserve
from orders.quantity_forms import CorrectForm
from orders.services.documents import MAX_NAME
from orders.variation_forms import RegularisationForm, VariationForm


class HolderForm(forms.Form):
    """Who acts."""

    holder = forms.CharField(
        label=_("Votre nom"),
        max_length=MAX_NAME,
        help_text=_("Votre entreprise le verra à côté de ce que vous faites ici."),
        error_messages={"required": _("Indiquez votre nom : qui répond à ce bon ?")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class PaperReturnForm(ReturnForm, HolderForm):
    """What is missing."""

    field_order = ("items", "note", "holder")


class PaperDeclineForm(DeclineForm, HolderForm):
    """Reserve of the titulaire."""

    field_order = ("reason", "note", "holder")


class PaperSlotForm(SlotsForm, HolderForm):
    """An appointment, or several to choose from; one alone may have been agreed by phone."""


class PaperMoveForm(MoveForm, HolderForm):
    """Another appointment, and why."""

    field_order = ("date", "slot", "start", "end", "reason", "off_hours", "holder")


class PaperReasonForm(HolderForm):
    """Why an appointment is given up."""

    reason = forms.CharField(label=_("Motif"), max_length=200)
    field_order = ("reason", "holder")


class PaperDoneForm(HolderForm):
    """What was done."""

    report = CompleteForm.base_fields["report"]
    field_order = ("report", "holder")


class PaperPartForm(HolderForm):
    """What was done, and what follows."""

    report = CompleteForm.base_fields["report"]
    next_kind = CompleteForm.base_fields["next_kind"]
    next_date = CompleteForm.base_fields["next_date"]
    next_step = forms.CharField(
        label=_("La suite prévue"),
        max_length=300,
        help_text=_("Le locataire la lira : « Retour avec la pièce commandée »."),
        error_messages={"required": _("Indiquez la suite prévue.")},
    )
    field_order = ("report", "next_kind", "next_date", "next_step", "holder")


class PaperMomentForm(MomentForm, HolderForm):
    """When somebody left or arrived: an hour of the visit's day, or now."""

    field_order = ("at", "holder")


class PaperNoAccessForm(NoAccessForm, HolderForm):
    """The proof pack of a visit that found nobody."""

    field_order = (
        "minutes_waited",
        "call_tried",
        "sms_tried",
        "notice_number",
        "photo",
        "at",
        "holder",
    )


class PaperPhotoForm(PhotoForm, HolderForm):
    """Photos of the work."""

    field_order = ("photo", "album", "moment", "holder")


class PaperPieceForm(PieceForm, HolderForm):
    """A file for a piece of the contract."""

    field_order = ("kind", "file", "holder")


class PaperClaimForm(ClaimForm, HolderForm):
    """Which defect is gone, and how. reserves: those that are to lift."""

    reserve = forms.TypedChoiceField(label=_("Réserve"), coerce=UUID)
    field_order = ("reserve", "answer", "photo", "holder")

    def __init__(self, *args: Any, reserves: list[Reserve], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reserve"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(one.pk), _("n° {number} : {text}").format(number=one.number, text=one.text))
            for one in reserves
        ]


class PaperVariationForm(VariationForm, HolderForm):
    """Extra works, before they are done."""

    field_order = ("reason", "note", "photo", "send_key", "holder")


class PaperRegularisationForm(RegularisationForm, HolderForm):
    """Extra works that could not wait."""

    field_order = (*RegularisationForm.field_order, "holder")


class PaperCorrectForm(CorrectForm, HolderForm):
    """What was done, said again after a refusal."""
