"""What follows visits without access: another attempt, the end of the order, letters.

The order is locked first.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nexxio.core import clock, jobs, made_files
from nexxio.core.actors import SYSTEM, Actor, Side
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Event
from orders import access_events as events
from orders import access_policies, policies
from orders.access_states import ATTEMPTS, LetterKind
from orders.models import AccessCheck, AccessLetter, DocumentState, Order
from orders.services.attempts import Attempt, order_attempts
from orders.services.holds import end_hold
from orders.services.moves import lock_order, move_order, open_visit, record_of_order
from orders.services.reductions import end_reduction
from orders.services.stopping import stop_works
from orders.services.variations import require_none_open
from orders.states import OrderState, StopReason

LETTER = "access.letter"


@transaction.atomic
def ask_another_attempt(*, actor: Actor, order_id: UUID) -> Order:
    """Ask the company for another visit after the last attempt. Locks the order.

    Raises Refused for anybody but the landlord's desk, Conflict where nothing is to be decided.
    """
    order = lock_order(order_id)
    last = _to_decide(actor, order)[-1]
    marked = AccessCheck.objects.filter(
        landlord_id=order.landlord_id, visit_id=last.visit.pk, retry_at__isnull=True
    ).update(retry_at=clock.now())
    if not marked:
        raise Conflict("Un autre passage est déjà demandé.")
    return record_of_order(events.AttemptAsked(), order, actor)


@transaction.atomic
def close_no_access(*, actor: Actor, order_id: UUID) -> Order:
    """End an order whose dwelling could not be entered, after two absences that count.

    Works that were done in part before stop there, and are certified. Locks the order. Raises
    Refused for a legal visit or a hazard, while the protocol isn't complete (with what is missing),
    while a variation waits, and for anybody but the landlord's desk; Conflict where nothing is to
    be decided.
    """
    order = lock_order(order_id)
    found = _to_decide(actor, order)
    if obstacle := closing_obstacle(order, found):
        raise Refused(obstacle, code="protocol")
    require_none_open(order, gives_up=True)
    if order.state == OrderState.PARTLY_DONE:
        return stop_works(order, actor, StopReason.NO_ACCESS)
    closed = move_order(
        "close_no_access",
        order,
        actor,
        event=events.OrderClosedNoAccess(attempts=len(found)),
        changes={"closed_at": clock.now()},
    )
    end_hold(closed, actor)
    end_reduction(closed, actor)
    return closed


def closing_obstacle(order: Order, found: list[Attempt]) -> str:
    """Return why an order can't be closed for no access; "" where it can. found: its attempts."""
    if order.access_duty:
        return (
            "Une visite obligatoire ou un danger ne se clôt pas pour logement inaccessible :"
            " adressez une mise en demeure d’accès, ou demandez un autre passage."
        )
    counted = [attempt for attempt in found if attempt.rank]
    if any(attempt.is_unsettled for attempt in counted):
        return "Le locataire dit qu’il était là à l’un des passages : ce doit être tranché d’abord."
    if sum(attempt.chargeable for attempt in counted) >= ATTEMPTS:
        return ""
    why = [
        f"passage du {clock.local(attempt.visit.window_start):%d/%m} : {', '.join(attempt.reasons)}"
        for attempt in counted
        if not attempt.chargeable
    ]
    return " ; ".join(["Il faut deux absences imputables", *why]) + "."


@transaction.atomic
def ask_letter(*, actor: Actor, order_id: UUID) -> Order:
    """Ask for a letter to the occupant with the facts so far; a worker makes it. Locks the order.

    Raises Refused for anybody but the landlord's desk, without a visit that found nobody, and
    while one is being made.
    """
    order = lock_order(order_id)
    if not access_policies.writes_letters(actor, order) or not _counted(order):
        raise Refused("Aucun passage sans accès n’appelle de courrier.", code="state")
    if is_writing(latest_letter(order)):
        raise Refused("Le courrier est déjà en préparation.", code="repeated")
    return record_of_order(events.LetterAsked(), order, actor)


def open_letter(*, event: Event) -> AccessLetter | None:
    """Open the next version of an order's letter, and the job that makes it.

    Runs in the relay's transaction, as the system; locks the order. None while one is being made:
    it was asked for twice before the relay came by.
    """
    assert event.order_id is not None
    order = lock_order(event.order_id)
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    if is_writing(AccessLetter.objects.filter(**own).order_by("-number").first()):
        return None
    last = AccessLetter.objects.filter(**own).aggregate(last=Max("number"))["last"]
    kind = LetterKind.FORMAL if order.access_duty else LetterKind.NOTICE
    letter = AccessLetter(**own, number=(last or 0) + 1, kind=kind)
    letter.save(force_insert=True)
    actor = replace(SYSTEM, organisation_id=order.landlord_id)
    jobs.ask(kind=LETTER, actor=actor, payload={"letter": str(letter.pk)})
    return letter


@transaction.atomic
def keep_letter(*, actor: Actor, letter_id: UUID, pdf: bytes) -> AccessLetter:
    """Keep the PDF that a worker has made; one that is ready stays as it is. Locks its order."""
    letter, order = _lock_letter(letter_id)
    if made_files.keep(
        letter,
        pdf,
        landlord_id=letter.landlord_id,
        contractor_id=None,
        name=f"courrier-{order.reference}-v{letter.number}.pdf",
    ):
        record_of_order(events.LetterMade(number=letter.number), order, actor)
    return letter


@transaction.atomic
def fail_letter(*, actor: Actor, letter_id: UUID) -> AccessLetter:
    """Note that the letter could not be made, so that the page offers to try again."""
    letter, order = _lock_letter(letter_id)
    if made_files.give_up(letter):
        record_of_order(events.LetterFailed(number=letter.number), order, actor)
    return letter


def latest_letter(order: Order, *, ready: bool = False) -> AccessLetter | None:
    """Return the newest letter of an order; only one with a file when `ready`."""
    rows = AccessLetter.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    if ready:
        rows = rows.filter(state=DocumentState.READY).select_related("file")
    return rows.order_by("-number").first()


def is_writing(letter: AccessLetter | None) -> bool:
    """Tell whether a worker still makes the letter; past ten minutes nobody does any more."""
    return (
        letter is not None
        and letter.state == DocumentState.PREPARING
        and letter.created_at > clock.now() - policies.PRINT_LIFE
    )


# --- inside -----------------------------------------------------------------------------------


def _counted(order: Order) -> list[Attempt]:
    return [attempt for attempt in order_attempts(order) if attempt.rank]


def _to_decide(actor: Actor, order: Order) -> list[Attempt]:
    """Return the attempts of a locked order about which the landlord decides now."""
    if not policies.desk(actor, Side.LANDLORD):
        raise Refused("Seul le bailleur décide de la suite.", code="role")
    found = _counted(order)
    if len(found) < ATTEMPTS or not access_policies.decides(actor, order, open_visit(order)):
        raise Conflict("Il n’y a rien à décider : un passage est prévu, ou il en manque un.")
    return found


def _lock_letter(pk: UUID) -> tuple[AccessLetter, Order]:
    order = lock_order(AccessLetter.objects.get(pk=pk).order_id)
    return AccessLetter.objects.select_for_update(of=("self",)).get(pk=pk), order
