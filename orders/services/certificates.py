"""Writes of service certificates: made when the works are done, signed, refused, corrected.

The order is locked first, then its certificate. What is signed never changes: a correction is
another version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.files import clean_photo
from nexxio.core.outbox import record
from nexxio.core.templatetags.ui import money_text
from nexxio.core.transitions import apply
from orders import certificate_events as events
from orders import certificate_policies
from orders.certificate_states import (
    CERTIFICATE,
    CertificateRefusal,
    CertificateState,
)
from orders.models import (
    Certificate,
    Order,
    OrderBudget,
    Reserve,
    SealState,
    SignOff,
    Variation,
)
from orders.on_call import may_ask_again_until, owes_regularisation
from orders.services.certificate_content import content_of, fingerprint, report_of
from orders.services.certificate_quantities import cut_of, done_of, take_off
from orders.services.moves import lock_order, move_order
from orders.services.pieces import awaits_sheet
from orders.services.reserves import reminded_from, store_photo
from orders.services.standing_in import covers, note_in_place_of
from orders.services.variations import open_variation
from orders.states import OrderState
from orders.variation_states import VariationKind, VariationState
from orders.working_days import after_working_days

MAX_DELAY = 30
EARLY = (timedelta(days=5), timedelta(days=1))
"""How long before the end of the delay the desk is reminded."""
MAX_LATE = 5
INVOICE_DAYS = 10
"""Working days after which a company is told that it may invoice what is certified."""
MAX_REPORT = 1000
MAX_RESERVES = 20
OPEN = (CertificateState.DRAFT, CertificateState.TO_SIGN)


@dataclass(frozen=True, kw_only=True)
class ReserveInput:
    """A defect as typed, and until when it has to be gone."""

    text: str
    due_on: date
    photo: IO[bytes] | None = None


def submit_finished(order: Order, actor: Actor) -> Certificate:
    """Make the certificate of an order whose works have just been finished, and ask for it.

    Runs in the transaction that finished it, as whoever did; the order is locked.
    """
    stale = open_certificate(order)
    if stale is not None:  # reopened, and finished again before the relay came by
        _expire(stale, order, actor)
    certificate = _new(order, report=report_of(order))
    return _submit(certificate, order, actor, again=False)


@transaction.atomic
def begin_certificate(*, order_id: UUID) -> Certificate | None:
    """Begin the certificate of works that were stopped: its company says what is done of them.

    It waits for nobody's signature and no clause's delay before that. Runs in the relay's
    transaction, as the system; locks the order. None where its company was faster.
    """
    order = lock_order(order_id)
    if not order.stopped_for or order.state != OrderState.DONE or order.done_at is None:
        return None
    last = latest_certificate(order)
    if last is not None and last.created_at >= order.done_at:
        return None
    return _new(order, report=report_of(order))


@transaction.atomic
def correct_certificate(
    *,
    actor: Actor,
    order_id: UUID,
    report: str,
    submit: bool,
    quantities: Mapping[UUID, Decimal] | None = None,
) -> Certificate:
    """Write the next version after a refusal (or the draft that is there); submit it where asked.

    quantities: what was done of each line, at most what is due; nothing said: all of it. Locks the
    order. Raises Refused while another version waits or was signed, Invalid without a word of what
    was done or for more than is due.
    """
    text = report.strip()
    if not text:
        raise Invalid({"report": ["Dites ce qui a été fait."]})
    order = lock_order(order_id)
    last = latest_certificate(order)
    if not certificate_policies.can_correct(actor, order, last):
        raise Conflict("Ce constat ne peut pas être corrigé : il attend une réponse ou est signé.")
    done = done_of(order, quantities or {})
    if last is not None and last.state == CertificateState.DRAFT:
        certificate = last
        certificate.report, certificate.quantities = text[:MAX_REPORT], done
        certificate.version += 1
        certificate.save(update_fields=["report", "quantities", "version"])
    else:
        certificate = _new(order, report=text, quantities=done)
        if not submit:
            event = events.CertificateDrafted(number=certificate.number)
            record_of(event, certificate, order, actor)
    return _submit(certificate, order, actor, again=True) if submit else certificate


@transaction.atomic
def sign_certificate(
    *,
    actor: Actor,
    certificate_id: UUID,
    reserves: Sequence[ReserveInput] = (),
    quantities: Mapping[UUID, Decimal] | None = None,
    note: str = "",
) -> Certificate:
    """Sign: the service is certified, with reserves where defects are noted.

    quantities: what is certified of each line, where it is less than the company says; `note` says
    why, and the order comes to that much less. Raises Invalid without it, or for more.

    Locks the order and the certificate. Raises Refused over the signer's limit (and says so) or
    while what a tenant contests is being checked, Conflict when somebody was faster.
    """
    _require_sane(reserves)
    photos = [None if typed.photo is None else clean_photo(typed.photo) for typed in reserves]
    certificate, order = lock_certificate(certificate_id)
    found = obstacle(actor, certificate)
    if certificate_policies.can_do("sign", actor, certificate, order):
        if found is not None:
            raise found
        _require_up_to_date(certificate)
    cut = cut_of(certificate, quantities or {}, note.strip())
    signed = _move(
        "sign",
        certificate,
        order,
        actor,
        event=events.CertificateSigned(number=certificate.number, reserves=len(reserves)),
        changes={**_decided(actor), "seal": SealState.PREPARING, **cut},
    )
    name = "certify_with_reserves" if reserves else "certify"
    how = "reserves" if reserves else "signed"
    event = events.OrderCertified(how=how)
    move_order(name, order, actor, event=event, changes=_invoice_clock(order))
    total = signed.total_without_vat
    note_in_place_of(actor, total, signed, order, act="certificate")
    _note_reserves(signed, order, actor, reserves, photos)
    take_off(signed, order, actor)
    return signed


@transaction.atomic
def refuse_certificate(
    *, actor: Actor, certificate_id: UUID, reason: str, note: str
) -> Certificate:
    """Refuse, with a coded reason and a word that the contractor can act on.

    Raises Invalid without either.
    """
    wrong: dict[str, list[str]] = {}
    if reason not in CertificateRefusal.values:
        wrong["reason"] = ["Choisissez un motif."]
    if not note.strip():
        wrong["note"] = ["Dites à l’entreprise ce qu’elle doit corriger."]
    if wrong:
        raise Invalid(wrong)
    certificate, order = lock_certificate(certificate_id)
    return _move(
        "refuse",
        certificate,
        order,
        actor,
        event=events.CertificateRefused(number=certificate.number, reason=reason),
        changes={
            **_decided(actor),
            "refusal_reason": reason,
            "refusal_note": note.strip()[:500],
        },
    )


@transaction.atomic
def look_at_certificate(*, certificate_id: UUID) -> Certificate | None:
    """Do what the clock owes a certificate that waits: remind before and after, or take as given.

    Taken as given only by the contract's clause, once its delay has passed and while nobody
    contests. Runs as the system; locks the order. None when nothing was due.
    """
    certificate, order = lock_certificate(certificate_id)
    now = clock.now()
    if certificate.remind_at is None or certificate.remind_at > now or certificate.due_at is None:
        return None
    clockwork = replace(SYSTEM, organisation_id=order.landlord_id)
    passed = now >= certificate.due_at
    waits = (
        open_check(order) is not None
        or open_variation(order, VariationKind.REGULARISATION) is not None
        or owes_regularisation(order)
    )
    if passed and certificate.clause and not waits and _is_up_to_date(certificate):
        return _take_as_given(certificate, order, clockwork)
    late = certificate.reminders + 1 if passed else certificate.reminders
    certificate.reminders = late
    certificate.remind_at = _next_look(now, certificate, order.where)
    certificate.save(update_fields=["reminders", "remind_at"])
    if late > MAX_LATE:  # contested past its delay: looked at, not told every day
        return None
    event = events.CertificateReminded(
        number=certificate.number,
        days_left=-1 if passed else (clock.day_of(certificate.due_at) - clock.day_of(now)).days,
        is_tacit=bool(certificate.clause) and not passed,
    )
    record_of(event, certificate, order, clockwork)
    return certificate


def expire_certificate(*, order_id: UUID) -> Certificate | None:
    """End what waited for a signature when its order was reopened. As the system, in the relay.

    Locks the order. None where nothing waited, or the works are done again already.
    """
    order = lock_order(order_id)
    found = open_certificate(order)
    if found is None or order.state == OrderState.DONE:
        return None
    return _expire(found, order, replace(SYSTEM, organisation_id=order.landlord_id))


def renew_certificate(*, order_id: UUID) -> Certificate | None:
    """Make what waits for a signature anew once a regularisation has changed the order's amount.

    As the system, in the relay; locks the order. None where nothing waits, or nothing has changed.
    """
    order = lock_order(order_id)
    found = open_certificate(order)
    if order.state != OrderState.DONE or found is None or _is_up_to_date(found):
        return None
    clockwork = replace(SYSTEM, organisation_id=order.landlord_id)
    if found.state == CertificateState.DRAFT:
        return None  # what it says is read when it is submitted
    _expire(found, order, clockwork)
    again = _new(order, report=found.report, quantities=found.quantities)
    return _submit(again, order, clockwork, again=False)


def obstacle(actor: Actor, certificate: Certificate) -> Refused | None:
    """Return why the actor can't sign what waits; None when he can."""
    if not covers(actor, certificate.total_without_vat):
        limit = money_text(actor.limit)
        return Refused(
            f"Le montant ({money_text(certificate.total_without_vat)} HT) dépasse votre limite"
            f" ({limit}) : un collègue dont la limite le couvre peut signer.",
            code="limit",
        )
    if _open_check(certificate.landlord_id, certificate.order_id) is not None:
        return Refused(
            "Le locataire a signalé que ce n’est pas réglé : vérifiez d’abord, sur la page de la"
            " commande.",
            code="disputed",
        )
    unsettled = Variation.objects.filter(
        landlord_id=certificate.landlord_id,
        order_id=certificate.order_id,
        kind=VariationKind.REGULARISATION,
        state=VariationState.ASKED,
    ).first()
    if unsettled is not None:
        return Refused(
            f"La régularisation n° {unsettled.number} attend votre réponse : réglez-la d’abord, le"
            " constat dira ce qui est dû.",
            code="regularisation",
        )
    if awaits_sheet(certificate.order):
        return Refused(
            "Travaux en régie : signez d’abord l’attachement (heures et matériel), sur la page de"
            " la commande.",
            code="sheet",
        )
    if owes_regularisation(certificate.order):
        until = may_ask_again_until(certificate.order)
        if until is None or until > clock.now():
            by = f" jusqu’au {clock.day_of(until):%d/%m/%Y}" if until else ""
            return Refused(
                "Cette astreinte n’est pas régularisée : l’entreprise peut redemander ce qui est dû"
                f"{by} ; ensuite, vous pourrez constater qu’il n’est rien dû.",
                code="regularisation",
            )
    return None


