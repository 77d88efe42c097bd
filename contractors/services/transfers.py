"""Writes of ceded claims and oppositions: one person notes, another calls back, then it counts.

It takes two as well to end one in force (`ask_lift`, `end_transfer`).

Letters that say "pay me from now on" are how money is stolen: nothing is paid elsewhere before a
second person has called the beneficiary at a number that was known from somewhere else. What a
landlord was notified of stops the payment meanwhile, since paying the company might not free it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from contractors import bank, policies
from contractors import transfer_events as events
from contractors.bank_events import BankRead
from contractors.models import PaymentTransfer
from contractors.services.bank import CallBack
from contractors.services.moves import required
from contractors.transfers import OPEN, TransferKind, TransferState
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Partnership
from nexxio.core.outbox import Subject, of_house, record
from nexxio.core.templatetags.ui import day
from orders.models import Contract


@dataclass(frozen=True, kw_only=True)
class Notified:
    """What the act says. contract_id: None for all claims. most: euros, None without bound."""

    kind: str
    beneficiary: str
    reference: str
    notified_on: date
    contract_id: UUID | None = None
    most: Decimal | None = None
    iban: str = ""
    bic: str = ""


@transaction.atomic
def note_transfer(*, actor: Actor, contractor_id: UUID, said: Notified) -> PaymentTransfer:
    """Note an act that the actor's landlord was notified of: payments of its claims wait.

    Raises Refused for who doesn't pay, Invalid for what is missing or wrong in the act, or noted
    already.
    """
    _require(actor)
    own = {"landlord_id": actor.own_id, "contractor_id": contractor_id}
    Partnership.objects.get(**own)
    row = PaymentTransfer(
        **own,
        kind=said.kind,
        beneficiary=" ".join(said.beneficiary.split()),
        reference=" ".join(said.reference.split()),
        notified_on=said.notified_on,
        contract_id=said.contract_id,
        most=said.most,
        iban=bank.packed(said.iban),
        bic=bank.packed(said.bic),
        noted_by_id=actor.user_id,
    )
    _check(row)
    with explained():
        row.save(force_insert=True)
    return _told(events.TransferNoted, row, actor)


@transaction.atomic
def check_transfer(*, actor: Actor, transfer_id: UUID, call: CallBack) -> PaymentTransfer:
    """Note that the beneficiary was called back at a known number: it is paid from now on.

    Locks the row. Raises Refused for whoever noted it, Invalid for a call that can't be, Conflict
    when a colleague was first.
    """
    row = _locked(actor, transfer_id, TransferState.TO_CHECK)
    if row.noted_by_id == actor.user_id:
        raise Refused(
            "Vous avez noté cet acte : une autre personne rappelle le bénéficiaire.",
            code="same-person",
        )
    heard = _heard(call, row.notified_on)
    row.called_name, row.called_phone = heard.called_name, heard.called_phone
    row.number_from, row.called_on = heard.number_from, heard.called_on
    row.state, row.checked_by_id, row.checked_at = (
        TransferState.IN_FORCE,
        actor.user_id,
        clock.now(),
    )
    row.save()
    return _told(events.TransferChecked, row, actor)


@transaction.atomic
def refuse_transfer(*, actor: Actor, transfer_id: UUID, note: str) -> PaymentTransfer:
    """Set an act aside that doesn't hold, with a reason that the company reads. Locks the row."""
    reason = required(note, "Dites pourquoi cet acte est écarté.")
    row = _locked(actor, transfer_id, TransferState.TO_CHECK)
    return _over(row, TransferState.REFUSED, reason, events.TransferRefused, actor)


@transaction.atomic
def ask_lift(*, actor: Actor, transfer_id: UUID, note: str) -> PaymentTransfer:
    """Note which piece lifts an act: it counts until a second person has called back.

    Locks the row. Raises Conflict where a colleague has asked already.
    """
    reason = required(note, "Dites par quelle pièce l’acte est levé.")
    row = _locked(actor, transfer_id, TransferState.IN_FORCE)
    if row.lift_by_id is not None:
        raise Conflict("Une mainlevée attend déjà la seconde personne.")
    row.lift_by_id, row.lift_asked_at, row.note = actor.user_id, clock.now(), reason
    row.save(update_fields=["lift_by", "lift_asked_at", "note"])
    return _told(events.TransferLiftAsked, row, actor)


@transaction.atomic
def end_transfer(*, actor: Actor, transfer_id: UUID, call: CallBack) -> PaymentTransfer:
    """Note that the beneficiary, called back, confirms the end: the company is paid again.

    Locks the row. Raises Refused for whoever asked for it, Invalid for a call that can't be,
    Conflict where nobody asks any more.
    """
    row, since = _lifting(actor, transfer_id)
    if row.lift_by_id == actor.user_id:
        raise Refused(
            "Vous avez demandé cette mainlevée : une autre personne rappelle le bénéficiaire.",
            code="same-person",
        )
    heard = _heard(call, since)
    row.lift_called_name, row.lift_called_phone = heard.called_name, heard.called_phone
    row.lift_number_from, row.lift_called_on = heard.number_from, heard.called_on
    return _over(row, TransferState.ENDED, row.note, events.TransferEnded, actor)


