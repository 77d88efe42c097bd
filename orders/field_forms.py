"""What is typed on site, and when it happened: by the technician, or by his desk for him."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from orders.models import PhotoMoment, Visit
from orders.next_steps import NextStep
from orders.services.visit_parts import LONG_BEFORE
from orders.states import PhotoWithdrawal
from orders.talk_forms import FilesField
from orders.widgets import DateInput


class MomentForm(forms.Form):
    """When it happened: the phone's tap (static/js/outbox.js), or an hour that a desk types.

    Neither is needed: it happens now. A desk's hour is one of the visit's own day, or of the night
    that follows it.
    """

    happened_at = forms.CharField(required=False, widget=forms.HiddenInput)
    at = forms.TimeField(
        label=_("À quelle heure"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Vide : à l’instant."),
        error_messages={"invalid": _("Écrivez une heure comme 14:30.")},
    )

    def __init__(self, *args: Any, visit: Visit, by_office: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        del self.fields["happened_at" if by_office else "at"]

    def clean_happened_at(self) -> datetime.datetime | None:
        """Read an instant as scripts write it."""
        text = self.cleaned_data["happened_at"]
        if not text:
            return None
        try:
            found = datetime.datetime.fromisoformat(text)
            if found.tzinfo is None:
                raise ValueError("no offset")
            return found.astimezone(datetime.UTC)
        except (ValueError, OverflowError) as error:  # as in the first hours of the year 1
            raise forms.ValidationError(_("L’heure de ce geste est illisible.")) from error

    def moment(self) -> datetime.datetime | None:
        """Return when it happened (UTC), None for now."""
        at = self.cleaned_data.get("at")
        if at is None:
            told: datetime.datetime | None = self.cleaned_data.get("happened_at")
            return told
        day, zone = clock.day_of(self.visit.window_start), clock.zone_at(self.visit.window_start)
        found = datetime.datetime.combine(day, at, zone)
        if found < self.visit.window_start - LONG_BEFORE:  # past midnight, of a visit at night
            found = datetime.datetime.combine(day + datetime.timedelta(days=1), at, zone)
        return found.astimezone(datetime.UTC)


class CompleteForm(MomentForm):
    """What was done; or what follows."""

    report = forms.CharField(
        label=_("Ce qui a été fait"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    next_kind = forms.ChoiceField(
        label=_("Ce qui doit suivre"),
        required=False,
        choices=NextStep.choices,
        initial=NextStep.RETURN,
    )
    next_date = forms.DateField(
        label=_("Fournitures attendues le"), required=False, widget=DateInput()
    )
    next_step = forms.CharField(
        label=_("La suite prévue"),
        required=False,
        max_length=300,
        help_text=_("Le locataire la lira : « Retour avec la pièce commandée »."),
    )


class NoAccessForm(MomentForm):
    """The proof pack."""

    minutes_waited = forms.IntegerField(label=_("Minutes d’attente"), min_value=0, max_value=240)
    call_tried = forms.BooleanField(label=_("J’ai appelé le locataire"), required=False)
    sms_tried = forms.BooleanField(label=_("J’ai envoyé un SMS"), required=False)
    notice_number = forms.CharField(
        label=_("Numéro de l’avis de passage"), required=False, max_length=30
    )
    photo = forms.FileField(label=_("Photo de la porte, sans personne"), required=False)


class PhotoForm(forms.Form):
    """Photos of the work: one that is taken now, or several that the phone has."""

    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    album = FilesField(label=_("Photos déjà prises"))
    moment = forms.ChoiceField(
        label=_("Moment"),
        choices=[(PhotoMoment.BEFORE, _("Avant")), (PhotoMoment.AFTER, _("Après"))],
    )

    def clean(self) -> dict[str, Any]:
        """At least one."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.photos():
            self.add_error("photo", _("Prenez ou choisissez une photo."))
        return found

    def photos(self) -> list[UploadedFile[Any]]:
        """Return all that came."""
        taken = self.cleaned_data.get("photo")
        return [*([taken] if taken else []), *self.cleaned_data.get("album", [])]


class PieceForm(forms.Form):
    """A file for a piece of the contract."""

    kind = forms.ChoiceField(label=_("Pièce"))
    file = forms.FileField(
        label=_("Photo ou PDF"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class WithdrawPhotoForm(forms.Form):
    """Why a photo is taken back."""

    reason = forms.ChoiceField(
        label=_("Pourquoi"), choices=PhotoWithdrawal.choices, widget=forms.RadioSelect
    )
