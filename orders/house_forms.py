"""What a landlord says once for all of its orders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from nexxio.core.members.forms import EurosField
from orders.natures import VAT_MENTION


def _limit(label: Any) -> EurosField:
    return EurosField(
        label=label,
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        localize=True,
        help_text=_("Vide : sans plafond. Celui d’une personne, dans « Équipe », l’emporte."),
    )


class HouseForm(forms.Form):
    """A landlord's rules for all of its orders."""

    billing_address = forms.CharField(
        label=_("Adresse de facturation"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Imprimée sur chaque bon, avec le service s’il y a lieu."),
    )
    needs_commitment = forms.BooleanField(
        label=_("Aucune commande ne part sans numéro d’engagement ni code service"),
        required=False,
    )
    vat_mention = forms.BooleanField(
        label=_("Mention du taux réduit de TVA faite d’office"),
        required=False,
        help_text=format_lazy(
            _("Sur chaque commande à 10 % ou 5,5 % qui ne dit rien d’autre. {}"), VAT_MENTION
        ),
    )
    family_threshold = EurosField(
        label=_("Seuil annuel d’une famille d’achat hors marché, en € HT"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
        localize=True,
        help_text=_(
            "Chaque commande hors marché montre le cumul de l’année et prévient au-delà. Vide :"
            " sans seuil."
        ),
    )
    manager_limit = _limit(_("Plafond par commande des responsables, en € HT"))
    clerk_limit = _limit(_("Plafond par commande des chargés de clientèle ou de secteur, en € HT"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