def open_certificate(order: Order) -> Certificate | None:
    """Return the version that is a draft or waits, as far as the scope may see it."""
    return Certificate.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, state__in=OPEN
    ).first()


def latest_certificate(order: Order) -> Certificate | None:
    """Return the newest version that the scope may see."""
    rows = Certificate.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return rows.order_by("-number").first()


def open_check(order: Order) -> SignOff | None:
    """Return what the tenant contests and the landlord hasn't checked yet."""
    return _open_check(order.landlord_id, order.pk)


def lock_certificate(certificate_id: UUID) -> tuple[Certificate, Order]:
    """Lock a certificate's order, then the certificate, until the transaction ends."""
    order = lock_order(Certificate.objects.get(pk=certificate_id).order_id)
    locked = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
    return locked, order


def record_of(event: EventType, certificate: Certificate, order: Order, actor: Actor) -> None:
    """Record what happened to a certificate."""
    record(
        event,
        actor=actor,
        subject=certificate,
        subject_type="certificate",
        order_id=order.pk,
        case_id=order.case_id,
    )


# --- inside -----------------------------------------------------------------------------------


def _is_up_to_date(certificate: Certificate) -> bool:
    """Tell whether it was written of what the order comes to now."""
    budget = OrderBudget.objects.get(order_id=certificate.order_id)
    said = certificate.content.get("order_without_vat", certificate.total_without_vat)
    return Decimal(said) == budget.total_without_vat


