"""Writes of cards at the moment of need: seen, put away, counted by house.

None of them records an event: an event names who acted, and would tell a house who has read what.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from evaluations import policies
from evaluations.models import CardReading, TrainingTally
from evaluations.small_services import TOGETHER, put_together
from evaluations.training_cards import CARDS, FEWEST, Card, cards_for, is_read
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Refused
from nexxio.core.models import Membership, Organisation, OrganisationKind


@transaction.atomic
def see_card(*, actor: Actor, card: Card) -> bool:
    """Note that a card was shown to a member; counts once a day. Returns whether it counted.

    Locks his own row. Raises Refused for a card that isn't of his role.
    """
    row = _own(actor, card)
    today = clock.today()
    if row.seen_on == today:
        return False
    row.days, row.seen_on = row.days + 1, today
    row.save(update_fields=["days", "seen_on"])
    return True


@transaction.atomic
def understand_card(*, actor: Actor, card: Card) -> bool:
    """Put a card away for good: it isn't shown to this member any more. Locks his own row.

    Returns whether it was there before. Raises Refused for a card that isn't of his role.
    """
    row = _own(actor, card)
    if row.understood_at is not None:
        return False
    row.understood_at = clock.now()
    row.save(update_fields=["understood_at"])
    return True


@transaction.atomic
def tally_training(*, actor: Actor, organisation_id: UUID) -> int:
    """Count how far a house has come, by service of a landlord; return how many rows it gave.

    As the system. Locks the house. Replaces what was counted before. Services of fewer than three
    persons are told together; where those are fewer than three still, with the smallest other one;
    of a house of fewer than three nothing is kept.
    """
    del actor  # the clock's own act
    house = Organisation.objects.select_for_update(of=("self",), no_key=True).get(
        pk=organisation_id
    )
    cells = _merged(_cells(house))
    TrainingTally.objects.filter(organisation_id=house.pk).delete()
    TrainingTally.objects.bulk_create(
        TrainingTally(
            organisation_id=house.pk,
            department=cell.key,
            persons=cell.persons,
            wanted=cell.wanted,
            done=cell.done,
            on=clock.today(),
        )
        for cell in cells
    )
    return len(cells)


# --- inside -----------------------------------------------------------------------------------


@dataclass
class _Cell:
    key: str
    persons: int = 0
    wanted: int = 0
    done: int = 0

    def take(self, other: _Cell) -> None:
        self.persons += other.persons
        self.wanted += other.wanted
        self.done += other.done


def _own(actor: Actor, card: Card) -> CardReading:
    """Return the member's own row of a card, locked; made where there is none."""
    user_id = actor.user_id if policies.is_member(actor) else None
    if user_id is None or not card.is_for(actor.side, actor.roles, actor.department):
        raise Refused("Cette fiche n’est pas de votre rôle.", code="role")
    key = {
        "user_id": user_id,
        "organisation_id": actor.own_id,
        "code": card.code,
        "version": card.version,
    }
    CardReading.objects.bulk_create([CardReading(**key)], ignore_conflicts=True)
    row: CardReading = CardReading.objects.select_for_update(of=("self",)).get(**key)
    return row


def _cells(house: Organisation) -> list[_Cell]:
    """Return what each service has read. A person of two places counts once, by the first one."""
    members = (
        Membership.objects.filter(organisation_id=house.pk, is_active=True, user__is_active=True)
        .order_by("user_id", "created_at")
        .distinct("user_id")
    )
    read = _read_by(house.pk)
    by_service = house.kind == OrganisationKind.LANDLORD
    cells: dict[str, _Cell] = {}
    for member in members:
        cards = cards_for(house.kind, member.roles, member.department)
        if not cards:
            continue
        key = member.department if by_service else ""
        done = sum(card.code in read.get(member.user_id, ()) for card in cards)
        cells.setdefault(key, _Cell(key)).take(_Cell(key, 1, len(cards), done))
    return list(cells.values())


def _read_by(organisation_id: UUID) -> dict[UUID, set[str]]:
    """Return the cards that each person has read, of the versions that are shown today."""
    versions = {card.code: card.version for card in CARDS}
    found: dict[UUID, set[str]] = {}
    for row in CardReading.objects.filter(organisation_id=organisation_id):
        if versions.get(row.code) == row.version and is_read(
            row.days, understood=row.understood_at is not None
        ):
            found.setdefault(row.user_id, set()).add(row.code)
    return found


def _merged(cells: Iterable[_Cell]) -> list[_Cell]:
    """Return cells of three persons or more; small ones are put together, and never left alone."""
    known = {cell.key: cell for cell in cells}
    small = put_together({key: cell.persons for key, cell in known.items()})
    together = _Cell(TOGETHER)
    for key in small:
        together.take(known.pop(key))
    told = sorted(known.values(), key=lambda cell: (-cell.persons, cell.key))
    return [*told, together] if together.persons >= FEWEST else told
