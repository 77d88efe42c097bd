"""The form that sends an estate file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from nexxio.core.imports.forms import UploadForm


class FileForm(UploadForm):
    """The estate file."""

    file_label = gettext_lazy("Fichier du patrimoine")