@transaction.atomic
def keep_transfer(*, actor: Actor, transfer_id: UUID) -> PaymentTransfer:
    """Set aside what was asked with `ask_lift`; also by whoever asked. Locks the row.

    Raises Conflict where nobody asks any more.
    """
    row, _since = _lifting(actor, transfer_id)
    row.lift_by, row.lift_asked_at, row.note = None, None, ""
    row.save(update_fields=["lift_by", "lift_asked_at", "note"])
    return _told(events.TransferKept, row, actor)


@transaction.atomic
def read_transfer(*, actor: Actor, transfer_id: UUID) -> PaymentTransfer:
    """Return an act with its account in full, and log the look.

    Raises Refused for who doesn't pay.
    """
    _require(actor)
    row: PaymentTransfer = PaymentTransfer.objects.get(pk=transfer_id, landlord_id=actor.own_id)
    subject = of_house(pk=row.pk, organisation_id=actor.own_id, side=actor.side)
    record(BankRead(rows=1), actor=actor, subject=subject, subject_type="transfer")
    return row


def _require(actor: Actor) -> None:
    if not policies.pays(actor):
        raise Refused("Seule la comptabilité note les cessions et oppositions.", code="role")


def _check(row: PaymentTransfer) -> None:
    """Raise Invalid for all faults of an act at once."""
    own = {"landlord_id": row.landlord_id, "contractor_id": row.contractor_id}
    is_foreign = (
        row.contract_id is not None
        and not Contract.objects.filter(**own, pk=row.contract_id).exists()
    )
    said = {
        "kind": "" if row.kind in TransferKind.values else "Choisissez dans la liste.",
        "beneficiary": "" if row.beneficiary else "Indiquez qui est à payer.",
        "reference": "" if row.reference else "Indiquez la référence de l’acte.",
        "notified_on": "Ce jour n’est pas encore venu." if row.notified_on > clock.today() else "",
        "most": "La somme doit être positive." if row.most is not None and row.most <= 0 else "",
        "contract": "Ce marché n’est pas celui de l’entreprise." if is_foreign else "",
        "iban": _iban_fault(row),
        "bic": bank.bic_fault(row.bic, row.iban) if row.iban else "",
    }
    errors = {name: [str(fault)] for name, fault in said.items() if fault}
    if errors:
        raise Invalid(errors)


def _iban_fault(row: PaymentTransfer) -> str:
    if row.iban:
        return str(bank.iban_fault(row.iban))
    if row.kind == TransferKind.OPPOSITION:
        return ""
    return "L’acte dit sur quel compte payer : indiquez son IBAN."


def _locked(actor: Actor, transfer_id: UUID, state: TransferState) -> PaymentTransfer:
    _require(actor)
    row: PaymentTransfer = PaymentTransfer.objects.select_for_update(of=("self",)).get(
        pk=transfer_id, landlord_id=actor.own_id
    )
    if row.state != state:
        label = TransferState(row.state).label
        raise Conflict(f"Un collègue a été plus rapide : « {label} ».")
    return row


def _lifting(actor: Actor, transfer_id: UUID) -> tuple[PaymentTransfer, date]:
    """Return an act whose end is asked for, locked, and since which day."""
    row = _locked(actor, transfer_id, TransferState.IN_FORCE)
    if row.lift_asked_at is None:
        raise Conflict("Aucune mainlevée n’est demandée pour cet acte.")
    return row, clock.day_of(row.lift_asked_at)


def _heard(call: CallBack, since: date) -> CallBack:
    """Return a call as it is kept, made since a day. Raises Invalid, all faults at once."""
    phone, name = bank.phone_of(call.called_phone), " ".join(call.called_name.split())
    number_from = " ".join(call.number_from.split())
    errors: dict[str, list[str]] = {}
    if not name:
        errors["called_name"] = ["Dites qui vous avez eu au téléphone."]
    if not phone:
        errors["called_phone"] = ["Numéro de téléphone illisible."]
    if not number_from:
        errors["number_from"] = ["Dites d’où vous tenez ce numéro ; jamais de l’acte lui-même."]
    if not since <= call.called_on <= clock.today():
        errors["called_on"] = [f"Ce jour n’est pas entre le {day(since, 'short')} et aujourd’hui."]
    if errors:
        raise Invalid(errors)
    return replace(call, called_name=name, called_phone=phone, number_from=number_from)


def _over(
    row: PaymentTransfer,
    state: TransferState,
    reason: str,
    event: type[EventType],
    actor: Actor,
) -> PaymentTransfer:
    row.state, row.note, row.ended_at = state, reason, clock.now()
    row.ended_by_id = actor.user_id
    row.save()
    return _told(event, row, actor)


def _told(event: type[EventType], row: PaymentTransfer, actor: Actor) -> PaymentTransfer:
    said = event(what=str(row.kind), beneficiary=row.beneficiary)  # type: ignore[call-arg]
    subject = Subject(pk=row.pk, landlord_id=row.landlord_id, contractor_id=row.contractor_id)
    record(said, actor=actor, subject=subject, subject_type="transfer")
    return row


def open_transfers(landlord_ids: list[UUID], contractor_ids: list[UUID]) -> list[PaymentTransfer]:
    """Return what is to check or in force between landlords and companies. One query."""
    rows = PaymentTransfer.objects.filter(
        landlord_id__in=landlord_ids, contractor_id__in=contractor_ids, state__in=OPEN
    )
    return list(rows.select_related("contract").order_by("notified_on", "id"))
