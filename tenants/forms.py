"""What a tenant types to enter."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nexxio.core.entry.codes import DIGITS
from nexxio.core.entry.contacts import MAX_LENGTH


class ContactForm(forms.Form):
    """A mobile number or an e-mail address; core/entry/contacts reads it."""

    contact = forms.CharField(
        label=_("Portable ou adresse e-mail"),
        max_length=MAX_LENGTH,
        help_text=_("Celui que votre bailleur connaît."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        error_messages={
            "required": _("Indiquez votre numéro de portable ou votre adresse e-mail."),
            "max_length": _("C’est trop long pour un numéro ou une adresse e-mail."),
        },
    )


class CodeForm(forms.Form):
    """The six digits of the message; people put spaces between them."""

    code = forms.CharField(
        label=_("Code à six chiffres"),
        max_length=DIGITS + 12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={
            "required": _("Recopiez les six chiffres du message."),
            "max_length": _("Le code n’a que six chiffres."),
        },
    )
