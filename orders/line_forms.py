"""The price lines that people type: rows that share one price schedule."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.models import RateKind
from nexxio.core.platform.rates import rates_on
from orders.models import PriceItem
from orders.services import WORKS_VAT, LineInput, items_in_force, price_date

CENT = Decimal("0.01")


SHORT = 60
"""Articles up to which each row offers the whole schedule; more are found while typing."""


class ArticleInput(forms.TextInput):
    """The code of an article, typed or found (static/js/combo.js reads its label from here)."""

    def __init__(self, field: PriceItemField) -> None:
        super().__init__()
        self._field = field

    def format_value(self, value: Any) -> str | None:
        """Show the code of what is stored by its key."""
        item = self._field.find(value)
        return item.code if item else value

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add what the found article is called."""
        item = self._field.find(value)
        more = {"data-shown": self._field.label_of(item)} if item else {}
        return super().get_context(name, value, {**(attrs or {}), **more})


class PriceItemField(forms.Field):
    """An article of those that were loaded before: rows of a formset share them.

    A choice where the schedule is short; else its code (its key is taken as well).
    """

    widget: Any = forms.Select

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self._items: dict[str, PriceItem] = {}

    def offer(self, items: dict[str, PriceItem], *, whole: bool) -> None:
        """Let people choose among `items`, by their keys. whole: they are the whole schedule."""
        self._items = items
        if whole:
            named = [(key, self.label_of(item)) for key, item in items.items()]
            self.widget = forms.Select(choices=[("", _("Choisir…")), *named])
        else:
            self.widget = ArticleInput(self)

    def find(self, value: Any) -> PriceItem | None:
        """Return an article by its key or its code."""
        text = str(value or "").strip()
        if text in self._items:
            return self._items[text]
        wanted = text.casefold()
        return next((one for one in self._items.values() if one.code.casefold() == wanted), None)

    def to_python(self, value: Any) -> PriceItem | None:
        """Return the article; it is on the schedule."""
        if value in self.empty_values:
            return None
        item = self.find(value)
        if item is None:
            raise forms.ValidationError(_("Cet article n’est pas au bordereau de ce marché."))
        return item

    @staticmethod
    def label_of(item: PriceItem) -> str:
        """Return code, label and price."""
        price = f"{item.unit_price:.2f}".replace(".", ",")
        return f"{item.code} · {item.label} · {price} € / {item.unit}"


class LineForm(forms.Form):
    """One price line: an article of the schedule, or what is off it, in words and at a price."""

    price_item = PriceItemField(label=_("Article du bordereau"))
    quantity = forms.DecimalField(
        label=_("Quantité"),
        required=False,
        min_value=Decimal("0.001"),
        max_digits=9,
        decimal_places=3,
        localize=True,
    )

    label = forms.CharField(label=_("Désignation hors bordereau"), required=False, max_length=200)
    unit = forms.CharField(label=_("Unité"), required=False, max_length=12)
    unit_price = forms.DecimalField(
        label=_("Prix unitaire HT"),
        required=False,
        min_value=Decimal("0.0001"),
        max_digits=11,
        decimal_places=4,
        localize=True,
    )
    vat_rate = forms.TypedChoiceField(label=_("TVA"), required=False, coerce=Decimal)

    def __init__(
        self,
        *args: Any,
        items: dict[str, PriceItem],
        whole: bool,
        vat_rates: list[Decimal],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["price_item"]
        assert isinstance(field, PriceItemField)
        field.offer(items, whole=whole)
        rates = self.fields["vat_rate"]
        assert isinstance(rates, forms.ChoiceField)
        rates.choices = [
            (str(rate), f"{rate:f}".rstrip("0").rstrip(".").replace(".", ",") + " %")
            for rate in vat_rates
        ]
        rates.initial = str(WORKS_VAT)

    @property
    def is_off_schedule(self) -> bool:
        """Tell whether the row says something of its own, rather than an article."""
        return any(self[name].value() for name in ("label", "unit", "unit_price"))

    def clean(self) -> dict[str, Any]:
        """An item needs a quantity; what is off the schedule needs label, unit and price too."""
        data = super().clean() or {}
        own = [name for name in ("label", "unit", "unit_price") if data.get(name)]
        if own and data.get("price_item"):
            self.add_error(
                own[0],
                _("Choisissez un article, ou décrivez la ligne hors bordereau : pas les deux."),
            )
        elif own:
            self._require("label", _("Indiquez la désignation."))
            self._require("unit", _("Indiquez l’unité : u, m², h…"))
            self._require("unit_price", _("Indiquez le prix unitaire."))
        if own or data.get("price_item"):
            self._require("quantity", _("Indiquez la quantité."))
        return data

    def _require(self, name: str, sentence: Any) -> None:
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, sentence)


