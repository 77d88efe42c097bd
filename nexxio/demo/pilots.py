"""The demo world's pilot: what RIVP wants to improve, and one small step that it tries."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from evaluations import services
from evaluations.services import CriterionInput, PilotInput
from nexxio.core import clock
from nexxio.core.actors import scope_of

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

WHERE = "rivp"
_NEEDS = (
    ("inform", "Les locataires nous appellent pour savoir où en est leur réparation."),
    ("relation", "Nos entreprises nous disent qu’elles n’ont de retour que quand cela va mal."),
    ("payment", ""),
)
_SINCE, _LASTS = timedelta(days=42), timedelta(days=70)
_NAME = "Une question après chaque commande de plomberie"
_WAY_BACK = (
    "La question croisée est retirée par Nexxio le jour de la décision. Les chargés de"
    " patrimoine reviennent à la revue du trimestre ; l’entreprise est prévenue par écrit."
)
_CRITERIA = (
    CriterionInput("go", "first_time", "at_least", Decimal(80)),
    CriterionInput("go", "complete", "at_least", Decimal(90)),
    CriterionInput("no_go", "first_time", "at_most", Decimal(60)),
    CriterionInput("no_go", "complete", "at_most", Decimal(75)),
)


def run(world: DemoWorld) -> None:
    """List the needs, and prepare the pilot some weeks ago, so that its facts can be read."""
    actor = world.manager(WHERE)
    with clock.moved_to(world.now - _SINCE), scope_of(actor):
        for code, note in _NEEDS:
            services.list_need(actor=actor, code=code, note=note)
        first = clock.today()
        data = PilotInput(
            name=_NAME,
            starts_on=first,
            review_on=first + _LASTS,
            way_back=_WAY_BACK,
            trade="plomberie",
            criteria=_CRITERIA,
        )
        services.prepare_pilot(actor=actor, need="relation", feature="each_order", data=data)
