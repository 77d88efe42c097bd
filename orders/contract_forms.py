"""What managers type about contracts and price schedules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.forms import DateInput
from orders.services import ItemInput

MODES = (
    ("copy", _("Les articles en vigueur, aux mêmes prix")),
    ("revise", _("Les articles en vigueur, prix révisés par un coefficient")),
    ("empty", _("Vide : je la remplis par un fichier")),
)
PLACES = (
    ("2", _("au centime (0,01 €), la moitié vers le haut")),
    ("4", _("au dix-millième (0,0001 €), la moitié vers le haut")),
)


class DayForm(forms.Form):
    """The day from which a version holds."""

    effective_on = forms.DateField(
        label=_("Date d'effet"),
        widget=DateInput(),
        help_text=_("Les commandes transmises à partir de ce jour en prennent les prix."),
    )


class PrepareForm(DayForm):
    """A new version: from when, and from what."""

    mode = forms.ChoiceField(label=_("Partir de"), choices=MODES, widget=forms.RadioSelect)
    coefficient = forms.DecimalField(
        label=_("Coefficient de révision"),
        required=False,
        max_digits=8,
        decimal_places=6,
        localize=True,
        help_text=_(
            "Indice du mois de révision divisé par l'indice d'origine : 1,0245 augmente de 2,45 %."
        ),
    )
    places = forms.ChoiceField(label=_("Arrondir chaque prix"), choices=PLACES, required=False)
    note = forms.CharField(
        label=_("Origine"),
        required=False,
        max_length=200,
        help_text=_("Ce qui la justifie : avenant n° 2, indice BT38 de mars 2026…"),
    )

    def clean(self) -> dict[str, Any]:
        """A revision needs its coefficient."""
        data = super().clean() or {}
        revised = data.get("mode") == "revise"
        if revised and not data.get("coefficient") and "coefficient" not in self.errors:
            self.add_error("coefficient", _("Indiquez le coefficient, 1,0245 par exemple."))
        return data

    def asked(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        revised = data["mode"] == "revise"
        return {
            "effective_on": data["effective_on"],
            "copy": data["mode"] != "empty",
            "coefficient": data["coefficient"] if revised else Decimal(1),
            "places": int(data["places"] or 2),
            "note": data["note"],
        }


class ItemForm(forms.Form):
    """An article of a version that is being prepared; a code that is there is rewritten."""

    code = forms.CharField(label=_("Code"), max_length=20)
    label = forms.CharField(label=_("Désignation"), max_length=200)
    unit = forms.CharField(label=_("Unité"), max_length=12)
    unit_price = forms.DecimalField(
        label=_("Prix unitaire HT"), max_digits=11, decimal_places=4, min_value=0, localize=True
    )
    vat_rate = forms.DecimalField(
        label=_("TVA %"),
        max_digits=4,
        decimal_places=2,
        min_value=0,
        initial=Decimal("10.00"),
        localize=True,
    )

    def item(self) -> ItemInput:
        """Return what the service takes."""
        return ItemInput(**self.cleaned_data)
