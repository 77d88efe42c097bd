"""What is typed of references between peers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.forms import PhoneField


class ConsentForm(forms.Form):
    """The company's word that exactly this is shown. What is shown comes beside it."""

    consents = forms.BooleanField(
        label=_(
            "J’accepte, pour mon entreprise, que les autres bailleurs de Nexxio lisent exactement"
            " ceci. Je peux le retirer à tout moment."
        ),
        error_messages={"required": _("Cochez votre accord pour publier.")},
    )


class CallForm(forms.Form):
    """Where other landlords may call whoever types it."""

    phone = PhoneField(
        label=_("Téléphone où vous joindre"),
        max_length=30,
        help_text=_("Votre numéro professionnel. Votre nom et ce numéro seront affichés."),
    )
    consents = forms.BooleanField(
        label=_("J’accepte que d’autres bailleurs m’appellent au sujet de cette entreprise."),
        error_messages={"required": _("Cochez votre accord pour être appelé.")},
    )


class NamingForm(forms.Form):
    """A landlord's own rule: whether it is named."""

    unnamed = forms.BooleanField(
        label=_("Ne pas nommer notre organisme dans les références de nos entreprises"),
        required=False,
        help_text=_(
            "Les autres bailleurs liront « un bailleur qui préfère ne pas être nommé », sans"
            " département, et plus personne de chez vous ne pourra être appelé."
        ),
    )
