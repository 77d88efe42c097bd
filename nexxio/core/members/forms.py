"""Forms of the members' pages."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.members.entering import DURATIONS
from nexxio.core.members.services import Rights, names_of
from nexxio.core.members.wording import (
    ROLE_HELP,
    ROLES,
    department_choices,
    department_text,
    roles_text,
)
from nexxio.core.models import Membership
from nexxio.core.territories.forms import Place, TerritoryField
from nexxio.core.territories.selectors import Choice


class EurosField(forms.DecimalField):
    """An amount as people type it: spaces between thousands, comma, euro sign."""

    def to_python(self, value: Any) -> Any:
        """Take out what isn't the number."""
        if isinstance(value, str):
            value = "".join(value.split()).rstrip("€")
        return super().to_python(value)


class RightsForm(forms.Form):
    """Department, roles, limit and territory of a member of one side.

    territories: what may be chosen; without any there is no such field.
    """

    department = forms.ChoiceField(label=_("Service"))
    roles = forms.MultipleChoiceField(
        label=_("Rôles"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un rôle.")},
    )
    spend_limit = EurosField(
        label=_("Plafond par commande, en € HT"),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        localize=True,
        help_text=_("Vide : sans plafond, si vous n’en avez pas vous-même."),
    )
    territory = TerritoryField(
        label=_("Agence ou secteur"),
        required=False,
        help_text=_(
            "Ce que cette personne voit d’abord et ce qui lui est signalé. Tout reste à un clic."
        ),
    )

    def __init__(
        self,
        *args: Any,
        side: Side,
        member: Membership | None = None,
        territories: Sequence[Choice] = (),
        **kwargs: Any,
    ) -> None:
        if member is not None:
            kwargs["initial"] = {
                "territory": TerritoryField.key(member.agency_id, member.sector_id),
                "department": member.department,
                "roles": member.roles,
                "spend_limit": member.spend_limit,
            }
        super().__init__(*args, **kwargs)
        departments = department_choices(side)
        roles = [(role, f"{label} : {ROLE_HELP[role]}") for role, label in ROLES[side].items()]
        if member is not None:
            # What the person has already stays possible, whatever a newer version offers.
            if member.department not in dict(departments):
                departments.append((member.department, department_text(member.department)))
            held = [role for role in member.roles if role not in dict(roles)]
            roles += [(role, roles_text([role], side)) for role in held]
        self._choices("department").choices = departments
        self._choices("roles").choices = roles
        if side is not Side.LANDLORD:
            del self.fields["spend_limit"]
        self._offer(territories if side is Side.LANDLORD else (), member)

    def _offer(self, territories: Sequence[Choice], member: Membership | None) -> None:
        field = self.fields["territory"]
        assert isinstance(field, TerritoryField)
        field.offer(territories)
        if member is not None and member.former_sector:
            note = _("Secteur noté auparavant : %(text)s.") % {"text": member.former_sector}
            field.help_text = format_lazy("{} {}", field.help_text, note)
        if not territories:
            del self.fields["territory"]

    def _choices(self, name: str) -> forms.ChoiceField:
        found = self.fields[name]
        assert isinstance(found, forms.ChoiceField)
        return found

    @property
    def rights(self) -> Rights:
        """What was chosen, once the form is valid."""
        return Rights(
            department=self.cleaned_data["department"],
            roles=names_of(self.cleaned_data["roles"]),
            spend_limit=self.cleaned_data.get("spend_limit"),
            agency_id=self._place[0],
            sector_id=self._place[1],
        )

    @property
    def _place(self) -> Place:
        field = self.fields.get("territory")
        if not isinstance(field, TerritoryField):
            return (None, None)
        return field.places[self.cleaned_data["territory"]]


class InviteForm(RightsForm):
    """Whom to invite, and with which rights."""

    email = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("email", "department", "roles", "spend_limit", "territory")


class AbsenceForm(forms.Form):
    """From when to when somebody is absent, and who stands in."""

    starts_on = forms.DateField(
        label=_("Du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Au (inclus)"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    substitute = forms.TypedChoiceField(
        label=_("Remplacé par"),
        required=False,
        coerce=UUID,
        empty_value=None,
        help_text=_(
            "Cette personne reçoit les relances, et peut valider dans la limite du plafond de"
            " la personne absente."
        ),
    )

    def __init__(self, *args: Any, substitutes: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["substitute"]
        assert isinstance(field, forms.ChoiceField)
        names = [(str(member.pk), str(member.user)) for member in substitutes]
        field.choices = [("", _("Personne")), *names]


class ClosingForm(forms.Form):
    """From when to when the house is closed, and what that is called."""

    label = forms.CharField(
        label=_("Libellé"),
        max_length=60,
        help_text=_(
            "Comme « Congés d’août » ou « Pont de l’Ascension » : vos partenaires le lisent."
        ),
    )
    starts_on = forms.DateField(
        label=_("Du"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Au (inclus)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Vide : ce seul jour."),
    )


class NewcomerForm(forms.Form):
    """Name and password of somebody who has no account yet."""

    first_name = forms.CharField(
        label=_("Prénom"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Nom"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Douze caractères au moins ; une phrase se retient mieux."),
    )
    again = forms.CharField(
        label=_("Le même, encore une fois"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Compare the two passwords."""
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("Les deux mots de passe ne sont pas les mêmes."))
        return data


class EnterForm(forms.Form):
    """Why platform staff look into a space, and how long."""

    reason = forms.CharField(
        label=_("Motif, que l’organisme lira"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    minutes = forms.TypedChoiceField(
        label=_("Durée"),
        coerce=int,
        choices=[(minutes, format_lazy("{} {}", minutes, _("minutes"))) for minutes in DURATIONS],
    )
