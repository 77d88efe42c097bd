"""What people type when nobody opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RespondForm(forms.Form):
    """The company answers a tenant who says that he was there."""

    answer = forms.ChoiceField(
        label=_("Votre réponse"),
        choices=[
            ("contest", _("Nous sommes passés : nous complétons les preuves")),
            ("concede", _("Nous ne sommes pas passés : l’absence est la nôtre")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une réponse.")},
    )
    note = forms.CharField(
        label=_("Votre version"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Le bailleur la lira à côté de celle du locataire. Aucun nom de personne."),
    )
    notice_number = forms.CharField(
        label=_("Numéro de l’avis de passage"), required=False, max_length=30
    )
    photo = forms.FileField(label=_("Photo de la porte, sans personne"), required=False)


class DecideForm(forms.Form):
    """The landlord settles two contrary statements."""

    company_came = forms.ChoiceField(
        label=_("Votre décision"),
        choices=[
            ("yes", _("L’entreprise est passée : l’absence du locataire est retenue")),
            ("no", _("L’entreprise n’est pas venue : l’absence est la sienne")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une décision.")},
    )
    note = forms.CharField(
        label=_("Pourquoi"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’entreprise la lira."),
    )

    def clean_company_came(self) -> Any:
        """Return a truth value."""
        return self.cleaned_data["company_came"] == "yes"
