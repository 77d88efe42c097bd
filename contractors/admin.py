"""Platform staff: causes of a block, when they are an alert, and the kinds of paper."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from contractors import causes_book, money_book, paper_book, services, thresholds
from contractors.models import BlockedThreshold, Cause, LandlordDelay, MoneyRule, PaperRule
from nexxio.core.admin_base import Arranged, acting
from nexxio.core.models import LegalForm, Organisation


class CauseForm(ModelForm):  # type: ignore[type-arg]
    """Refuses two rows of a cause for one day."""

    def clean(self) -> dict[str, Any]:
        """Compare with the other rows of the cause."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for name, value in found.items():
                setattr(self.instance, name, value)
            other = causes_book.overlapping(self.instance)
            if other is not None:
                raise ValidationError(
                    _("Une autre ligne de %(code)s vaut %(dates)s : donnez-lui une fin.")
                    % {"code": other.code, "dates": _dates(other)}
                )
        return found


@admin.register(Cause)
class CauseAdmin(Arranged):
    """A rule that changes is a new row; the former one gets its end. The code never changes."""

    list_display = ("code", "label", "holder", "department", "stops_clock", "starts_on", "ends_on")
    list_filter = ("holder", "stops_clock")
    search_fields = ("code", "label", "source")
    search_help_text = _("Code, libellé ou source")
    fields = (
        ("code", "label"),
        "request",
        ("holder", "department"),
        "holder_note",
        "reasons",
        ("stops_clock", "stops_unless_said"),
        "stops_note",
        ("starts_on", "ends_on"),
        "source",
    )
    form = CauseForm

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the code once it is there."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Cause, form: Any, change: Any) -> None:
        """Save through the service."""
        services.save_cause(actor=acting(request), cause=obj)


class ThresholdForm(ModelForm):  # type: ignore[type-arg]
    """Refuses two thresholds for one day; takes a comma."""

    class Meta:
        localized_fields = ("value",)

    def clean(self) -> dict[str, Any]:
        """Compare with the other rows."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for name, value in found.items():
                setattr(self.instance, name, value)
            other = thresholds.overlapping(self.instance)
            if other is not None:
                raise ValidationError(
                    _("Un autre seuil vaut %(dates)s : donnez-lui une fin.")
                    % {"dates": _dates(other)}
                )
        return found


@admin.register(BlockedThreshold)
class BlockedThresholdAdmin(Arranged):
    """A new threshold is a new row; the former one gets its end."""

    list_display = ("value", "starts_on", "ends_on", "source")
    search_fields = ("source",)
    search_help_text = _("Source")
    fields = ("value", ("starts_on", "ends_on"), "source")
    form = ThresholdForm

    def save_model(
        self, request: HttpRequest, obj: BlockedThreshold, form: Any, change: Any
    ) -> None:
        """Save through the service."""
        services.save_threshold(actor=acting(request), threshold=obj)


class PaperRuleForm(ModelForm):  # type: ignore[type-arg]
    """Refuses two rows of a kind of paper for one day."""

    def clean(self) -> dict[str, Any]:
        """Compare with the other rows of the kind."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for name, value in found.items():
                setattr(self.instance, name, value)
            other = paper_book.overlapping(self.instance)
            if other is not None:
                raise ValidationError(
                    _("Une autre ligne de cette pièce vaut %(dates)s : donnez-lui une fin.")
                    % {"dates": _dates(other)}
                )
        return found


@admin.register(PaperRule)
class PaperRuleAdmin(Arranged):
    """A rule that changes is a new row; the former one gets its end. The kind never changes."""

    list_display = ("label", "months", "is_usual", "starts_on", "ends_on", "source")
    list_filter = ("is_usual",)
    search_fields = ("label", "source")
    search_help_text = _("Libellé ou source")
    fields = (
        ("code", "label"),
        "help",
        ("months", "is_usual"),
        ("starts_on", "ends_on"),
        "source",
    )
    form = PaperRuleForm

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the kind once it is there."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: PaperRule, form: Any, change: Any) -> None:
        """Save through the service."""
        services.save_paper_rule(actor=acting(request), rule=obj)


class MoneyRuleForm(ModelForm):  # type: ignore[type-arg]
    """Refuses two figures of a rule for one day; takes a comma."""

    class Meta:
        localized_fields = ("value",)

    def clean(self) -> dict[str, Any]:
        """Compare with the other rows of the rule."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for name, value in found.items():
                setattr(self.instance, name, value)
            other = money_book.overlapping(self.instance)
            if other is not None:
                raise ValidationError(
                    _("Une autre ligne de cette règle vaut %(dates)s : donnez-lui une fin.")
                    % {"dates": _dates(other)}
                )
        return found


@admin.register(MoneyRule)
class MoneyRuleAdmin(Arranged):
    """A figure that changes is a new row; the former one gets its end. The rule never changes."""

    list_display = ("code", "value", "starts_on", "ends_on", "source")
    list_filter = ("code",)
    search_fields = ("source",)
    search_help_text = _("Source")
    fields = (("code", "value"), ("starts_on", "ends_on"), "source")
    form = MoneyRuleForm

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the rule once it is there."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: MoneyRule, form: Any, change: Any) -> None:
        """Save through the service."""
        services.save_money_rule(actor=acting(request), rule=obj)


class LandlordDelayForm(ModelForm):  # type: ignore[type-arg]
    """Refuses two delays of a landlord for one day."""

    def clean(self) -> dict[str, Any]:
        """Compare with the other rows of the landlord."""
        found: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for name, value in found.items():
                setattr(self.instance, name, value)
            other = money_book.overlapping_delay(self.instance)
            if other is not None:
                raise ValidationError(
                    _("Un autre délai de cet organisme vaut %(dates)s : donnez-lui une fin.")
                    % {"dates": _dates(other)}
                )
        return found


@admin.register(LandlordDelay)
class LandlordDelayAdmin(Arranged):
    """A delay that changes is a new row; the former one gets its end. Its landlord never does."""

    list_display = ("landlord", "days", "starts_on", "ends_on", "source")
    list_filter = ("days",)
    search_fields = ("landlord__name", "source")
    search_help_text = _("Organisme ou source")
    list_select_related = ("landlord",)
    fields = (("landlord", "days"), ("starts_on", "ends_on"), "source")
    form = LandlordDelayForm

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer the cooperatives: the law says the delay of all others."""
        if db_field.name == "landlord":
            kwargs["queryset"] = Organisation.objects.filter(legal_form=LegalForm.COOPERATIVE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the landlord once it is there."""
        return ("landlord",) if obj else ()

    def save_model(self, request: HttpRequest, obj: LandlordDelay, form: Any, change: Any) -> None:
        """Save through the service."""
        services.save_landlord_delay(actor=acting(request), delay=obj)


def _dates(cause: Cause | BlockedThreshold | LandlordDelay | MoneyRule | PaperRule) -> str:
    start = f"du {cause.starts_on:%d/%m/%Y}" if cause.starts_on else "depuis toujours"
    return f"{start} au {cause.ends_on:%d/%m/%Y}" if cause.ends_on else start