def _require_up_to_date(certificate: Certificate) -> None:
    if not _is_up_to_date(certificate):
        raise Refused(
            "Le montant de la commande vient de changer : le constat est en cours de mise à jour,"
            " rechargez la page dans un instant.",
            code="stale",
        )


def _new(order: Order, *, report: str, quantities: Mapping[str, str] | None = None) -> Certificate:
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    last = Certificate.objects.filter(**own).aggregate(last=Max("number"))["last"]
    contract = order.contract
    certificate = Certificate(
        **own,
        contractor_id=order.contractor_id,
        number=(last or 0) + 1,
        report=report[:MAX_REPORT],
        quantities=dict(quantities or {}),
        delay_days=contract.certificate_days if contract else MAX_DELAY,
        clause=contract.tacit_clause if contract else "",
    )
    with explained():
        certificate.save(force_insert=True)
    return certificate


def _submit(certificate: Certificate, order: Order, actor: Actor, *, again: bool) -> Certificate:
    """Ask for the landlord's signature. Whether the actor may, the caller has checked."""
    content = content_of(
        order,
        number=certificate.number,
        report=certificate.report,
        quantities=certificate.quantities,
    )
    now = clock.now()
    certificate.due_at = now + timedelta(days=certificate.delay_days)
    return _move(
        "submit_certificate",
        certificate,
        order,
        actor,
        event=events.CertificateSubmitted(number=certificate.number, again=again),
        changes={
            "content": content,
            "content_sha256": fingerprint(content),
            "total_without_vat": Decimal(content["total_without_vat"]),
            "total_with_vat": Decimal(content["total_with_vat"]),
            "asked_at": now,
            "due_at": certificate.due_at,
            "remind_at": _next_look(now, certificate, order.where),
        },
        checked=True,
    )


