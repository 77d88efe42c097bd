"""A contract's equipment: what was seen to, what is due, what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.templatetags.ui import number
from orders.models import Contract, Equipment, UpkeepOutcome, UpkeepVisit
from orders.selectors.status import Status

PER_PAGE = 50
SOON = timedelta(days=60)
"""Ahead of its last day an equipment stands among what is to be done."""

LATE, DUE, HELD, MISSED = "retard", "a-faire", "a-jour", "sans-acces"
_STATUS = {
    LATE: (_("En retard"), "danger", "alert-triangle"),
    DUE: (_("À faire"), "warning", "calendar-time"),
    HELD: (_("À jour"), "success", "circle-check"),
}
STATES = (
    (LATE, _("En retard")),
    (DUE, _("À faire d’ici 60 jours")),
    (HELD, _("À jour")),
    (MISSED, _("Sans accès au dernier passage")),
)


@dataclass(frozen=True)
class EquipmentRow:
    """An equipment and where it stands today. sheet: of the last visit that was made."""

    equipment: Equipment
    sheet: str = ""

    @property
    def code(self) -> str:
        """One of LATE, DUE, HELD."""
        today, due_on = clock.today(), self.equipment.due_on
        return LATE if due_on < today else DUE if due_on <= today + SOON else HELD

    @property
    def status(self) -> Status:
        """The same in words."""
        label, tone, icon = _STATUS[self.code]
        return Status(self.code, str(label), tone, icon)


@dataclass(frozen=True)
class Upkeep:
    """How many equipments a contract keeps up, by where they stand."""

    total: int
    late: int
    due: int
    missed: int

    @property
    def held(self) -> int:
        """Those that nothing is due for yet."""
        return self.total - self.late - self.due

    def figures(self) -> list[dict[str, Any]]:
        """Return the same as key figures that lead to their rows."""
        return [
            _figure(_("À jour"), self.held, HELD, "circle-check", "success" if self.held else ""),
            _figure(_("À faire d’ici 60 jours"), self.due, DUE, "calendar-time", ""),
            _figure(_("En retard"), self.late, LATE, "alert-triangle", "danger" * bool(self.late)),
            _figure(_("Sans accès"), self.missed, MISSED, "door-off", ""),
        ]


def upkeep_of(contract: Contract) -> Upkeep:
    """Count a contract's equipment: one query."""
    counts = {code: Count("pk", filter=_where(code)) for code in (LATE, DUE, MISSED)}
    found = _kept_up(contract).aggregate(
        total=Count("pk"), late=counts[LATE], due=counts[DUE], missed=counts[MISSED]
    )
    return Upkeep(**found)


def equipment_rows(contract: Contract, state: str = "") -> QuerySet[Equipment]:
    """Return what a contract keeps up, first what is due first; `sheet` beside each.

    state: one of STATES, else all.
    """
    found = _kept_up(contract)
    if state in dict(STATES):
        found = found.filter(_where(state))
    last = UpkeepVisit.objects.filter(
        equipment_id=OuterRef("pk"), withdrawn_at__isnull=True, outcome=UpkeepOutcome.DONE
    ).order_by("-visited_on")
    return found.annotate(sheet=Subquery(last.values("sheet")[:1])).order_by("due_on", "pk")


def rows_of(found: QuerySet[Equipment] | list[Equipment]) -> list[EquipmentRow]:
    """Return equipment as rows."""
    return [EquipmentRow(one, getattr(one, "sheet", "") or "") for one in found]


def equipment_page(contract: Contract, state: str, page: str) -> Page[Equipment]:
    """Return a page of them."""
    return Paginator(equipment_rows(contract, state), PER_PAGE).get_page(page)


def equipment_of(group_id: UUID) -> list[Equipment]:
    """Return what is kept up on a residence, first what is due first."""
    found = Equipment.objects.filter(group_id=group_id, retired_at__isnull=True)
    return list(found.select_related("contract").order_by("due_on", "pk")[:500])


def visits_of(equipment: Equipment) -> list[UpkeepVisit]:
    """Return an equipment's visits that count, the last first."""
    found = UpkeepVisit.objects.filter(equipment_id=equipment.pk, withdrawn_at__isnull=True)
    return list(found.order_by("-visited_on"))


@dataclass(frozen=True)
class Period:
    """What a contract's upkeep did in a period that an order bills: its equipment and visits."""

    total: int
    done: int
    missed: int


def in_period(contract_id: UUID, since: date, until: date) -> Period | None:
    """Count a contract's equipment seen to within a period; None where it keeps none up.

    missed: found without access in the period, and not seen to in it.
    """
    found = Equipment.objects.filter(contract_id=contract_id, retired_at__isnull=True)
    visits = UpkeepVisit.objects.filter(
        equipment__contract_id=contract_id,
        equipment__retired_at__isnull=True,
        withdrawn_at__isnull=True,
        visited_on__range=(since, until),
    )
    total = found.count()
    if not total:
        return None
    seen: dict[UUID, set[str]] = {}
    for equipment_id, outcome in visits.values_list("equipment_id", "outcome"):
        seen.setdefault(equipment_id, set()).add(outcome)
    done = sum(UpkeepOutcome.DONE in outcomes for outcomes in seen.values())
    return Period(total=total, done=done, missed=len(seen) - done)


# --- inside -----------------------------------------------------------------------------------


def _kept_up(contract: Contract) -> QuerySet[Equipment]:
    found: QuerySet[Equipment] = Equipment.objects.filter(
        landlord_id=contract.landlord_id, contract_id=contract.pk, retired_at__isnull=True
    )
    return found


def _where(state: str) -> Q:
    today = clock.today()
    return {
        LATE: Q(due_on__lt=today),
        DUE: Q(due_on__range=(today, today + SOON)),
        HELD: Q(due_on__gt=today + SOON),
        MISSED: Q(missed__gt=0),
    }[state]


def _figure(label: Any, count: int, state: str, icon: str, tone: str) -> dict[str, Any]:
    return {
        "label": label,
        "value": number(count),
        "url": f"?etat={state}",
        "icon": icon,
        "tone": tone,
    }
