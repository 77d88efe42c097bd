"""What people type about retentions, advances, refunds and payment runs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contractors import services
from contractors.models import MoneyTerms, PaymentCalendar
from contractors.money_states import MoneyCode, RefundHow, Security
from orders.widgets import DateInput

WEEKDAYS = (
    (0, _("Lundi")),
    (1, _("Mardi")),
    (2, _("Mercredi")),
    (3, _("Jeudi")),
    (4, _("Vendredi")),
)


def _percent(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=5, decimal_places=2, localize=True, **more)


class MoneyTermsForm(forms.Form):
    """A contract's payment, its retention, what may stand in for it, its advance, its VAT."""

    payment_days = forms.IntegerField(
        label=_("Délai de paiement, en jours"),
        min_value=1,
        required=False,
        help_text=_("Vide : le délai légal. Un marché le raccourcit, et ne l’allonge pas."),
    )
    is_month_end = forms.BooleanField(
        label=_("Paiement à 45 jours fin de mois"),
        required=False,
        help_text=_("Entre privés seulement, à la place d’un nombre de jours."),
    )
    late_rate = _percent(
        _("Pénalités de retard convenues, en % par an"),
        required=False,
        min_value=0,
        help_text=_("Entre privés seulement. Vide : le taux légal."),
    )
    retention_rate = _percent(_("Retenue de garantie, en % du TTC"), min_value=0)
    is_small = forms.BooleanField(
        label=_("Plafond réduit : l’entreprise est petite, et notre organisme y est tenu"),
        required=False,
    )
    retention_months = forms.IntegerField(
        label=_("Mois entre la réception des travaux et la libération"), min_value=1, max_value=60
    )
    security = forms.ChoiceField(
        label=_("Garantie qui remplace la retenue"),
        choices=[("", _("Aucune")), *Security.choices],
        required=False,
        help_text=_("Dès sa date, plus rien n’est retenu, et ce qui l’était est à libérer."),
    )
    security_issuer = forms.CharField(
        label=_("Organisme qui garantit"), max_length=120, required=False
    )
    security_on = forms.DateField(
        label=_("Date de la garantie"), required=False, widget=DateInput()
    )
    recover_from = _percent(_("Avance : début de la reprise, en % du montant du marché"))
    recover_until = _percent(
        _("Avance : fin de la reprise, en %"),
        help_text=_("Entre les deux, chaque facture en reprend sa part."),
    )
    is_reverse_charge = forms.BooleanField(
        label=_("Sous-traitance de travaux, autoliquidation : notre organisme doit la TVA"),
        required=False,
        help_text=_(
            "Seulement si vous êtes vous-même entreprise principale de ces travaux (article"
            " 283-2 nonies du CGI). Les factures préparées ensuite sont sans TVA."
        ),
    )

    def typed(self) -> services.MoneyTermsInput:
        """Return what the service takes."""
        return services.MoneyTermsInput(**self.cleaned_data)

    @staticmethod
    def values_of(terms: MoneyTerms | None, figures: dict[str, Decimal]) -> dict[str, Any]:
        """Return what the fields show: what is said, or what is usual."""
        if terms is None:
            return {
                "retention_rate": 0,
                "retention_months": int(figures.get(MoneyCode.RETENTION_MONTHS, 0)) or None,
                "recover_from": figures.get(MoneyCode.RECOVER_FROM),
                "recover_until": figures.get(MoneyCode.RECOVER_UNTIL),
            }
        return {name: getattr(terms, name) for name in MoneyTermsForm.base_fields}


class AdvanceForm(forms.Form):
    """An advance that was paid."""

    base = forms.DecimalField(
        label=_("Montant du marché TTC, en euros"),
        max_digits=14,
        decimal_places=2,
        localize=True,
        help_text=_("Les pourcentages de la reprise se comptent sur lui."),
    )
    amount = forms.DecimalField(
        label=_("Avance versée TTC, en euros"), max_digits=12, decimal_places=2, localize=True
    )
    requested_on = forms.DateField(
        label=_("Demandée par l’entreprise le"), required=False, widget=DateInput()
    )
    paid_on = forms.DateField(label=_("Versée le"), widget=DateInput())
    reference = forms.CharField(label=_("Référence du virement"), max_length=60, required=False)


class OpposeForm(forms.Form):
    """Why a retention isn't released."""

    note = forms.CharField(
        label=_("Raison de l’opposition"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("L’entreprise la lit : réserves non levées, et ce que vous attendez."),
    )


class RefundForm(forms.Form):
    """What came back of what was paid too much."""

    amount = forms.DecimalField(
        label=_("Montant TTC, en euros"), max_digits=12, decimal_places=2, localize=True
    )
    on = forms.DateField(label=_("Le"), widget=DateInput())
    how = forms.ChoiceField(
        label=_("Comment"),
        choices=RefundHow.choices,
        widget=forms.RadioSelect,
        initial=RefundHow.REFUNDED,
    )
    reference = forms.CharField(
        label=_("Référence"),
        max_length=120,
        help_text=_("Du virement reçu, ou numéro de la facture dont le paiement a été réduit."),
    )


class CalendarForm(forms.Form):
    """On which days a landlord pays."""

    weekdays = forms.TypedMultipleChoiceField(
        label=_("Chaque semaine, le"),
        choices=WEEKDAYS,
        coerce=int,
        widget=forms.CheckboxSelectMultiple(),
        required=False,
        help_text=_("Un jour férié, le paiement part le jour ouvré suivant."),
    )
    days = forms.CharField(
        label=_("Et à ces dates"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Une par ligne, comme 15/01/2027 : collez la liste de votre comptabilité."),
    )

    def clean_days(self) -> list[date]:
        """Return the dates; the first line that is none is named."""
        found = []
        for line in str(self.cleaned_data["days"]).replace(";", "\n").splitlines():
            text = line.strip()
            if text:
                found.append(_day(text))
        return found

    @staticmethod
    def values_of(calendar: PaymentCalendar | None) -> dict[str, Any]:
        """Return what the fields show."""
        if calendar is None:
            return {}
        days = "\n".join(f"{day:%d/%m/%Y}" for day in calendar.days)
        return {"weekdays": calendar.weekdays, "days": days}


def _day(text: str) -> date:
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 (a day without an hour)
        except ValueError:
            continue
    raise forms.ValidationError(
        _("« %(text)s » n’est pas une date : écrivez 15/01/2027."), params={"text": text[:30]}
    )
