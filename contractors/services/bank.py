"""Writes of bank details: two people of the company, a call back of each landlord, and a hold.

A change that nobody stopped comes into force by the passing of time alone; the clock only tells.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from contractors import bank, policies
from contractors import bank_events as events
from contractors.bank import AccountState, Outcome
from contractors.models import BankAccount, BankCheck
from contractors.services.bank_facts import account_in_force, standing_of
from contractors.services.moves import required
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor, Role, Side
from nexxio.core.db.constraints import explain, explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Event, Membership, Organisation, RateKind
from nexxio.core.outbox import Subject, of_house, record
from nexxio.core.platform.rates import rate_on

HOLD = "bank-hold"
"""Code of the dated row that says for how many days new details wait after the call."""

LATELY = timedelta(days=30)
"""For how long a colleague who was sent away still counts as the second person."""

explain(
    "one_proposed_account",
    "iban",
    "Une proposition attend déjà la seconde personne : retirez-la d’abord.",
)
explain("one_check_of_an_account", "called_on", "Un collègue vient de noter ce contrôle.")


@dataclass(frozen=True, kw_only=True)
class CallBack:
    """A call to a company, as whoever made it notes it."""

    called_name: str
    called_phone: str
    number_from: str
    called_on: date


@transaction.atomic
def propose_account(
    *, actor: Actor, owner: str, iban: str, bic: str = "", phone: str = ""
) -> BankAccount:
    """Say where the actor's company wants to be paid. Nothing is paid there before all checks.

    phone: a number for questions; it is not the one that is called back. Where nobody else is at
    the company's desk, the landlord's call is the second person. Raises Invalid for numbers whose
    key is wrong, for the same account again, and while another proposal waits.
    """
    if not policies.proposes_bank(actor):
        raise Refused("Seul un gestionnaire propose des coordonnées bancaires.", code="role")
    account = _checked(actor, owner, iban, bic, phone)
    now = clock.now()
    account.is_alone = not _others(actor)
    if account.is_alone:
        _replace_offered(actor)
        account.state, account.confirmed_at = AccountState.CONFIRMED, now
    with explained():
        account.save(force_insert=True)
    _house(events.BankProposed(), account, actor)
    if account.is_alone:
        _house(events.BankConfirmed(alone=True), account, actor)
    return account


@transaction.atomic
def confirm_account(*, actor: Actor, account_id: UUID) -> BankAccount:
    """Stand by bank details that a colleague has proposed: landlords check them now.

    Locks them. Raises Refused for whoever proposed them himself.
    """
    account = _lock_own(actor, account_id)
    _require_second(actor, account)
    _replace_offered(actor)
    account.state, account.confirmed_at = AccountState.CONFIRMED, clock.now()
    account.decided_by_id = actor.user_id
    account.save(update_fields=["state", "confirmed_at", "decided_by"])
    _house(events.BankConfirmed(alone=False), account, actor)
    return account


@transaction.atomic
def decline_account(*, actor: Actor, account_id: UUID, note: str) -> BankAccount:
    """Don't stand by what a colleague has proposed, with a reason. Locks it."""
    reason = required(note, "Dites pourquoi ces coordonnées sont refusées.")
    account = _lock_own(actor, account_id)
    _require_second(actor, account)
    return _end(account, AccountState.DECLINED, events.BankDeclined(), actor, reason)


@transaction.atomic
def withdraw_account(*, actor: Actor, account_id: UUID, note: str) -> BankAccount:
    """Take back bank details, with a reason: no hold on them ends any more. Locks them.

    A landlord that pays there already goes on until it has checked others.
    """
    reason = required(note, "Dites pourquoi vous les retirez.")
    account = _lock_own(actor, account_id)
    if not policies.desk(actor):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    if account.state not in (AccountState.PROPOSED, AccountState.CONFIRMED):
        raise Conflict("Ces coordonnées ne sont déjà plus proposées.")
    event = events.BankWithdrawn(shown=account.confirmed_at is not None)
    return _end(account, AccountState.WITHDRAWN, event, actor, reason)


@transaction.atomic
def check_account(*, actor: Actor, account_id: UUID, call: CallBack) -> BankCheck:
    """Note that a landlord called the company back at a number that it knew: the hold begins.

    Also after it had refused. Locks its former check; of two first ones the second is told. Raises
    Invalid for the number that came with the request, a day that can't be, or nothing said of
    where the number is from; Refused while the length of the hold isn't known, and for somebody
    who is of the company too and had a hand in the change.
    """
    account, check = _pending(actor, account_id, unless=Outcome.CONFIRMED)
    if actor.user_id in {account.proposed_by_id, account.decided_by_id}:
        raise Refused(
            "Vous avez proposé ou confirmé ces coordonnées chez l’entreprise : un collègue la"
            " rappelle.",
            code="same-person",
        )
    said = _checked_call(account, call)
    days = rate_on(RateKind.CLOCK_DAYS, clock.today(), code=HOLD)
    if days is None:
        raise Refused(
            "La durée du gel n’est pas réglée : demandez-la à l’équipe de la plateforme.",
            code="rate",
        )
    until = clock.now() + timedelta(days=int(days.value))
    check.outcome, check.note, check.from_at = Outcome.CONFIRMED, "", until
    check.called_name, check.called_phone = said.called_name, said.called_phone
    check.number_from, check.called_on = said.number_from, said.called_on
    check.checked_by_id = actor.user_id
    with explained():
        check.save()
    _both(events.BankCalled(until=until), check, actor)
    return check


