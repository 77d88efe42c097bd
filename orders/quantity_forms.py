"""Quantities that people type line by line: what was done, what is certified, what stays due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from nexxio.core.templatetags.ui import number
from orders.services.amounts import Due
from orders.variation_states import TYPED_REDUCTIONS


@dataclass(frozen=True)
class QuantityLine:
    """A line whose quantity may be lowered. most: what is due, or said; now: what is proposed."""

    key: UUID
    label: str
    code: str
    unit: str
    unit_price: Decimal
    most: Decimal
    now: Decimal


def lines_due(dues: Iterable[Due], said: Mapping[str, str] | None = None) -> list[QuantityLine]:
    """Return what is due as lines to lower. said: what was typed before, by the line's key."""
    return [
        QuantityLine(
            key=due.key,
            label=due.line.label,
            code=due.line.code,
            unit=due.line.unit,
            unit_price=due.line.unit_price,
            most=due.quantity,
            now=min(Decimal((said or {}).get(str(due.key), due.quantity)), due.quantity),
        )
        for due in dues
        if due.quantity > 0
    ]


def lines_said(lines: Iterable[Mapping[str, Any]]) -> list[QuantityLine]:
    """Return the lines of a certificate's content; versions from before have no key, and none."""
    return [
        QuantityLine(
            key=UUID(line["key"]),
            label=line["label"],
            code=line["code"],
            unit=line["unit"],
            unit_price=line["unit_price"],
            most=line["quantity"],
            now=line["quantity"],
        )
        for line in lines
        if line.get("key") and line["quantity"] > 0
    ]


def quantity_field(
    label: Any, *, most: Decimal, now: Decimal, required: bool = True
) -> forms.DecimalField:
    """Return the field of a quantity that may be lowered, to zero. now: what stands in it first."""
    return forms.DecimalField(
        label=label,
        required=required,
        min_value=Decimal(0),
        max_value=most,
        max_digits=12,
        decimal_places=3,
        localize=True,
        initial=now.normalize(),
        error_messages={"max_value": _("Pas plus de %(most)s.") % {"most": number(most)}},
    )


_PREFIX = "quantite-"


def _name(line: QuantityLine) -> str:
    """Return the name of a line's field: lines may change while a page is open, keys don't."""
    return f"{_PREFIX}{line.key}"


class QuantitiesForm(forms.Form):
    """A quantity for each line, from zero to what is due; all of it where nothing is typed."""

    def __init__(self, *args: Any, lines: Sequence[QuantityLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[_name(line)] = quantity_field(
                _("Quantité de %(label)s") % {"label": line.label},
                most=line.most,
                now=line.now,
                required=False,
            )

    def rows(self) -> list[tuple[QuantityLine, forms.BoundField]]:
        """Return each line with its field."""
        return [(line, self[_name(line)]) for line in self.lines]

    def own_fields(self) -> list[forms.BoundField]:
        """Return the fields that are about no line."""
        return [bound for bound in self if not bound.name.startswith(_PREFIX)]

    def quantities(self) -> dict[UUID, Decimal]:
        """Return what was typed, by the line's key."""
        typed = {line.key: self.cleaned_data.get(_name(line)) for line in self.lines}
        return {key: value for key, value in typed.items() if value is not None}


class ReductionForm(QuantitiesForm):
    """Why there is less to do, or was less done."""

    reason = forms.ChoiceField(label=_("Motif"), choices=TYPED_REDUCTIONS)
    note = forms.CharField(
        label=_("Précisions pour l’autre partie"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectForm(QuantitiesForm):
    """What was done, in the company's words, and how much of each line."""

    report = forms.CharField(
        label=_("Ce qui a été fait"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Lignes de prix, devis accordés et photos sont repris de la commande."),
    )


class CertifyForm(QuantitiesForm):
    """How much of each line is certified, and a word when it isn't all."""

    note = forms.CharField(
        label=_("Pourquoi vous constatez moins"),
        help_text=_("Nécessaire si vous baissez une quantité : l’entreprise le lit."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
