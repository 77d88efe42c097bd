"""Writes of claim letters: asked for at a company's desk, printed by a worker, never sent."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from contractors import money_events as events
from contractors import policies
from contractors.models import ClaimLetter, ClaimState, Invoice
from contractors.services.due_dates import Clocks
from contractors.services.paid import left_euros
from contractors.states import BILLS, ENDED, OVER
from nexxio.core import clock, jobs, made_files
from nexxio.core.actors import SYSTEM, Actor, Side
from nexxio.core.errors import Refused
from nexxio.core.events import EventType
from nexxio.core.models import Event
from nexxio.core.outbox import of_house, record

MAKE = "claim.pdf"
MOST = 200
"""Invoices that one letter may be about, those due the longest first."""


@transaction.atomic
def ask_claim(*, actor: Actor, debtor_id: UUID, invoice_id: UUID | None = None) -> ClaimLetter:
    """Ask for a letter about one late invoice, or about all unpaid late ones of a landlord.

    One that was paid late may be claimed by itself: its interest is due all the same. Nothing is
    locked. Raises Refused for another role, when nothing is late, and while the same one is made.
    """
    if not policies.claims(actor):
        raise Refused("Seul le bureau de l’entreprise prépare une réclamation.", code="role")
    found = list(_claimable(actor, debtor_id, invoice_id)[:MOST])
    clocks = Clocks.of(found)
    today = clock.today()
    late = [invoice.pk for invoice in found if clocks.at(invoice, today).claimable]
    if not late:
        raise Refused("Rien n’est en retard de paiement : il n’y a rien à réclamer.", code="state")
    own = {"organisation_id": actor.own_id, "debtor_id": debtor_id}
    former = ClaimLetter.objects.filter(**own, invoice_ids=late, state=ClaimState.PREPARING).first()
    if former is not None and policies.claim_waits(former):
        raise Refused("Cette lettre est déjà en préparation.", code="repeated")
    letter = ClaimLetter(**own, invoice_ids=late, as_of=today, asked_at=clock.now())
    letter.save(force_insert=True)
    _record(events.ClaimAsked(invoices=len(late)), letter, actor)
    return letter


def late_invoices(actor: Actor) -> QuerySet[Invoice]:
    """Return a company's invoices that are past their due date and not said to be paid.

    left: what of each is still to be paid; one whose admitted part is paid isn't late.
    """
    rows = _open(actor).filter(due_on__lt=clock.today()).exclude(state__in=OVER)
    return rows.annotate(left=left_euros()).filter(left__gt=0)


def order_claim(*, event: Event) -> None:
    """Open the job that prints a letter that was asked for. Runs in the relay's transaction."""
    found = ClaimLetter.objects.filter(pk=event.subject_id, state=ClaimState.PREPARING).first()
    if found is not None:
        printer = replace(SYSTEM, organisation_id=found.organisation_id)
        jobs.ask(kind=MAKE, actor=printer, payload={"letter": str(found.pk)}, awaited=True)


@transaction.atomic
def keep_claim(*, actor: Actor, letter_id: UUID, pdf: bytes) -> ClaimLetter:
    """Keep the letter that a worker has printed, as a file of its company alone. Locks its row.

    One that is ready already stays as it is: the worker before was only slow.
    """
    found = _lock(letter_id)
    if made_files.keep(
        found,
        pdf,
        landlord_id=found.organisation_id,
        contractor_id=found.organisation_id,
        name=f"reclamation-{found.debtor.slug}-{found.as_of:%Y-%m-%d}.pdf",
    ):
        _record(events.ClaimMade(), found, actor)
    return found


@transaction.atomic
def fail_claim(*, actor: Actor, letter_id: UUID) -> ClaimLetter:
    """Note that the letter could not be made, so that the page says so. Locks its row."""
    found = _lock(letter_id)
    if made_files.give_up(found):
        _record(events.ClaimFailed(), found, actor)
    return found


# --- inside -----------------------------------------------------------------------------------


def _open(actor: Actor) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(
        contractor_id=actor.own_id, filed_at__isnull=False, kind__in=BILLS
    )
    return rows.exclude(state__in=ENDED)


def _claimable(actor: Actor, debtor_id: UUID, invoice_id: UUID | None) -> QuerySet[Invoice]:
    wanted = ~Q(state__in=OVER) if invoice_id is None else Q(pk=invoice_id)
    rows = _open(actor).filter(wanted, landlord_id=debtor_id, due_on__lt=clock.today())
    return rows.select_related("landlord", "order__contract").order_by("due_on", "id")


def _lock(letter_id: UUID) -> ClaimLetter:
    found: ClaimLetter = (
        ClaimLetter.objects.select_related("debtor")
        .select_for_update(of=("self",))
        .get(pk=letter_id)
    )
    return found


def _record(event: EventType, letter: ClaimLetter, actor: Actor) -> None:
    own = letter.organisation_id
    subject = of_house(pk=letter.pk, organisation_id=own, side=Side.CONTRACTOR)
    record(event, actor=actor, subject=subject, subject_type="claim")
