"""What people type about credit notes and situations: how much of each line, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from contractors.services.credits import Creditable
from contractors.services.situations import ProgressLine
from contractors.states import CreditReason
from nexxio.core.templatetags.ui import money_text, number

WHOLE, PART = "whole", "part"
THOUSANDTH = Decimal("0.001")


class QuantityField(forms.CharField):
    """So much of a line: a quantity (« 12,5 ») or a percentage of the whole line (« 40 % »).

    whole: the line's own quantity. Empty is nothing of it.
    """

    def __init__(self, *, whole: Decimal, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=20, **kwargs)
        self.whole = whole
        self.widget.attrs["inputmode"] = "decimal"

    def clean(self, value: Any) -> Decimal:
        """Return a quantity."""
        text = re.sub(r"\s", "", super().clean(value))
        if not text:
            return Decimal(0)
        try:
            found = Decimal(text.removesuffix("%").replace(",", "."))
        except InvalidOperation as error:
            raise forms.ValidationError(_("Une quantité, comme 12,5, ou 40 %.")) from error
        if not found.is_finite() or abs(found) > Decimal(10**8):
            raise forms.ValidationError(_("Une quantité, comme 12,5, ou 40 %."))
        if text.endswith("%"):
            found = self.whole * found / 100
        return found.quantize(THOUSANDTH, ROUND_HALF_UP)


class CreditForm(forms.Form):
    """What is taken back of an invoice, and why. lines: what is left of it.

    is_whole: it can only be taken back as a whole (refused).
    """

    reason = forms.ChoiceField(
        label=_("Motif"), choices=[("", _("Choisissez")), *CreditReason.choices]
    )
    note = forms.CharField(
        label=_("Explication"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Le bailleur la lit ; elle est écrite sur l’avoir."),
    )
    scope = forms.ChoiceField(
        label=_("Ce que l’avoir reprend"),
        choices=[
            (WHOLE, _("Tout ce qui reste de la facture")),
            (PART, _("Une partie : les quantités indiquées ci-dessous")),
        ],
        widget=forms.RadioSelect,
        initial=WHOLE,
    )

    def __init__(
        self, *args: Any, lines: Sequence[Creditable], is_whole: bool, **kwargs: Any
    ) -> None:
        """Ask for each line's quantity where a part may be taken back."""
        super().__init__(*args, **kwargs)
        self.lines: list[Creditable] = []
        if is_whole:
            del self.fields["scope"]
            return
        self.lines = [each for each in lines if each.total > 0]
        for each in self.lines:
            self.fields[line_name(each.line.pk)] = QuantityField(
                whole=each.line.quantity, label=each.line.label, help_text=_left(each)
            )

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        found = self.cleaned_data
        quantities = None
        if found.get("scope") == PART:
            names = {each.line.pk: line_name(each.line.pk) for each in self.lines}
            quantities = {pk: found[name] for pk, name in names.items()}
        return {"reason": found["reason"], "note": found["note"], "quantities": quantities}


class SituationForm(forms.Form):
    """How far the works of each line are since the last situation."""

    def __init__(self, *args: Any, lines: Sequence[ProgressLine], **kwargs: Any) -> None:
        """Ask for each line of which something is left."""
        super().__init__(*args, **kwargs)
        self.lines = lines
        for each in lines:
            assert each.line.origin_id is not None
            self.fields[line_name(each.line.origin_id)] = QuantityField(
                whole=each.quantity, label=each.line.label, help_text=_rest(each)
            )

    def quantities(self) -> dict[UUID, Decimal]:
        """Return the quantity of each line, by the line's id."""
        keys = [each.line.origin_id for each in self.lines]
        return {key: self.cleaned_data[line_name(key)] for key in keys if key is not None}


def line_name(pk: UUID) -> str:
    """Return the field of a line, as the services' errors name it."""
    return f"line_{pk}"


def _left(each: Creditable) -> str:
    said = {
        "left": f"{number(each.quantity)} {each.line.unit}",
        "whole": f"{number(each.line.quantity)} {each.line.unit}",
        "euros": money_text(each.total),
    }
    return gettext("Quantité, ou pourcentage. Reste %(left)s sur %(whole)s, %(euros)s HT.") % said


def _rest(each: ProgressLine) -> str:
    said = {
        "whole": f"{number(each.quantity)} {each.line.unit}",
        "euros": money_text(each.whole),
        "before": money_text(each.before),
        "left": f"{number(each.left)} {each.line.unit}",
    }
    return (
        gettext(
            "Commandé : %(whole)s, %(euros)s HT. Déjà facturé : %(before)s HT. Reste : %(left)s."
        )
        % said
    )
