"""Certificates on the order page, the page of one, the printed document; what tenants sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Department
from orders import certificate_policies
from orders.certificate_states import (
    CERTIFICATE,
    RESERVE,
    CertificateRefusal,
    CertificateState,
    CheckOutcome,
    NotFixed,
    ReserveState,
    SignOffHow,
)
from orders.models import Certificate, LiftingRecord, Order, Reserve, SignOff, Visit
from orders.selectors.status import Status
from orders.services.certificate_content import report_of
from orders.services.certificates import latest_certificate, obstacle, open_check
from orders.services.lifting import last_lifting
from orders.services.seal_states import verify_url
from orders.services.sign_offs import last_visit
from orders.states import SERVICED

_NUMBERS = (
    "quantity",
    "claimed",
    "ordered",
    "unit_price",
    "vat_rate",
    "total",
    "rate",
    "without_vat",
    "vat",
)
_LOOK: dict[str, tuple[str, str]] = {
    CertificateState.DRAFT: ("warning", "pencil"),
    CertificateState.TO_SIGN: ("warning", "signature"),
    CertificateState.SIGNED: ("success", "file-check"),
    CertificateState.REFUSED: ("danger", "circle-x"),
    CertificateState.TACIT: ("success", "alarm"),
    CertificateState.EXPIRED: ("neutral", "rotate"),
}
_RESERVE_LOOK: dict[str, tuple[str, str]] = {
    ReserveState.OPEN: ("warning", "flag"),
    ReserveState.CLAIMED: ("info", "tool"),
    ReserveState.LIFTED: ("success", "circle-check"),
}


@dataclass(frozen=True)
class ReserveCard:
    """A reserve with what its reader may do about it."""

    reserve: Reserve
    status: Status
    can_claim: bool
    can_answer: bool
    is_late: bool
    shows_photos: bool = False


@dataclass(frozen=True)
class SignOffCard:
    """What a tenant signed, in words. name: for the two organisations of the order."""

    sign_off: SignOff
    what: str
    how: str
    outcome: str


@dataclass(frozen=True)
class SignOffPart:
    """What a tenant may still sign by his own link. last: what he signed last, if anything.

    is_settled: he has signed of the last visit that it is fixed, and nothing is to be checked.
    """

    can_sign: bool
    can_contest: bool
    is_settled: bool
    last: SignOffCard | None
    check: SignOffCard | None


@dataclass(frozen=True)
class CertificateCard:
    """The order page's card: where the newest version stands, and what is next to do."""

    certificate: Certificate | None
    status: Status | None
    refusal: str
    can_open: bool
    can_correct: bool
    reserves: list[ReserveCard]
    sign_offs: list[SignOffCard]
    check: SignOffCard | None
    can_check: bool
    lifting: LiftingRecord | None = None
    can_ask_lifting: bool = False
    can_ask_sign_offs: bool = False

    @property
    def is_shown(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.certificate or self.can_correct or self.reserves or self.sign_offs)


@dataclass(frozen=True)
class CertificatePage:
    """A version: what it says, where it stands, what the reader may do, what stands in his way."""

    certificate: Certificate
    order: Order
    status: Status
    content: Mapping[str, Any]
    lines: list[dict[str, Any]]
    refusal: str
    who: str
    can: Mapping[str, bool]
    obstacle: str
    sign_offs: list[SignOffCard]
    reserves: list[ReserveCard]
    versions: list[tuple[Certificate, Status]]
    check: SignOffCard | None

    @property
    def is_late(self) -> bool:
        """Tell whether the delay has passed without an answer."""
        return is_late(self.certificate)

    @property
    def is_partial(self) -> bool:
        """Tell whether it says less than what was ordered and granted."""
        return any("claimed" in line or "ordered" in line for line in self.lines)


@dataclass(frozen=True)
class CertificateSheet:
    """What is printed and sealed: content, who signed, when, how, and how to verify it."""

    certificate: Certificate
    content: Mapping[str, Any]
    signer: str
    department: str
    is_tacit: bool
    lines: list[dict[str, Any]]
    rates: list[dict[str, Any]]
    reserves: list[Reserve]
    sign_off: SignOffCard | None
    verify_url: str

    @property
    def title(self) -> str:
        """The document's own title."""
        said = self.content
        return f"{self.kind} {said['reference']}, version {said['number']}"

    @property
    def kind(self) -> str:
        """What it is: works are accepted with reserves, a service is certified in part."""
        if not self.reserves:
            return "Constat de service fait"
        if self.certificate.order.nature in SERVICED:
            return "Constat de service fait partiel"
        return "Procès-verbal de réception avec réserves"