@transaction.atomic
def refuse_account(*, actor: Actor, account_id: UUID, note: str) -> BankCheck:
    """Don't pay to bank details, with a reason that the company reads; also during the hold.

    The former ones stay in force then. Of those in force themselves nothing stays, not even the
    ones before, until a call and a hold have passed. Locks the check that is there.
    """
    reason = required(note, "Dites à l’entreprise pourquoi.")
    account, check = _pending(actor, account_id, unless=Outcome.REFUSED)
    stops = account_in_force(actor.own_id, account.organisation_id) == account
    check.outcome, check.note, check.from_at = Outcome.REFUSED, reason, None
    check.checked_by_id, check.told_at = actor.user_id, None
    if stops:
        check.stopped_at = clock.now()
    with explained():
        check.save()
    _both(events.BankStopped() if stops else events.BankRefused(), check, actor)
    return check


@transaction.atomic
def read_account(*, actor: Actor, account_id: UUID) -> BankAccount:
    """Return bank details with their numbers in full, and log the look (organisation, role).

    Raises Refused for whoever neither pays nor manages the company.
    """
    if not policies.sees_iban(actor):
        raise Refused("Votre rôle ne permet pas d’afficher l’IBAN en entier.", code="role")
    account: BankAccount = BankAccount.objects.get(pk=account_id)
    _log(events.BankRead(rows=1), account.pk, actor)
    return account


@transaction.atomic
def note_export(*, actor: Actor, rows: int) -> None:
    """Log that payments leave as a file with full numbers. Raises Refused for another role."""
    if not (actor.side is Side.LANDLORD and policies.sees_iban(actor)):
        raise Refused("Votre rôle ne permet pas d’exporter les IBAN.", code="role")
    _log(events.BankExported(rows=rows), actor.own_id, actor)


@transaction.atomic
def tell_in_force(*, check_id: UUID) -> BankCheck | None:
    """Tell both sides that a hold is over. As the system; locks the check.

    None when it was stopped or told; a hold that the company has cut short is passed over.
    """
    check: BankCheck = (
        BankCheck.objects.select_related("account").select_for_update(of=("self",)).get(pk=check_id)
    )
    if check.from_at is None or check.told_at is not None or check.from_at > clock.now():
        return None
    check.told_at = clock.now()
    check.save(update_fields=["told_at"])
    if check.account.ended_at is not None and check.account.ended_at < check.from_at:
        return None
    _both(events.BankInForce(), check, replace(SYSTEM, organisation_id=check.landlord_id))
    return check


# --- inside -----------------------------------------------------------------------------------


def _checked(actor: Actor, owner: str, iban: str, bic: str, phone: str) -> BankAccount:
    """Return what was typed as it would be kept. Raises Invalid, all faults at once."""
    number, code = bank.packed(iban), bank.packed(bic)
    asked_phone = bank.phone_of(phone) if phone.strip() else ""
    faults = {
        "owner": "" if owner.strip() else "Indiquez le titulaire du compte.",
        "iban": bank.iban_fault(number),
        "bic": bank.bic_fault(code, number),
        "phone": "Numéro de téléphone illisible." if phone.strip() and not asked_phone else "",
    }
    errors = {name: [str(fault)] for name, fault in faults.items() if fault}
    if errors:
        raise Invalid(errors)
    offered = BankAccount.objects.filter(
        organisation_id=actor.own_id, state=AccountState.CONFIRMED, iban=number, bic=code
    )
    if offered.exists():
        raise Invalid({"iban": ["Ces coordonnées sont déjà les vôtres."]})
    return BankAccount(
        organisation_id=actor.own_id,
        owner=" ".join(owner.split()),
        iban=number,
        bic=code,
        asked_phone=asked_phone,
        proposed_by_id=actor.user_id,
    )


def _others(actor: Actor) -> bool:
    """Tell whether somebody else is at the desk of the actor's company.

    Who sent a colleague away this last month isn't alone for that: the landlord's call back would
    be the one control left.
    """
    sent_away = Event.objects.filter(
        landlord_id=actor.own_id,  # who holds what happens in a house of one's own
        kind="member.deactivated",
        recorded_at__gte=clock.now() - LATELY,
    )
    return sent_away.exists() or (
        Membership.objects.filter(
            organisation_id=actor.own_id,
            is_active=True,
            user__is_active=True,
            roles__overlap=[Role.MANAGER.value, Role.CLERK.value],
        )
        .exclude(user=actor.user_id)
        .exists()
    )


