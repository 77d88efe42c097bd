"""What is typed about a contract's upkeep: an equipment, and how visits ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from nexxio.core.models import UnitKind
from orders.models import EquipmentKind, UpkeepOutcome
from orders.models.upkeep import MOST_MONTHS
from orders.selectors.upkeep import EquipmentRow
from orders.services import EquipmentInput, UpkeepLine
from orders.widgets import DateInput


class EquipmentForm(forms.Form):
    """An equipment of a residence, and the contract that keeps it up."""

    kind = forms.ChoiceField(label=_("Équipement"), choices=EquipmentKind)
    mark = forms.CharField(
        label=_("Repère ou numéro de série"),
        max_length=60,
        required=False,
        help_text=_("Pour le distinguer d’un autre au même endroit."),
    )
    unit_kind = forms.ChoiceField(label=_("Lieu"), choices=UnitKind)
    unit_number = forms.CharField(
        label=_("Numéro ou nom du lieu"),
        max_length=20,
        required=False,
        help_text=_("Laissez vide pour toute la résidence."),
    )
    months = forms.IntegerField(
        label=_("Un passage tous les (mois)"), min_value=1, max_value=MOST_MONTHS, initial=12
    )
    first_due_on = forms.DateField(label=_("Prochain passage avant le"), widget=DateInput())

    def __init__(self, *args: Any, contracts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contract"] = forms.ChoiceField(label=_("Marché"), choices=contracts)

    def equipment_input(self) -> EquipmentInput:
        """Return what was typed, once it is valid."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "contract"}
        return EquipmentInput(**typed)


class UpkeepForm(forms.Form):
    """The visits of a day: how each ended, beside its equipment; "" where it had none."""

    visited_on = forms.DateField(label=_("Date du passage"), widget=DateInput())

    def __init__(self, *args: Any, rows: Sequence[EquipmentRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = rows
        outcomes = [("", _("–")), *UpkeepOutcome.choices]
        for row in rows:
            key, name = row.equipment.pk.hex, f"{row.equipment}, {row.equipment.place_unit}"
            self.fields[f"outcome_{key}"] = forms.ChoiceField(
                label=format_lazy(_("Résultat : {}"), name), choices=outcomes, required=False
            )
            self.fields[f"sheet_{key}"] = forms.CharField(
                label=format_lazy(_("Attestation ou fiche n° : {}"), name),
                max_length=40,
                required=False,
            )

    def lines(self) -> list[UpkeepLine]:
        """Return the visits that were typed, once they are valid."""
        said = self.cleaned_data
        return [
            UpkeepLine(
                equipment_id=row.equipment.pk,
                outcome=outcome,
                sheet=said[f"sheet_{row.equipment.pk.hex}"],
            )
            for row in self._rows
            if (outcome := said[f"outcome_{row.equipment.pk.hex}"])
        ]

    def bound_rows(self) -> Iterator[tuple[EquipmentRow, BoundField, BoundField]]:
        """Yield each equipment with its two fields."""
        for row in self._rows:
            key = row.equipment.pk.hex
            yield row, self[f"outcome_{key}"], self[f"sheet_{key}"]
