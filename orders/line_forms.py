"""The price lines that people type: rows that share one price schedule."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from orders.models import PriceItem
from orders.services import LineInput


class PriceItemField(forms.TypedChoiceField):
    """A choice of articles that were loaded before: rows of a formset share them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, required=False, **kwargs)
        self._items: dict[str, PriceItem] = {}

    def offer(self, items: dict[str, PriceItem]) -> None:
        """Let people choose among `items`, by their keys."""
        self._items = items
        named = [(key, self._label(item)) for key, item in items.items()]
        self.choices = [("", _("Choisir…")), *named]

    def _coerce(self, value: Any) -> PriceItem | None:
        if value in self.empty_values:
            return None
        if str(value) not in self._items:
            raise forms.ValidationError(_("Cet article n'est pas au bordereau de ce marché."))
        return self._items[str(value)]

    @staticmethod
    def _label(item: PriceItem) -> str:
        """Return code, label and price."""
        price = f"{item.unit_price:.2f}".replace(".", ",")
        return f"{item.code} · {item.label} · {price} € / {item.unit}"


class LineForm(forms.Form):
    """One price line."""

    price_item = PriceItemField(label=_("Article"))
    quantity = forms.DecimalField(
        label=_("Quantité"),
        required=False,
        min_value=Decimal("0.001"),
        max_digits=9,
        decimal_places=3,
        localize=True,
    )

    def __init__(self, *args: Any, items: dict[str, PriceItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["price_item"]
        assert isinstance(field, PriceItemField)
        field.offer(items)

    def clean(self) -> dict[str, Any]:
        """An item needs a quantity."""
        data = super().clean() or {}
        if data.get("price_item") and not data.get("quantity") and "quantity" not in self.errors:
            self.add_error("quantity", _("Indiquez la quantité."))
        return data


class BaseLineFormSet(BaseFormSet):  # type: ignore[type-arg]
    """The price lines of an order; form_kwargs["contract_id"] says whose schedule they are from."""

    @cached_property
    def _items(self) -> dict[str, PriceItem]:
        contract_id = self.form_kwargs.get("contract_id")
        found = PriceItem.objects.filter(contract=contract_id).order_by("code")
        return {str(item.pk): item for item in found} if contract_id else {}

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give each row the schedule, loaded once."""
        return {"items": self._items}


MAX_LINES = 60
LineFormSet: type[BaseFormSet[LineForm]] = formset_factory(
    LineForm,
    formset=BaseLineFormSet,
    extra=1,
    can_delete=True,
    max_num=MAX_LINES,
    absolute_max=MAX_LINES,
    validate_max=True,
)


def line_inputs(formset: BaseFormSet[LineForm]) -> list[LineInput]:
    """Return the lines that were filled in and not taken away."""
    return [
        LineInput(form.cleaned_data["price_item"].pk, form.cleaned_data["quantity"])
        for form in formset.forms
        if form not in formset.deleted_forms and form.cleaned_data.get("price_item")
    ]
