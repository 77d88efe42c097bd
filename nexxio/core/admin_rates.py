"""Rates and sums that law sets: dated rows with their source."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from nexxio.core.admin_base import Arranged, acting
from nexxio.core.models import Rate
from nexxio.core.platform import rates
from nexxio.core.templatetags.ui import number


class RateForm(ModelForm):  # type: ignore[type-arg]
    """Refuses two rates for one day; takes a comma."""

    class Meta:
        localized_fields = ("value",)

    def clean(self) -> dict[str, Any]:
        """Compare with the other rows of the kind."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for name, value in found.items():
                setattr(self.instance, name, value)
            other = rates.overlapping(self.instance)
            if other is not None:
                until = f" au {other.ends_on:%d/%m/%Y}" if other.ends_on else ""
                raise ValidationError(
                    _(
                        "Un autre taux de cette nature vaut du %(start)s%(until)s :"
                        " donnez-lui une fin."
                    )
                    % {"start": f"{other.starts_on:%d/%m/%Y}", "until": until}
                )
        return found


@admin.register(Rate)
class RateAdmin(Arranged):
    """A new rate is a new row; the former one gets its end."""

    list_display = ("kind", "code", "shown", "starts_on", "ends_on", "provisional", "said")
    list_filter = ("kind", "provisional")
    search_fields = ("code", "source")
    search_help_text = _("Code ou source")
    date_hierarchy = "starts_on"
    ordering = ("kind", "code", "-starts_on")
    fields = (
        ("kind", "code"),
        ("value", "unit"),
        ("starts_on", "ends_on"),
        "provisional",
        "source",
    )
    form = RateForm

    @admin.display(description=_("source"))
    def said(self, rate: Rate) -> str:
        """Return the source, in brief: its page has all of it."""
        return Truncator(rate.source).chars(60)

    @admin.display(description=_("valeur"), ordering="value")
    def shown(self, rate: Rate) -> str:
        """Return the value with its unit."""
        return f"{number(rate.value)}\N{NO-BREAK SPACE}{rate.get_unit_display()}"

    def save_model(self, request: HttpRequest, obj: Rate, form: Any, change: Any) -> None:
        """Save through the service."""
        rates.save_rate(actor=acting(request), rate=obj)