def _lock_own(actor: Actor, account_id: UUID) -> BankAccount:
    found: BankAccount = BankAccount.objects.select_for_update(of=("self",)).get(
        pk=account_id, organisation_id=actor.own_id
    )
    return found


def _require_second(actor: Actor, account: BankAccount) -> None:
    if not (policies.desk(actor) and actor.side is Side.CONTRACTOR):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    if account.state != AccountState.PROPOSED:
        raise Conflict(
            "Un collègue a déjà répondu à cette proposition.",
            by=str(account.decided_by or ""),
            at=account.confirmed_at or account.ended_at,
        )
    if account.proposed_by_id == actor.user_id:
        raise Refused(
            "Vous les avez proposées : une autre personne de l’entreprise doit répondre.",
            code="same-person",
        )


def _replace_offered(actor: Actor) -> None:
    offered = BankAccount.objects.select_for_update(of=("self",)).filter(
        organisation_id=actor.own_id, state=AccountState.CONFIRMED
    )
    for former in offered:
        former.state, former.ended_at = AccountState.REPLACED, clock.now()
        former.save(update_fields=["state", "ended_at"])


def _end(
    account: BankAccount, state: AccountState, event: EventType, actor: Actor, reason: str
) -> BankAccount:
    account.state, account.ended_at, account.note = state, clock.now(), reason
    account.decided_by_id = actor.user_id
    account.save(update_fields=["state", "ended_at", "note", "decided_by"])
    _house(event, account, actor)
    return account


def _pending(actor: Actor, account_id: UUID, *, unless: Outcome) -> tuple[BankAccount, BankCheck]:
    """Return what waits at the actor's landlord, with its check: locked, or a new one.

    To be refused, also what is in force. Raises Conflict where it is neither, or a colleague has
    found the same already.
    """
    if not policies.pays(actor):
        raise Refused("Seule la comptabilité vérifie des coordonnées bancaires.", code="role")
    account: BankAccount = BankAccount.objects.get(pk=account_id)
    own = {"landlord_id": actor.own_id, "account_id": account.pk}
    locked = BankCheck.objects.select_for_update(of=("self",)).filter(**own).first()
    if locked is not None and locked.outcome == unless:
        done = "vérifié" if unless == Outcome.CONFIRMED else "refusé"
        raise Conflict(
            f"Un collègue a déjà {done} ces coordonnées.",
            by=str(locked.checked_by or ""),
            at=locked.created_at,
        )
    standing = standing_of(actor.own_id, account.organisation_id)
    current = standing.current if unless == Outcome.REFUSED else None
    if account not in (standing.pending, current):
        raise Conflict("Ces coordonnées ne sont plus à vérifier.")
    return account, locked or BankCheck(**own, contractor_id=account.organisation_id)


def _checked_call(account: BankAccount, call: CallBack) -> CallBack:
    known = bank.phone_of(Organisation.objects.get(pk=account.organisation_id).phone)
    phone, name = bank.phone_of(call.called_phone), " ".join(call.called_name.split())
    number_from = " ".join(call.number_from.split())
    errors: dict[str, list[str]] = {}
    if not name:
        errors["called_name"] = ["Dites qui vous avez eu au téléphone."]
    if not phone:
        errors["called_phone"] = ["Numéro de téléphone illisible."]
    elif phone == account.asked_phone and phone != known:
        errors["called_phone"] = [
            "C’est le numéro donné avec la demande : appelez celui que vous connaissiez avant."
        ]
    elif phone != known and not number_from:
        errors["number_from"] = [
            "Ce numéro n’est pas celui de la fiche de l’entreprise : dites d’où vous le tenez."
        ]
    assert account.confirmed_at is not None
    if call.called_on > clock.today():
        errors["called_on"] = ["Ce jour n’est pas encore venu."]
    elif call.called_on < clock.day_of(account.confirmed_at):
        errors["called_on"] = [
            "L’entreprise n’avait pas encore confirmé ces coordonnées ce jour-là."
        ]
    if errors:
        raise Invalid(errors)
    return CallBack(
        called_name=name, called_phone=phone, number_from=number_from, called_on=call.called_on
    )


def _house(event: EventType, account: BankAccount, actor: Actor) -> None:
    own = account.organisation_id
    subject = of_house(pk=account.pk, organisation_id=own, side=Side.CONTRACTOR)
    record(event, actor=actor, subject=subject, subject_type="bank")


def _both(event: EventType, check: BankCheck, actor: Actor) -> None:
    subject = Subject(
        pk=check.account_id, landlord_id=check.landlord_id, contractor_id=check.contractor_id
    )
    record(event, actor=actor, subject=subject, subject_type="bank")


def _log(event: EventType, pk: UUID, actor: Actor) -> None:
    subject = of_house(pk=pk, organisation_id=actor.own_id, side=actor.side)
    record(event, actor=actor, subject=subject, subject_type="bank")
