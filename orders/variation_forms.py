"""What people type about variations: reason, photo, lines, and the landlord's answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from nexxio.core.ids import new_id
from orders.line_forms import LineForm, LineFormSet, typed_rows
from orders.models import Order, Variation, VariationLine
from orders.services import LineInput, VariationInput, as_typed, price_date, resolve
from orders.variation_states import (
    ReductionRefusal,
    RejectReason,
    UrgencyReason,
    VariationKind,
    VariationReason,
)


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

    send_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    kind = VariationKind.VARIATION.value

    def __init__(self, *args: Any, variation: Variation | None = None, **kwargs: Any) -> None:
        """variation: the draft that is written on; a new one gets its key here, in advance."""
        super().__init__(*args, **kwargs)
        self.fields["send_key"].initial = variation.pk if variation else new_id

    def variation_input(self, lines: list[LineInput]) -> VariationInput:
        """Return what was typed."""
        data = self.cleaned_data
        return VariationInput(
            reason=data["reason"],
            note=data["note"],
            urgency=data.get("urgency", ""),
            kind=self.kind,
            photo=data["photo"],
            lines=tuple(lines),
            key=data["send_key"],
        )


class RegularisationForm(VariationForm):
    """Why it could not wait, and the proof: a photo, or words."""

    kind = VariationKind.REGULARISATION.value
    reason = forms.ChoiceField(label=_("Urgence"), choices=UrgencyReason.choices)
    note = forms.CharField(
        label=_("Ce qui a été fait, et pourquoi cela ne pouvait pas attendre"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    urgency = forms.CharField(
        label=_("Preuve de l’urgence"),
        help_text=_("Qui a demandé, quand, par quel moyen ; ou ce que montre la photo."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        help_text=_("Le travail seulement, jamais les personnes. Une photo ou une preuve écrite."),
    )
    field_order: tuple[str, ...] = ("reason", "note", "urgency", "photo", "send_key")


FORMS: dict[str, type[VariationForm]] = {
    VariationKind.VARIATION: VariationForm,
    VariationKind.REGULARISATION: RegularisationForm,
}


def lines_of(
    order: Order, variation: Variation | None, data: QueryDict | None, *, by_code: bool = False
) -> BaseFormSet[LineForm]:
    """Return the price lines of a variation, at the prices that its order has.

    by_code: as the formset takes it.
    """
    on = price_date(order)
    rows: list[dict[str, Any]] = []
    if variation is not None:
        typed = as_typed(variation.lines.order_by("rank"))
        keys = [line.price_item_id for line in typed if line.price_item_id]
        rows = typed_rows(typed, resolve(order.contract_id, keys, on))
    return LineFormSet(
        data,
        prefix="lignes",
        initial=rows,
        form_kwargs={"contract_id": order.contract_id, "on": on, "by_code": by_code},
    )


class GrantForm(forms.Form):
    """How much of each line is granted; a reason and a word when it isn't all."""

    reason = forms.ChoiceField(
        label=_("Motif, si vous n’accordez qu’une partie"),
        choices=[("", _("Tout est accordé")), *RejectReason.choices],
        required=False,
    )
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
        label=_("Votre réponse"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefuseLessForm(RejectForm):
    """Why not less."""

    reason = forms.ChoiceField(label=_("Motif"), choices=ReductionRefusal.choices)


REJECT_FORMS: dict[str, type[RejectForm]] = {
    VariationKind.VARIATION: RejectForm,
    VariationKind.REGULARISATION: RejectForm,
    VariationKind.REDUCTION: RefuseLessForm,
}
