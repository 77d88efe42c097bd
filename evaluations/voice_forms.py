"""Why a comment is reported."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.services.reactions import MOST_REASON
from evaluations.voice_terms import ReportGround


class VoiceReportForm(forms.Form):
    """A ground, and words where none of them says it."""

    ground = forms.ChoiceField(
        label=_("Motif du signalement"),
        choices=ReportGround.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez un motif.")},
    )
    note = forms.CharField(
        label=_("Précision"),
        max_length=MOST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’équipe de la plateforme tranche ; sa décision est visible des deux côtés."),
    )
