"""What people choose on the way of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nexxio.core.imports.registry import Field, Kind
from nexxio.core.imports.rows import IGNORED
from nexxio.core.imports.uploads import MAX_UPLOAD_BYTES


class UploadForm(forms.Form):
    """The file to import."""

    file_label: Any = gettext_lazy("Fichier")
    file = forms.FileField(
        widget=forms.FileInput(attrs={"data-max-bytes": MAX_UPLOAD_BYTES}),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": gettext_lazy("Le fichier est vide."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = self.file_label

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


class ColumnsForm(forms.Form):
    """Which column of the file is which field. names: the headings of the chosen sheet."""

    mapping_name = forms.CharField(
        label=gettext_lazy("Garder cette correspondance sous le nom"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Elle sera proposée pour le prochain fichier de même en-tête."),
    )

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        names: Sequence[str],
        many: Mapping[str, bool],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._many = many
        choices = [("", _("– pas dans le fichier –")), *[(name, name) for name in names]]
        for found in kind.fields:
            self.fields[f"c-{found.code}"] = forms.ChoiceField(
                label=found.label,
                choices=choices,
                required=found.required,
                help_text=found.help,
                error_messages={"required": _("Choisissez la colonne.")},
            )

    @property
    def bound_columns(self) -> list[Any]:
        """The fields of columns, for the page."""
        return [self[f"c-{found.code}"] for found in self.kind.fields]

    def clean(self) -> dict[str, Any]:
        """Refuse a column that has far too many values to be translated one by one."""
        data = super().clean() or {}
        for found in self.kind.fields:
            name = data.get(f"c-{found.code}")
            if name and found.choices is not None and self._many.get(name):
                self.add_error(
                    f"c-{found.code}",
                    _("Cette colonne a plus de 200 valeurs différentes : ce n’est pas la bonne."),
                )
        return data

    @property
    def columns(self) -> dict[str, str]:
        """Field code → heading, of the valid form."""
        return {
            found.code: self.cleaned_data[f"c-{found.code}"]
            for found in self.kind.fields
            if self.cleaned_data.get(f"c-{found.code}")
        }


class ValuesForm(forms.Form):
    """What each value of the file means. asked: (field, its choices, the texts of the file)."""

    def __init__(
        self,
        *args: Any,
        asked: Sequence[tuple[Field, Sequence[tuple[str, str]], Sequence[str]]],
        known: Mapping[str, Mapping[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asked = asked
        for found, options, texts in asked:
            choices = [
                ("", _("– à choisir –")),
                (IGNORED, _("Laisser vide")),
                *options,
            ]
            for index, text in enumerate(texts):
                self.fields[f"v-{found.code}-{index}"] = forms.ChoiceField(
                    label=text,
                    choices=choices,
                    required=False,
                    initial=known.get(found.code, {}).get(text, ""),
                )

    @property
    def groups(self) -> list[tuple[Field, list[Any]]]:
        """The fields, each with its controls, for the page."""
        return [
            (found, [self[f"v-{found.code}-{index}"] for index in range(len(texts))])
            for found, _options, texts in self._asked
        ]

    @property
    def translations(self) -> dict[str, dict[str, str]]:
        """Field code → {text: value}, of the valid form; what wasn't chosen is left out."""
        return {
            found.code: {
                text: value
                for index, text in enumerate(texts)
                if (value := self.cleaned_data.get(f"v-{found.code}-{index}"))
            }
            for found, _options, texts in self._asked
        }
