"""What people type about appointments: windows to choose from, who goes, when he comes."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.models import Membership
from orders.models import TenantHours
from orders.services.appointments import MOST_SLOTS
from orders.services.tenant_hours import DAYS
from orders.widgets import DateInput
from orders.windows import SLOTS, Window, code_of, window_of


class HourField(forms.TimeField):
    """An hour of the day, by the browser's own picker."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M"),
            error_messages={"invalid": _("Écrivez une heure comme 14:30.")},
        )


class SlotForm(forms.Form):
    """An appointment: a day and a two-hour window, or hours of one's own.

    zone: of the dwelling, whose hours are typed.
    """

    date = forms.DateField(label=_("Jour"), widget=DateInput())
    slot = forms.ChoiceField(label=_("Créneau"), choices=SLOTS)
    start = HourField(_("ou de"))
    end = HourField(_("à"))
    off_hours = forms.BooleanField(
        label=_("Hors horaires ou jour fermé, convenu avec le locataire"), required=False
    )

    def __init__(self, *args: Any, zone: datetime.tzinfo = clock.PARIS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean_date(self) -> datetime.date:
        """Not in the past."""
        day: datetime.date = self.cleaned_data["date"]
        if day < clock.today(self.zone):
            raise forms.ValidationError(_("Ce jour est passé."))
        return day

    def clean(self) -> dict[str, Any]:
        """Hours of one's own: both, in their order."""
        found: dict[str, Any] = super().clean() or {}
        start, end = found.get("start"), found.get("end")
        if "start" in self.errors or "end" in self.errors:
            return found
        if (start is None) != (end is None):
            name = "start" if start is None else "end"
            self.add_error(name, _now("Donnez les deux heures, ou aucune."))
        elif start is not None and end <= start:
            self.add_error("end", _now("La fin du créneau doit suivre son début."))
        return found

    def window(self) -> Window:
        """Return the window as aware instants: the hours that were typed, else the slot."""
        day, start = self.cleaned_data["date"], self.cleaned_data.get("start")
        if start is None:
            return window_of(day, self.cleaned_data["slot"], self.zone)
        return (
            datetime.datetime.combine(day, start, self.zone),
            datetime.datetime.combine(day, self.cleaned_data["end"], self.zone),
        )

    def rest(self) -> list[forms.BoundField]:
        """Return what is asked beside the windows."""
        windows = ("date", "slot", "start", "end")
        return [field for field in self if not field.name.startswith(windows)]


class SlotsForm(SlotForm):
    """One window, or several to choose from; one alone may have been agreed by phone."""

    call_noted = forms.BooleanField(
        label=_("Convenu par téléphone avec le locataire"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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

    def clean(self) -> dict[str, Any]:
        """Check each window beside its field: to come, offered once."""
        found = super().clean()
        seen: set[Window] = set()
        for name, window in self._typed().items():
            if window in seen:
                self.add_error(name, _now("Ce créneau est proposé deux fois."))
            elif name != "date" and window[1] <= clock.now():
                self.add_error(name, _now("Ce créneau est passé."))
            seen.add(window)
        if found.get("call_noted") and len(seen) > 1:
            text = _now("Convenu par téléphone : ne gardez que le créneau convenu.")
            self.add_error("call_noted", text)
        return found

    def windows(self) -> list[Window]:
        """Return the windows that were typed, in their order."""
        return list(self._typed().values())

    def _typed(self) -> dict[str, Window]:
        """Name of the day's field → window, of the days that were typed and can be read."""
        found = {}
        typed = self.cleaned_data
        wrong = self.has_error("start") or self.has_error("end")
        if typed.get("date") and typed.get("slot") and not wrong:
            found["date"] = self.window()
        for number in range(2, MOST_SLOTS + 1):
            day = typed.get(f"date_{number}")
            if day:
                slot = typed.get(f"slot_{number}") or "8-10"
                found[f"date_{number}"] = window_of(day, slot, self.zone)
        return found


class ProposeForm(SlotsForm):
    """Windows with a technician."""

    def __init__(self, *args: Any, technicians: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"] = technician_field(technicians, required=False)


class MoveForm(SlotForm):
    """Another appointment, and why."""

    reason = forms.CharField(label=_("Motif"), max_length=200)
    field_order: tuple[str, ...] = ("date", "slot", "start", "end", "reason", "off_hours")


class DeskMoveForm(MoveForm):
    """Another appointment, why, and who goes: as before where nobody is named."""

    field_order = ("date", "slot", "start", "end", "technician", "reason", "off_hours")

    def __init__(self, *args: Any, technicians: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"] = technician_field(technicians, required=False)
        self.order_fields(self.field_order)


class TenantHoursForm(forms.Form):
    """Which slots of a week tenants may take by themselves, day by day."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, hours: TenantHours, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = hours.version
        for day in DAYS:
            self.fields[f"day_{day}"] = forms.MultipleChoiceField(
                label=WEEKDAYS[day].capitalize(),
                required=False,
                choices=[(code_of(day, slot), label) for slot, label in SLOTS],
                initial=hours.windows,
                widget=forms.CheckboxSelectMultiple,
            )

    def windows(self) -> list[str]:
        """Return the slots that were ticked."""
        return [code for day in DAYS for code in self.cleaned_data[f"day_{day}"]]


def typed_window(
    start: datetime.datetime, end: datetime.datetime, zone: datetime.tzinfo
) -> dict[str, Any]:
    """Return an appointment as the form types it: its day, and its slot or its own hours."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    slot = f"{first.hour}-{last.hour}"
    if slot in dict(SLOTS) and not (first.minute or last.minute):
        return {"date": first.date(), "slot": slot}
    return {"date": first.date(), "start": first.time(), "end": last.time()}


def technician_field(technicians: list[Membership], *, required: bool) -> forms.TypedChoiceField:
    """Return a choice among the company's own technicians."""
    return forms.TypedChoiceField(
        label=_("Technicien"),
        required=required,
        coerce=UUID,
        empty_value=None,
        choices=[("", "—"), *((str(member.pk), str(member.user)) for member in technicians)],
    )


class GoForm(forms.Form):
    """Who leaves at once, and whether the tenant was called."""

    call_noted = forms.BooleanField(
        label=_("J’ai prévenu le locataire par téléphone"), required=False
    )

    def __init__(self, *args: Any, technicians: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["technician"] = technician_field(technicians, required=True)
        self.order_fields(["technician", "call_noted"])


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

    def window(self, visited: datetime.datetime) -> Window:
        """Return the hours, on the day and at the place of a visit's window, as aware instants."""
        day, zone = clock.day_of(visited), clock.zone_at(visited)
        start = datetime.datetime.combine(day, self.cleaned_data["start"], zone)
        return start, start + datetime.timedelta(minutes=self.cleaned_data["minutes"])
