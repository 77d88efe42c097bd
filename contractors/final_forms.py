"""Forms of final accounts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class FinalReasonForm(forms.Form):
    """Why a final account is returned or contested."""

    note = forms.CharField(
        label=_("Raison"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’autre partie la lit."),
    )


class CorrectFinalForm(FinalReasonForm):
    """What is taken off a final account, and why."""

    deducted = forms.DecimalField(
        label=_("Somme retirée TTC, en euros"), max_digits=12, decimal_places=2, localize=True
    )
    field_order = ("deducted", "note")