def _next_look(now: datetime, certificate: Certificate, where: str) -> datetime | None:
    """Return when the clock looks next: before the end of the delay, at it, then a few times.

    While a clause could make it tacit the clock goes on looking every working day: a contest may
    end at any time.
    """
    due = certificate.due_at
    assert due is not None
    for moment in (*(due - early for early in EARLY), due):
        if moment > now:
            return moment
    if certificate.reminders < MAX_LATE or certificate.clause:
        return after_working_days(now, 1, where)
    return None


def _take_as_given(certificate: Certificate, order: Order, clockwork: Actor) -> Certificate:
    taken = _move(
        "take_as_given",
        certificate,
        order,
        clockwork,
        event=events.CertificateTacit(number=certificate.number, days=certificate.delay_days),
        changes={"decided_at": clock.now(), "remind_at": None, "seal": SealState.PREPARING},
        checked=True,
    )
    event = events.OrderCertified(how="tacit")
    changes = _invoice_clock(order)
    move_order("certify_tacitly", order, clockwork, event=event, policy=None, changes=changes)
    take_off(taken, order, clockwork)
    return taken


def _expire(certificate: Certificate, order: Order, actor: Actor) -> Certificate:
    return _move(
        "expire",
        certificate,
        order,
        actor,
        event=events.CertificateExpired(number=certificate.number),
        changes={"remind_at": None},
        checked=True,
    )


def _invoice_clock(order: Order) -> dict[str, Any]:
    """The third clock of works that are done: its company's invoice."""
    after = after_working_days(clock.now(), INVOICE_DAYS, order.where)
    return {"invoice_remind_at": after, "invoice_reminders": 0}


def _decided(actor: Actor) -> dict[str, Any]:
    return {
        "decided_at": clock.now(),
        "decided_by_id": actor.user_id,
        "department": actor.department,
        "remind_at": None,
    }


def _require_sane(reserves: Sequence[ReserveInput]) -> None:
    if len(reserves) > MAX_RESERVES:
        raise Invalid({"reserves": [f"Au plus {MAX_RESERVES} réserves."]})
    for reserve in reserves:
        if not reserve.text.strip():
            raise Invalid({"reserves": ["Décrivez chaque réserve."]})
        if reserve.due_on < clock.today():
            raise Invalid({"reserves": ["Le jour d’une réserve est passé."]})


def _note_reserves(
    certificate: Certificate,
    order: Order,
    actor: Actor,
    reserves: Sequence[ReserveInput],
    photos: Sequence[bytes | None],
) -> None:
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    last = Reserve.objects.filter(**own).aggregate(last=Max("number"))["last"] or 0
    noted = zip(reserves, photos, strict=True)
    for number, (typed, photo) in enumerate(noted, start=last + 1):
        reserve = Reserve(
            **own,
            contractor_id=order.contractor_id,
            certificate=certificate,
            number=number,
            text=typed.text.strip()[:300],
            due_on=typed.due_on,
            remind_at=reminded_from(typed.due_on, order),
            photo=None if photo is None else store_photo(order, photo, f"reserve-{number}"),
        )
        reserve.save(force_insert=True)
        record(
            events.ReserveNoted(number=number),
            actor=actor,
            subject=reserve,
            subject_type="reserve",
            order_id=order.pk,
            case_id=order.case_id,
        )


def _open_check(landlord_id: UUID, order_id: UUID) -> SignOff | None:
    return SignOff.objects.filter(
        landlord_id=landlord_id, order_id=order_id, satisfied=False, checked_at__isnull=True
    ).first()


def _move(
    name: str,
    certificate: Certificate,
    order: Order,
    actor: Actor,
    *,
    event: EventType,
    changes: Mapping[str, Any],
    checked: bool = False,
) -> Certificate:
    def policy(who: Actor, row: Certificate) -> Refused | None:
        if certificate_policies.can_do(name, who, row, order):
            return None
        if order.state != OrderState.DONE:
            return Conflict("La commande n’est plus au stade du constat.")
        return Refused("Votre rôle ne le permet pas.", code="role")

    return apply(
        CERTIFICATE,
        name,
        model=Certificate,
        pk=certificate.pk,
        actor=actor,
        policy=None if checked else policy,
        changes=changes,
        event=event,
        order_id=order.pk,
        case_id=order.case_id,
    )
