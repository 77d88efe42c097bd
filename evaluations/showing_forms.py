"""What is ticked to show a company's own answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ShowForm(forms.Form):
    """The company's word that its landlord reads its answers."""

    consents = forms.BooleanField(
        label=_(
            "J’accepte, pour mon entreprise, que ce bailleur lise ces moyennes sous notre nom ; les"
            " personnes qui ont répondu le savent"
        ),
        error_messages={"required": _("Cochez votre accord pour montrer vos réponses.")},
    )
