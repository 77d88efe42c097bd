"""What people type about a hold: what for, and until when."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.hold_states import HoldReason
from orders.widgets import DateInput


class PostponeForm(forms.Form):
    """Until when."""

    expected_on = forms.DateField(
        label=_("Fin prévue"),
        widget=DateInput(),
        help_text=_("Passé ce jour, les deux parties sont relancées."),
    )


class HoldForm(PostponeForm):
    """What for."""

    reason = forms.ChoiceField(label=_("En attente de"), choices=HoldReason.choices)
    field_order = ("reason", "expected_on")
