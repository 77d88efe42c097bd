"""What people type about appointments: windows to choose from, who goes, when he comes."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.models import Membership
from orders.forms import PARIS, DateInput
from orders.services.appointments import MOST_SLOTS, Window
from orders.working_days import closed_because

SLOTS = (
    ("8-10", "8 h – 10 h"),
    ("10-12", "10 h – 12 h"),
    ("14-16", "14 h – 16 h"),
    ("16-18", "16 h – 18 h"),
)


class SlotForm(forms.Form):
    """An appointment: a day and a two-hour window (Europe/Paris)."""

    date = forms.DateField(label=_("Jour"), widget=DateInput())
    slot = forms.ChoiceField(label=_("Créneau"), choices=SLOTS)

    def clean_date(self) -> datetime.date:
        """Not in the past."""
        day: datetime.date = self.cleaned_data["date"]
        if day < clock.today():
            raise forms.ValidationError(_("Ce jour est passé."))
        return day

    def window(self) -> Window:
        """Return the window as aware instants."""
        return window_of(self.cleaned_data["date"], self.cleaned_data["slot"])


def window_of(day: datetime.date, slot: str) -> Window:
    """Return a slot ("8-10") of a day as aware instants."""
    first, last = (int(hour) for hour in slot.split("-"))
    return (
        datetime.datetime.combine(day, datetime.time(first), PARIS),
        datetime.datetime.combine(day, datetime.time(last), PARIS),
    )


class SlotsForm(SlotForm):
    """One window, or several to choose from; one alone may have been agreed by phone."""

    call_noted = forms.BooleanField(
        label=_("Convenu par téléphone avec le locataire"), required=False
    )

    def __init__(self, *args: Any, urgent: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.urgent = urgent
        for number in range(2, MOST_SLOTS + 1):
            self.fields[f"date_{number}"] = forms.DateField(
                label=_("Jour"), widget=DateInput(), required=False
            )
            self.fields[f"slot_{number}"] = forms.ChoiceField(
                label=_("Créneau"), choices=SLOTS, required=False
            )

    def others(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of the further windows, pair by pair."""
        return [(self[f"date_{n}"], self[f"slot_{n}"]) for n in range(2, MOST_SLOTS + 1)]

    def rest(self) -> list[forms.BoundField]:
        """Return what is asked beside the windows."""
        return [field for field in self if not field.name.startswith(("date", "slot"))]

    def clean(self) -> dict[str, Any]:
        """Check each window beside its field: to come, on a working day, offered once."""
        found: dict[str, Any] = super().clean() or {}
        seen: set[Window] = set()
        for name, window in self._typed().items():
            if window in seen:
                self.add_error(name, _now("Ce créneau est proposé deux fois."))
            elif name != "date" and window[1] <= clock.now():
                self.add_error(name, _now("Ce créneau est passé."))
            elif not (self.urgent or found.get("call_noted")):
                self._require_open(name)
            seen.add(window)
        if found.get("call_noted") and len(seen) > 1:
            text = _now("Convenu par téléphone : ne gardez que le créneau convenu.")
            self.add_error("call_noted", text)
        return found

    def windows(self) -> list[Window]:
        """Return the windows that were typed, in their order."""
        return list(self._typed().values())

    def _require_open(self, name: str) -> None:
        why = closed_because(self.cleaned_data[name])
        if why:
            text = _now("%(why)s : seulement en urgence, ou convenu par téléphone.")
            self.add_error(name, text % {"why": why})

    def _typed(self) -> dict[str, Window]:
        """Name of the day's field → window, of the days that were typed and can be read."""
        found = {}
        for number in range(1, MOST_SLOTS + 1):
            end = "" if number == 1 else f"_{number}"
            day, slot = (self.cleaned_data.get(f"{name}{end}") for name in ("date", "slot"))
            if day:
                found[f"date{end}"] = window_of(day, slot or SLOTS[0][0])
        return found


class ProposeForm(SlotsForm):
    """Windows with a technician."""

    def __init__(self, *args: Any, technicians: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"] = technician_field(technicians, required=False)


class MoveForm(SlotForm):
    """Another appointment, and why."""

    reason = forms.CharField(label=_("Motif"), max_length=200)


def technician_field(technicians: list[Membership], *, required: bool) -> forms.TypedChoiceField:
    """Return a choice among the company's own technicians."""
    return forms.TypedChoiceField(
        label=_("Technicien"),
        required=required,
        coerce=UUID,
        empty_value=None,
        choices=[("", "—"), *((str(member.pk), str(member.user)) for member in technicians)],
    )


class AssignForm(forms.Form):
    """Who goes."""

    def __init__(self, *args: Any, technicians: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"] = technician_field(technicians, required=True)


class ArrivalForm(forms.Form):
    """On the day: from when, and how exactly."""

    start = forms.TimeField(
        label=_("J’arrive à partir de"),
        widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"),
        error_messages={"invalid": _("Écrivez une heure comme 14:30.")},
    )
    minutes = forms.TypedChoiceField(
        label=_("Et au plus tard"),
        coerce=int,
        choices=[
            (15, _("un quart d’heure après")),
            (30, _("une demi-heure après")),
            (60, _("une heure après")),
        ],
        initial=30,
    )

    def window(self, day: datetime.date) -> Window:
        """Return the hours on a day as aware instants."""
        start = datetime.datetime.combine(day, self.cleaned_data["start"], PARIS)
        return start, start + datetime.timedelta(minutes=self.cleaned_data["minutes"])
