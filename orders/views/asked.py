"""What a company asked for when it sent an order back, and the controls that mend it."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseFormSet

from orders import completeness
from orders.forms import OrderForm
from orders.line_forms import LineForm
from orders.models import Order
from orders.states import ReturnReason


@dataclass(frozen=True)
class Asked:
    """What a company asked for: in words, and the control that mends it ("" for none here).

    by_another: an order that takes its place mends it.
    """

    label: str
    field: str
    by_another: bool


def asked_of(form: OrderForm, formset: BaseFormSet[LineForm], order: Order | None) -> list[Asked]:
    """Return what the company asked for, and mark the controls that mend it."""
    known = dict(ReturnReason.choices)
    found = []
    for code in order.returned_items if order else ():
        names = completeness.RETURN_FIELDS.get(code, ())
        for name in names:
            _mark(form, formset, name)
        found.append(
            Asked(
                str(known.get(code, code)),
                names[0] if names else "",
                by_another=code in completeness.BY_ANOTHER,
            )
        )
    return found


def _mark(form: OrderForm, formset: BaseFormSet[LineForm], name: str) -> None:
    fields = form.fields
    if name.startswith("lignes-0-"):
        if not formset.forms:
            return
        fields, name = formset.forms[0].fields, name.removeprefix("lignes-0-")
    fields[name].widget.attrs["class"] = "control--asked"
