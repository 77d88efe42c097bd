"""What people type about variations: reason, photo, lines, and the landlord's answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from orders.line_forms import BaseLineFormSet, PriceItemField
from orders.models import Variation, VariationLine
from orders.services import ExtraInput, VariationInput
from orders.services.variations import RATES
from orders.variation_states import RejectReason, VariationReason

MAX_EXTRAS = 30


class VariationForm(forms.Form):
    """Why, and a photo of what was found."""

    reason = forms.ChoiceField(label=_("Motif"), choices=VariationReason.choices)
    note = forms.CharField(
        label=_("Précisions pour le bailleur"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("Le travail seulement, jamais les personnes. Nécessaire pour demander."),
    )

    def variation_input(self, lines: list[ExtraInput]) -> VariationInput:
        """Return what was typed."""
        data = self.cleaned_data
        return VariationInput(
            reason=data["reason"], note=data["note"], photo=data["photo"], lines=tuple(lines)
        )


class ExtraForm(forms.Form):
    """A line: an article of the schedule, or free."""

    price_item = PriceItemField(label=_("Article du bordereau"))
    label = forms.CharField(label=_("ou désignation libre"), required=False, max_length=200)
    quantity = forms.DecimalField(
        label=_("Quantité"),
        required=False,
        min_value=Decimal("0.001"),
        max_digits=9,
        decimal_places=3,
        localize=True,
    )
    unit = forms.CharField(label=_("Unité (hors bordereau)"), required=False, max_length=12)
    unit_price = forms.DecimalField(
        label=_("Prix HT (hors bordereau)"),
        required=False,
        min_value=Decimal(0),
        max_digits=11,
        decimal_places=4,
        localize=True,
    )
    vat_rate = forms.TypedChoiceField(
        label=_("TVA (hors bordereau)"),
        required=False,
        coerce=Decimal,
        choices=[(str(rate), f"{rate.normalize():f} %".replace(".", ",")) for rate in RATES],
        initial="10.00",
    )

    def __init__(self, *args: Any, items: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["price_item"]
        assert isinstance(field, PriceItemField)
        field.offer(items)

    def clean(self) -> dict[str, Any]:
        """Say beside its field what a line lacks."""
        data = super().clean() or {}
        if not self.is_filled(data):
            return data
        needed: dict[str, Any] = {"quantity": _("Indiquez la quantité.")}
        if not data.get("price_item"):
            needed |= {
                "label": _("Choisissez un article, ou écrivez une désignation."),
                "unit": _("Indiquez l’unité (u, m², h…)."),
                "unit_price": _("Indiquez le prix unitaire HT."),
            }
        for name, message in needed.items():
            if data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, message)
        return data

    @staticmethod
    def is_filled(data: dict[str, Any]) -> bool:
        """Tell whether anything was typed in the line."""
        names = ("price_item", "label", "quantity", "unit", "unit_price")
        return any(data.get(name) not in (None, "") for name in names)


ExtraFormSet: type[BaseFormSet[ExtraForm]] = formset_factory(
    ExtraForm,
    formset=BaseLineFormSet,
    extra=1,
    can_delete=True,
    max_num=MAX_EXTRAS,
    absolute_max=MAX_EXTRAS,
    validate_max=True,
)


def extra_inputs(formset: BaseFormSet[ExtraForm]) -> list[ExtraInput]:
    """Return the lines that were filled in and not taken away."""
    found = []
    for form in formset.forms:
        data = form.cleaned_data
        if form in formset.deleted_forms or not ExtraForm.is_filled(data):
            continue
        item = data.get("price_item")
        found.append(
            ExtraInput(
                quantity=data["quantity"],
                price_item_id=item.pk if item else None,
                label=data.get("label") or "",
                unit=data.get("unit") or "",
                unit_price=data.get("unit_price") or Decimal(0),
                vat_rate=data["vat_rate"] or Decimal("10.00"),
            )
        )
    return found


def initial_lines(variation: Variation | None) -> list[dict[str, Any]]:
    """Return the lines of a draft as its form shows them."""
    if variation is None:
        return []
    return [
        {"price_item": line.price_item_id, "quantity": line.quantity}
        if line.price_item_id
        else {
            "label": line.label,
            "quantity": line.quantity,
            "unit": line.unit,
            "unit_price": line.unit_price,
            "vat_rate": str(line.vat_rate),
        }
        for line in variation.lines.order_by("rank")
    ]


class GrantForm(forms.Form):
    """How much of each line is granted, and a word when it isn't all."""

    note = forms.CharField(
        label=_("Réponse à l’entreprise"),
        help_text=_("Nécessaire si vous n’accordez qu’une partie."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, lines: list[VariationLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[self._name(line)] = forms.DecimalField(
                label=_("Quantité accordée"),
                min_value=Decimal(0),
                max_value=line.quantity,
                max_digits=12,
                decimal_places=3,
                localize=True,
                initial=line.quantity.normalize(),
            )

    @staticmethod
    def _name(line: VariationLine) -> str:
        return f"ligne-{line.rank}"

    def rows(self) -> list[tuple[VariationLine, forms.BoundField]]:
        """Return each line with its field."""
        return [(line, self[self._name(line)]) for line in self.lines]

    def granted(self) -> dict[UUID, Decimal]:
        """Return the granted quantity by line."""
        return {line.pk: self.cleaned_data[self._name(line)] for line in self.lines}


class RejectForm(forms.Form):
    """Why not."""

    reason = forms.ChoiceField(label=_("Motif"), choices=RejectReason.choices)
    note = forms.CharField(
        label=_("Réponse à l’entreprise"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
