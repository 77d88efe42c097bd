"""Needs, pilots and clause annexes for tests."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from evaluations import services
from evaluations.models import ClauseAnnex, Need, Pilot
from evaluations.services import CriterionInput, PilotInput
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.scoping import system_scope
from tests.factories.acting import act
from tests.factories.world import Party

CRITERIA = (
    CriterionInput("go", "first_time", "at_least", Decimal(80)),
    CriterionInput("no_go", "first_time", "at_most", Decimal(50)),
)


def needed(party: Party, code: str = "inform") -> Need:
    """Put a need on the landlord's list."""
    note = f"Trop d’appels à {party.landlord.name}."
    return act(party, "manager", services.list_need, code=code, note=note)


def pilot_input(party: Party, *, starts_in: int = 0, **changes) -> PilotInput:
    """Return a pilot as typed, on the party's trade."""
    first = clock.today() + timedelta(days=starts_in)
    values = {
        "name": f"Pilote de {party.landlord.name}",
        "starts_on": first,
        "review_on": first + timedelta(days=60),
        "way_back": f"Le chef d’agence de {party.landlord.name} reprend les appels.",
        "trade": "plomberie",
        "criteria": CRITERIA,
        **changes,
    }
    return PilotInput(**values)


def piloted(
    party: Party, *, need: str = "inform", feature: str = "statuses", starts_in: int = 0, **changes
) -> Pilot:
    """Prepare a pilot; it runs from the first day on, today by default."""
    data = pilot_input(party, starts_in=starts_in, **changes)
    return act(party, "manager", services.prepare_pilot, need=need, feature=feature, data=data)


def prolonged(party: Party) -> Pilot:
    """Return a pilot that runs and was prolonged once."""
    pilot = piloted(party)
    act(
        party,
        "manager",
        services.decide_pilot,
        pilot_id=pilot.pk,
        outcome="prolonged",
        note=f"Pas encore assez de cas chez {party.landlord.name}.",
        facts=[],
        review_on=pilot.review_on + timedelta(days=30),
    )
    return pilot


def annexed(party: Party) -> ClauseAnnex:
    """Keep the annex of the party's contract, as a worker prints it."""
    annex = act(party, "manager", services.ask_annex, contract_id=party.contract.pk)
    pdf = f"%PDF-1.4 {party.landlord.name}".encode()
    with system_scope("tests: annex"):
        return services.keep_annex(actor=SYSTEM, annex_id=annex.pk, pdf=pdf, name="annexe.pdf")
