"""The form that sends an estate file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nexxio.core.estate.services import MAX_UPLOAD_BYTES


class FileForm(forms.Form):
    """The estate file."""

    file = forms.FileField(
        label=gettext_lazy("Fichier du patrimoine"),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Le fichier est vide."),
        },
    )

    def clean_file(self) -> Any:
        """Refuse a huge file before it is read."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_UPLOAD_BYTES:
            raise forms.ValidationError(
                _("Le fichier pèse %(size)s ; la limite est de %(limit)s."),
                params={
                    "size": filesizeformat(upload.size),
                    "limit": filesizeformat(MAX_UPLOAD_BYTES),
                },
            )
        return upload
