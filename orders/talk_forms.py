"""What people type into a conversation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from nexxio.core.ids import new_id
from orders.selectors.talk import Readers
from orders.services.talk import LONGEST


class FilesInput(forms.ClearableFileInput):
    """Several files in one control."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Some files, or none."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"accept": "image/*,application/pdf"}
        super().__init__(widget=FilesInput(attrs=attrs), required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Return the files that came."""
        one = super().clean
        return [one(found, initial) for found in data or [] if found]


class TalkForm(forms.Form):
    """A message, its files, and who will read it: chosen before it is sent."""

    text = forms.CharField(
        label=_("Votre message"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    uploads = FilesField(label=_("Photos ou PDF"))
    audience = forms.ChoiceField(label=_("Qui lira ce message ?"), widget=forms.RadioSelect)
    send_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choices: list[Readers], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience = self.fields["audience"]
        assert isinstance(audience, forms.ChoiceField)
        audience.choices = [(one.value, one.label) for one in choices]
        audience.initial = choices[0].value if choices else None
        self.fields["send_key"].initial = new_id

    def key(self) -> UUID | None:
        """Return what the page made to know its own message again."""
        key: UUID | None = self.cleaned_data["send_key"]
        return key
