"""Ballots as the lattice takes them."""

from __future__ import annotations

from evaluations.axes import Direction
from evaluations.lattice import Vote
from evaluations.models import Ballot, Dimension


def keys_of(one: Ballot) -> dict[str, str]:
    """Return the cell of a ballot in each view."""
    found = {
        Dimension.TRADE.value: one.trade_code,
        Dimension.AGENCY.value: str(one.agency_id or ""),
        Dimension.CONTRACTOR.value: str(one.contractor_id),
        Dimension.RESIDENCE.value: str(one.residence_id or ""),
    }
    return {name: key for name, key in found.items() if key}


def vote_of(one: Ballot, direction: Direction, mark: int = 0) -> Vote:
    """Return a ballot as a vote. Who must not be singled out: a company, or a tenant."""
    party = one.contractor_id if direction == Direction.CONTRACTOR_LANDLORD else one.pk
    return Vote(party=party, keys=keys_of(one), mark=mark)


def asked_of_company(one: Ballot) -> Vote:
    """Return a company's ballot as a vote on whether anything was answered at all."""
    vote = vote_of(one, Direction.CONTRACTOR_LANDLORD)
    return Vote(vote.party, vote.keys, given=any(one.marks.values()))
