"""Forms of agencies and sectors, and the field that gives a member his part of the estate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from nexxio.core.territories.selectors import Choice
from nexxio.core.territories.services import NAME

Place = tuple[UUID | None, UUID | None]
"""(agency, sector); both None for the whole estate."""


class NameForm(forms.Form):
    """The name of an agency or a sector."""

    name = forms.CharField(label=_("Nom"), max_length=NAME)


class TerritoryField(forms.ChoiceField):
    """One choice of the whole estate, an agency, or a sector; its value is a `Place`."""

    def offer(self, choices: Iterable[Choice]) -> None:
        """Set what may be chosen."""
        self.places: dict[str, Place] = {"": (None, None)}
        options: list[Any] = [("", _("Tout le patrimoine"))]
        for choice in choices:
            agency = choice.agency
            self.places[f"a{agency.pk}"] = (agency.pk, None)
            group = [(f"a{agency.pk}", _("%(agency)s : toute l’agence") % {"agency": agency})]
            for sector in choice.sectors:
                self.places[f"s{sector.pk}"] = (agency.pk, sector.pk)
                group.append((f"s{sector.pk}", str(sector)))
            options.append((str(agency), group))
        self.choices = options

    @staticmethod
    def key(agency_id: UUID | None, sector_id: UUID | None) -> str:
        """Return the option of a place."""
        return f"s{sector_id}" if sector_id else (f"a{agency_id}" if agency_id else "")


class AssignForm(forms.Form):
    """Which residences go to which sector. everything: all that were found, not the ticked ones."""

    groups = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    everything = forms.BooleanField(required=False)
    sector = forms.ChoiceField(label=_("Secteur"), error_messages={"required": _("Choisissez.")})
    leaving = forms.IntegerField(required=False, min_value=0)

    def __init__(self, *args: Any, choices: list[Choice], found: Iterable[UUID], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.names = {str(s.pk): f"{c.agency}, {s}" for c in choices for s in c.sectors}
        options: list[Any] = [("", _("Choisir un secteur…"))]
        options += [(str(c.agency), [(str(s.pk), s.name) for s in c.sectors]) for c in choices]
        options.append((NO_SECTOR, _("Aucun : retirer de leur secteur")))
        self._choices("sector").choices = options
        self._choices("groups").choices = [(str(pk), "") for pk in found]

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    @property
    def sector_id(self) -> UUID | None:
        """The sector that was chosen; None to take residences out of theirs."""
        chosen = self.cleaned_data["sector"]
        return None if chosen == NO_SECTOR else UUID(chosen)


NO_SECTOR = "aucun"