class BaseLineFormSet(BaseFormSet):  # type: ignore[type-arg]
    """The price lines of an order; form_kwargs["contract_id"] says whose schedule they are from.

    form_kwargs["on"]: the day whose version it is, today unless said; form_kwargs["by_code"]: it is
    known, and not to be read here, however short.
    """

    whole = True

    @cached_property
    def _items(self) -> dict[str, PriceItem]:
        contract_id = self.form_kwargs.get("contract_id")
        if not contract_id:
            return {}
        on = self.form_kwargs.get("on") or price_date()
        rows = items_in_force(contract_id, on).order_by("code")
        most = 0 if self.form_kwargs.get("by_code") else SHORT
        found = list(rows[: most + 1])
        if len(found) > most:
            keys, codes = self._chosen()
            found = list(rows.filter(Q(pk__in=keys) | Q(code__in=codes)))
            self.whole = False
        return {str(item.pk): item for item in found}

    def _chosen(self) -> tuple[set[UUID], set[str]]:
        """Return the keys and the codes of the articles that the rows name."""
        named = [str(row.get("price_item") or "") for row in self.initial or []]
        if self.is_bound:
            named += [
                str(value).strip()
                for name, value in self.data.items()
                if name.startswith(f"{self.prefix}-") and name.endswith("-price_item")
            ]
        keys, codes = set(), set()
        for text in named:
            try:
                keys.add(UUID(text))
            except ValueError:
                codes.add(text.replace("\x00", "")[:20])
        return keys, codes - {""}

    @cached_property
    def _vat_rates(self) -> list[Decimal]:
        found = [rate.value.quantize(CENT) for rate in rates_on(RateKind.VAT, clock.today())]
        return sorted({WORKS_VAT, *found}, reverse=True)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """Give each row the schedule, loaded once."""
        items = self._items  # tells whether they are the whole schedule
        return {"items": items, "whole": self.whole, "vat_rates": self._vat_rates}


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
        line_input(form.cleaned_data)
        for form in formset.forms
        if form not in formset.deleted_forms and is_filled(form.cleaned_data)
    ]


def is_filled(data: dict[str, Any]) -> bool:
    """Tell whether a row says something: an article, or a line off the schedule."""
    return bool(data.get("price_item") or data.get("label"))


def line_input(data: dict[str, Any]) -> LineInput:
    """Return a filled row as the service takes it."""
    if item := data.get("price_item"):
        return LineInput(item.pk, data["quantity"])
    return LineInput(
        None,
        data["quantity"],
        data["label"],
        data["unit"],
        data["unit_price"],
        data.get("vat_rate") or WORKS_VAT,
    )


def price_of(data: dict[str, Any]) -> Decimal:
    """Return the unit price of a filled row."""
    item: PriceItem | None = data.get("price_item")
    price = item.unit_price if item else data.get("unit_price")
    return price or Decimal(0)


def rate_of(data: dict[str, Any]) -> Decimal:
    """Return the rate of VAT of a filled row, in percent."""
    item: PriceItem | None = data.get("price_item")
    return item.vat_rate if item else data.get("vat_rate") or WORKS_VAT


def _price(line: LineInput) -> Decimal | None:
    """Return a price as people write it: "12,50", "0,125"."""
    if line.unit_price is None or line.to_price:
        return None
    cents = line.unit_price.quantize(CENT)
    return cents if cents == line.unit_price else line.unit_price.normalize()


def typed_rows(lines: Iterable[LineInput], now: dict[Any, PriceItem]) -> list[dict[str, Any]]:
    """Return stored lines as rows of the form. now: the articles in force, by the stored key."""
    rows = []
    for line in lines:
        row: dict[str, Any] = {"quantity": line.quantity.normalize()}
        if line.price_item_id is None:
            row |= {
                "label": line.label,
                "unit": line.unit,
                "unit_price": _price(line),
                "vat_rate": str(line.vat_rate),
            }
        elif line.price_item_id in now:
            row["price_item"] = now[line.price_item_id].pk
        rows.append(row)
    return rows
