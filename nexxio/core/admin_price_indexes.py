"""Price indexes and their monthly values, each with its source."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from nexxio.core.admin_base import Arranged, acting
from nexxio.core.models import PriceIndex, PriceIndexValue
from nexxio.core.platform import price_indexes
from nexxio.core.templatetags.ui import number


@admin.register(PriceIndex)
class PriceIndexAdmin(Arranged):
    """The series that a contract's formula may name."""

    list_display = ("code", "label", "publisher")
    search_fields = ("code", "label")
    search_help_text = _("Code ou intitulé")
    ordering = ("code",)
    fields = ("code", "label", "publisher")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the code of a series: values and contracts name it."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: PriceIndex, form: Any, change: Any) -> None:
        """Save through the service."""
        price_indexes.save_index(actor=acting(request), index=obj)


class PriceIndexValueForm(ModelForm):  # type: ignore[type-arg]
    """Takes a comma."""

    class Meta:
        localized_fields = ("value",)


@admin.register(PriceIndexValue)
class PriceIndexValueAdmin(Arranged):
    """A month's value. The definitive one replaces the provisional one on its row."""

    list_display = ("index", "on_month", "shown", "provisional", "said")
    list_filter = ("index", "provisional")
    search_fields = ("index__code", "source")
    search_help_text = _("Code ou source")
    date_hierarchy = "month"
    list_select_related = ("index",)
    ordering = ("index", "-month")
    fields = ("index", "month", "value", "provisional", "source")
    form = PriceIndexValueForm

    @admin.display(description=_("mois"), ordering="month")
    def on_month(self, row: PriceIndexValue) -> str:
        """Return the month in figures."""
        return f"{row.month:%m/%Y}"

    @admin.display(description=_("valeur"), ordering="value")
    def shown(self, row: PriceIndexValue) -> str:
        """Return the value the French way."""
        return number(row.value)

    @admin.display(description=_("source"))
    def said(self, row: PriceIndexValue) -> str:
        """Return the source, in brief: its page has all of it."""
        return Truncator(row.source).chars(60)

    def save_model(
        self, request: HttpRequest, obj: PriceIndexValue, form: Any, change: Any
    ) -> None:
        """Save through the service."""
        price_indexes.save_index_value(actor=acting(request), value=obj)
