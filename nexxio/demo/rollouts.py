"""Roll-outs in the demo world's year: one perimeter of each landlord, and what else changed.

The first one has enough orders to be measured (manners.HEART); the others have few, as small
estates do: the page says so, and prints no figure of them.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from evaluations import services
from nexxio.core import clock
from nexxio.core.actors import Actor, scope_of
from nexxio.core.models import Agency
from nexxio.demo.manners import HEART

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

WHERE = (
    HEART,
    ("paris-habitat", "Direction Nord-Est", "electricite"),
    ("elogie-siemp", "Agence Rive droite", "plomberie"),
)
"""Landlord, agency and trade."""
COMING = (("rivp", "Agence Sud", "electricite"),)
"""What is to come after the year."""
_BEGUN, _AHEAD = 182, 30
"""Days before the year's end on which they go live, and before that on which it is decided."""
_NOTE = (130, "Grève des transports : trois jours de rendez-vous reportés.")
_OWN_NOTE = (110, "Renfort : une équipe de plus pendant un mois.")


class Rollouts:
    """What landlords decide about roll-outs, day by day."""

    def __init__(self, world: DemoWorld, today: date, days: int) -> None:
        self.world = world
        self.today = today
        self.decided = min(_BEGUN + _AHEAD, days)
        self.starts_on = today - timedelta(days=self.decided - _AHEAD)

    def is_live(self, day: date) -> bool:
        """Tell whether the perimeters work with all of the product on a day."""
        return day >= self.starts_on

    def live(self, day: date) -> None:
        """Do what falls on the day, in the morning."""
        ago = (self.today - day).days
        with clock.moved_to(datetime.combine(day, time(9), clock.PARIS)):
            if ago == self.decided:
                for landlord, agency, trade in WHERE:
                    self._plan(landlord, agency, trade, self.starts_on)
            if ago == _NOTE[0]:
                self._note(_NOTE[1])
            if ago == _OWN_NOTE[0]:
                self._note(_OWN_NOTE[1], everywhere=False)
            if ago == 1:
                for landlord, agency, trade in COMING:
                    self._plan(landlord, agency, trade, day + timedelta(days=_AHEAD))

    def _plan(self, landlord: str, agency: str, trade: str, starts_on: date) -> None:
        actor = self.world.manager(landlord)
        with scope_of(actor):
            services.plan_rollout(
                actor=actor,
                agency_id=_agency(actor, agency).pk,
                trade_code=trade,
                starts_on=starts_on,
                baseline_weeks=12,
            )

    def _note(self, text: str, *, everywhere: bool = True) -> None:
        for landlord, agency, trade in WHERE:
            actor = self.world.manager(landlord)
            with scope_of(actor):
                services.note_change(
                    actor=actor,
                    happened_on=clock.today(),
                    text=text,
                    agency_id=None if everywhere else _agency(actor, agency).pk,
                    trade_code="" if everywhere else trade,
                )


def _agency(actor: Actor, name: str) -> Agency:
    return Agency.objects.get(landlord_id=actor.own_id, name=name)