def certificate_card(actor: Actor, order: Order) -> CertificateCard:
    """Return the card. order: from its door."""
    found = latest_certificate(order)
    sign_offs = sign_off_cards(order)
    check = next((card for card in sign_offs if _is_open(card.sign_off)), None)
    reserves = reserve_cards(actor, order) if found else []  # noted on a certificate
    lifting = last_lifting(order) if reserves and not actor.link_id else None
    return CertificateCard(
        certificate=found,
        status=_status(found, actor.side, reserved=bool(reserves)) if found else None,
        refusal=_refusal(found),
        can_open=found is not None and not actor.link_id,
        can_correct=certificate_policies.can_correct(actor, order, found),
        reserves=reserves,
        lifting=lifting,
        can_ask_lifting=lifting is not None and certificate_policies.can_ask_seal(actor, lifting),
        can_ask_sign_offs=any(
            certificate_policies.can_ask_seal(actor, card.sign_off) for card in sign_offs
        ),
        sign_offs=sign_offs,
        check=check,
        can_check=check is not None and certificate_policies.can_check(actor),
    )


def certificate_page(actor: Actor, certificate: Certificate) -> CertificatePage:
    """Return the page of a version. certificate: from its door, its order loaded."""
    order = certificate.order
    can = {
        name: certificate_policies.can_do(name, actor, certificate, order)
        for name in ("sign", "refuse")
    }
    last = latest_certificate(order)
    can["correct"] = certificate_policies.can_correct(actor, order, last)
    can["seal"] = certificate_policies.can_ask_seal(actor, certificate)
    refused = obstacle(actor, certificate) if can["sign"] else None
    check = open_check(order)
    reserves = [
        card
        for card in reserve_cards(actor, order)
        if card.reserve.certificate_id == certificate.pk
    ]
    versions = Certificate.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return CertificatePage(
        certificate=certificate,
        order=order,
        status=_status(certificate, actor.side, reserved=bool(reserves)),
        content=certificate.content,
        lines=_numbers(certificate.content.get("lines", [])),
        refusal=_refusal(certificate),
        who=_who(actor, certificate),
        can=can,
        obstacle=refused.message if refused else "",
        sign_offs=sign_off_cards(order),
        reserves=reserves,
        versions=[(row, _status(row, actor.side)) for row in versions.order_by("-number")[:20]],
        check=_sign_off_card(check) if check else None,
    )


def certificate_sheet(certificate: Certificate) -> CertificateSheet:
    """Return what is printed. Runs in the landlord's scope."""
    signer = certificate.decided_by
    own = {"landlord_id": certificate.landlord_id, "order_id": certificate.order_id}
    signed = certificate.content.get("sign_off") or {}
    sign_off = SignOff.objects.filter(**own, sha256=signed.get("sha256", "")).first()
    return CertificateSheet(
        certificate=certificate,
        content=certificate.content,
        signer=str(signer) if signer else "",
        department=department_label(certificate.department),
        is_tacit=certificate.state == CertificateState.TACIT,
        lines=_numbers(certificate.content["lines"]),
        rates=_numbers(certificate.content["rates"]),
        reserves=list(Reserve.objects.filter(**own, certificate=certificate)),
        sign_off=_sign_off_card(sign_off) if sign_off else None,
        verify_url=verify_url("certificate", certificate.pk),
    )


@dataclass(frozen=True)
class LiftedReserve:
    """A reserve on the record. who: the landlord's person who agreed, "" for nobody known."""

    number: int
    text: str
    due_on: date
    answer: str
    lifted_at: datetime | None
    who: str


@dataclass(frozen=True)
class LiftingSheet:
    """The record of lifted reserves as it is printed."""

    record: LiftingRecord
    content: Mapping[str, Any]
    reserves: list[LiftedReserve]
    verify_url: str

    @property
    def title(self) -> str:
        """Title of the document."""
        return f"Procès-verbal de levée des réserves {self.content['reference']}"


def lifting_sheet(record: LiftingRecord) -> LiftingSheet:
    """Return what is printed. Runs in the landlord's scope."""
    own = {"landlord_id": record.landlord_id, "order_id": record.order_id}
    rows = Reserve.objects.filter(**own).select_related("lifted_by")
    who = {row.number: str(row.lifted_by) if row.lifted_by else "" for row in rows}
    return LiftingSheet(
        record=record,
        content=record.content,
        reserves=[
            LiftedReserve(
                number=said["number"],
                text=said["text"],
                due_on=date.fromisoformat(said["due_on"]),
                answer=said["answer"],
                lifted_at=datetime.fromisoformat(said["lifted_at"]) if said["lifted_at"] else None,
                who=who.get(said["number"], ""),
            )
            for said in record.content["reserves"]
        ],
        verify_url=verify_url("lifting", record.pk),
    )


@dataclass(frozen=True)
class SignOffSheet:
    """What a tenant signed, as it is printed on one page."""

    card: SignOffCard
    order: Order
    visit: Visit
    verify_url: str

    @property
    def title(self) -> str:
        """Title of the document."""
        return f"Bon d’intervention {self.order.reference}"


