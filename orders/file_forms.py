"""What is typed about files that go with an order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nexxio.core import attachments
from nexxio.core.attachments import Clean
from nexxio.core.errors import Invalid
from orders.models import FileKind
from orders.talk_forms import FilesField


class AttachForm(forms.Form):
    """Files of one kind, and who reads them."""

    uploads = FilesField(label=_("Photos ou PDF"))
    kind = forms.ChoiceField(
        label=_("De quoi s’agit-il ?"), choices=FileKind.choices, required=False
    )
    note = forms.CharField(label=_("Précision"), required=False, max_length=120)
    internal = forms.BooleanField(
        label=_("Pour nous seuls : l’entreprise ne la lit pas"), required=False
    )

    def __init__(self, *args: Any, required: bool = False, **kwargs: Any) -> None:
        """required: a page that does nothing else asks for a file."""
        super().__init__(*args, **kwargs)
        self._required = required
        if required:
            self.fields["uploads"].required = True

    def clean_uploads(self) -> Sequence[Clean]:
        """Return photos and PDF files, cleaned; takes up to a second each."""
        uploads = self.cleaned_data["uploads"]
        if self._required and not uploads:
            raise forms.ValidationError(_("Choisissez un fichier."))
        try:
            return attachments.clean_all(uploads, field="uploads")
        except Invalid as invalid:
            raise forms.ValidationError(invalid.errors["uploads"]) from invalid

    def asked(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {
            "cleaned": data["uploads"],
            "kind": data["kind"] or FileKind.PHOTO.value,
            "note": data["note"],
            "for_contractor": not data["internal"],
        }