def sign_off_sheet(row: SignOff) -> SignOffSheet:
    """Return what is printed. Runs in the landlord's scope."""
    order = Order.objects.select_related("landlord", "contractor").get(pk=row.order_id)
    return SignOffSheet(
        card=_sign_off_card(row),
        order=order,
        visit=Visit.objects.get(pk=row.visit_id),
        verify_url=verify_url("sign_off", row.pk),
    )


def starting_report(order: Order) -> str:
    """Return the words that a correction starts from: the version before, or the visits'."""
    last = latest_certificate(order)
    return last.report if last is not None else report_of(order)


def starting_quantities(order: Order) -> Mapping[str, str]:
    """Return the quantities that a correction starts from, of the lines that were lowered."""
    last = latest_certificate(order)
    return last.quantities if last is not None else {}


def reserve_cards(actor: Actor, order: Order) -> list[ReserveCard]:
    """Return an order's reserves."""
    rows = Reserve.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    return [reserve_card(row, actor) for row in rows]


def sign_off_cards(order: Order, visit: Visit | None = None) -> list[SignOffCard]:
    """Return what the tenant signed on an order, newest first. visit: only what is of this one."""
    rows = SignOff.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    if visit is not None:
        rows = rows.filter(visit_id=visit.pk)
    return [_sign_off_card(row) for row in rows.order_by("-created_at")[:20]]


def sign_off_part(actor: Actor, order: Order) -> SignOffPart:
    """Return what the tenant's own page offers: to sign that it is fixed, or to say what isn't."""
    visit = last_visit(order)
    open_to_him = certificate_policies.signs_off(actor, order, visit)
    cards = sign_off_cards(order)
    check = next((card for card in cards if _is_open(card.sign_off)), None)
    signed = visit is not None and any(
        card.sign_off.satisfied and card.sign_off.visit_id == visit.pk for card in cards
    )
    return SignOffPart(
        can_sign=open_to_him and not signed and order.closed_at is None,
        can_contest=open_to_him and check is None,
        is_settled=signed and check is None,
        last=cards[0] if cards else None,
        check=check,
    )


def department_label(code: str) -> str:
    """Return a department in words; "" for none."""
    return str(dict(Department.choices).get(code, "")) if code else ""


def is_late(row: Certificate) -> bool:
    """Tell whether its delay has passed without an answer."""
    waits = row.state == CertificateState.TO_SIGN and row.due_at is not None
    return waits and row.due_at is not None and row.due_at < clock.now()


# --- inside -----------------------------------------------------------------------------------


def _numbers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of a content with their sums and quantities as numbers, not as text."""
    return [
        {key: Decimal(value) if key in _NUMBERS else value for key, value in row.items()}
        for row in rows
    ]


def _status(certificate: Certificate, side: Side, *, reserved: bool = False) -> Status:
    """Return where a version stands. reserved: it was signed with reserves."""
    tone, icon = _LOOK[certificate.state]
    label = CERTIFICATE.label(certificate.state, side)
    if reserved and certificate.state == CertificateState.SIGNED:
        label, tone, icon = _("Signé avec réserves"), "warning", "flag"
    return Status(code=certificate.state, label=label, tone=tone, icon=icon)


def _refusal(certificate: Certificate | None) -> str:
    if certificate is None or not certificate.refusal_reason:
        return ""
    return str(CertificateRefusal(certificate.refusal_reason).label)


def _who(actor: Actor, certificate: Certificate) -> str:
    """Return who decided: a person inside his organisation, its service outside; "" for nobody."""
    if certificate.state == CertificateState.TACIT or certificate.decided_at is None:
        return ""
    if actor.side is Side.LANDLORD and certificate.decided_by is not None:
        return str(certificate.decided_by)
    service = department_label(certificate.department)
    name = str(certificate.content.get("landlord", ""))
    return f"{name}, {service}" if service else name


def _is_open(row: SignOff) -> bool:
    return not row.satisfied and row.checked_at is None


def reserve_card(row: Reserve, actor: Actor) -> ReserveCard:
    """Return a reserve as its reader sees it."""
    tone, icon = _RESERVE_LOOK[row.state]
    label = RESERVE.label(row.state, actor.side)
    return ReserveCard(
        reserve=row,
        status=Status(code=row.state, label=label, tone=tone, icon=icon),
        can_claim=certificate_policies.can_reserve("claim", actor, row),
        can_answer=certificate_policies.can_reserve("lift_reserve", actor, row),
        is_late=row.state != ReserveState.LIFTED and row.due_on < clock.today(),
        shows_photos=certificate_policies.desk(actor) and bool(row.photo_id or row.claim_photo_id),
    )


def _sign_off_card(row: SignOff) -> SignOffCard:
    what = "C’est réglé" if row.satisfied else str(NotFixed(row.reason).label)
    return SignOffCard(
        sign_off=row,
        what=what,
        how=str(SignOffHow(row.how).label),
        outcome=str(CheckOutcome(row.outcome).label) if row.outcome else "",
    )
