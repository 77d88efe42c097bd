"""The order page, for landlord and contractor, and the technician's visit page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.members.absences import stood_for
from nexxio.core.models import Membership, Organisation
from orders import policies, urgency
from orders.ball import Memory
from orders.completeness import Completeness, check
from orders.hold_states import HoldReason
from orders.models import (
    NoAccessProof,
    Order,
    OrderBudget,
    OrderClauses,
    OrderContact,
    OrderFile,
    OrderLine,
    Photo,
    Visit,
    VisitSlot,
    Warranty,
)
from orders.natures import VAT_MENTION
from orders.obstacles import obstacle_to
from orders.selectors.access_parts import (
    AccessPart,
    AttemptCard,
    access_part,
    place_of_next,
)
from orders.selectors.appointments import slots_by_visit
from orders.selectors.approvals import approvers
from orders.selectors.ceilings import Ceiling, ceiling_of
from orders.selectors.certificates import CertificateCard, certificate_card
from orders.selectors.documents import DocumentCard, document_card
from orders.selectors.history import HistoryEntry, newest_events, order_history
from orders.selectors.linked import Linked, linked_orders, unsent_follower
from orders.selectors.photos import Album, album_of
from orders.selectors.pieces import ClosingPack, closing_pack
from orders.selectors.similar import similar_orders
from orders.selectors.status import (
    Ball,
    Status,
    ball_of,
    company_of,
    status_of,
    visit_status,
)
from orders.selectors.turns import Turn, turns_of
from orders.selectors.upkeep import Period, in_period
from orders.selectors.variations import (
    VariationCard,
    can_draft,
    open_reduction_of,
    variation_cards,
)
from orders.selectors.warranties import warranties_on
from orders.services.amounts import CENT, Extra, load_amounts
from orders.services.attempts import missing_words
from orders.services.clauses import clauses_of
from orders.services.facts import facts_of
from orders.services.families import Family, family_spent
from orders.services.house import house_rules
from orders.services.order_files import files_of
from orders.services.pricing import price_date
from orders.services.successors import successor_of
from orders.states import (
    FINISHED,
    OPEN_VISIT,
    UNDER_WAY,
    AccessCode,
    Nature,
    OrderState,
    ReturnReason,
    SupersedeReason,
    VisitState,
)
from orders.variation_policies import can_reduce
from orders.variation_states import VariationKind
from orders.waits import Waits, waits_of


@dataclass(frozen=True)
class VisitCard:
    """A visit with what the actor may do about it. can_add: photos, signature, once it is over."""

    visit: Visit
    status: Status
    can_confirm: bool
    can_move: bool
    can_cancel: bool
    can_assign: bool
    can_enter: bool
    can_add: bool
    proof: NoAccessProof | None
    slots: list[VisitSlot]
    can_choose: bool
    can_withdraw: bool
    stands: bool
    can_miss: bool
    attempt: AttemptCard | None


@dataclass(frozen=True)
class UrgentClock:
    """The clock of urgency that runs: what is awaited (orders/urgency.py), and until when."""

    what: str
    due_at: datetime
    is_over: bool

    @property
    def tone(self) -> str:
        """Tone of the alert that shows it."""
        return "danger" if self.is_over else "warning"


def _urgent(order: Order) -> UrgentClock | None:
    if order.urgent_at is None:
        return None
    what = urgency.awaited(Memory.read(order.ball))
    return UrgentClock(what, order.urgent_at, is_over=order.urgent_at <= clock.now())


@dataclass(frozen=True)
class OrderPage:
    """All that the order page shows, and the answers about what may be done."""

    order: Order
    side: Side
    company: str
    status: Status
    ball: Ball | None
    lines: list[OrderLine]
    extras: list[Extra]
    variations: list[VariationCard]
    waits: Waits
    budget: OrderBudget
    contact: OrderContact | None
    access_labels: list[str]
    visits: list[VisitCard]
    photos: list[Photo]
    history: list[HistoryEntry]
    turns: list[Turn]
    completeness: Completeness | None
    urgent_company: Organisation | None
    returned: list[str]
    can: dict[str, bool]
    is_late: bool
    is_silent: bool
    urgent: UrgentClock | None
    printed: DocumentCard | None
    ceiling: Ceiling | None
    pieces: ClosingPack | None
    similar: list[Order]
    warranties: list[Warranty]
    certified: CertificateCard
    absences: AccessPart
    former: Order | None
    successor: Order | None
    links: list[Linked]
    begun: Linked | None
    clauses: OrderClauses
    files: list[OrderFile]
    approvers: str
    family: Family | None
    upkeep: Period | None

    @property
    def awaits_colleague(self) -> bool:
        """Tell whether it waits for an approval that its reader can't give."""
        return self.order.state == OrderState.PENDING_APPROVAL and not self.can["approve"]

    @property
    def album(self) -> Album:
        """The photos, before and after side by side."""
        return album_of(self.photos)

    vat_mention = VAT_MENTION

    @property
    def status_of_hold(self) -> str:
        """What the order waits for, in words."""
        return f"En attente : {HoldReason(self.waits.hold_reason).label}"

    @property
    def former_part(self) -> Decimal | None:
        """What the former tenant of an empty dwelling owes of it, euros with VAT; None unsaid."""
        share = self.clauses.former_share
        if share is None:
            return None
        return (self.budget.total_with_vat * share / 100).quantize(CENT, ROUND_HALF_UP)

    @property
    def superseded_because(self) -> str:
        """Why another company takes over, in words."""
        code = self.order.superseded_reason
        return str(SupersedeReason(code).label) if code else ""

    @property
    def is_hold_overdue(self) -> bool:
        """Tell whether the day that was said is over."""
        return self.waits.hold_until is not None and self.waits.hold_until < clock.today()

    @property
    def lines_total(self) -> Decimal:
        """What the order came to before anything was granted on top, excluding VAT."""
        return sum((line.total_without_vat for line in self.lines), Decimal(0))

    @property
    def subtitle(self) -> str:
        """Reference, the number of the landlord's own software, and whose order it is."""
        own = f" · n° {self.order.external_number}" if self.order.external_number else ""
        landlord = f" · {self.order.landlord.name}" if self.side is Side.CONTRACTOR else ""
        return f"{self.order.reference}{own}{landlord} · {self.order.place_address}"


def order_page(actor: Actor, order: Order) -> OrderPage:
    """Return the order page. order: from the door, its organisations and budget loaded."""
    visits = list(
        Visit.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
        .select_related("technician__user", "proof")
        .order_by("-number")
    )
    budget = order.budget
    newest = newest_events(order)
    contact = _contact(actor, order)
    editable = policies.can_edit(actor, order)
    labels = dict(ReturnReason.choices)
    absences = access_part(actor, order, visits)
    successor = successor_of(order) if actor.side is Side.LANDLORD else None
    variations = variation_cards(actor, order)
    lines, extras = load_amounts(order, is_varied=bool(variations))
    links = linked_orders(actor, order)
    begun = unsent_follower(links)
    clauses = clauses_of(order)
    return OrderPage(
        order=order,
        side=actor.side,
        company=company_of(order),
        status=status_of(order, visits, actor.side, waits_of(order)),
        ball=ball_of(
            order,
            visits,
            waits_of(order),
            contractor=order.contractor.name if order.contractor else "Entreprise",
            landlord=order.landlord.name,
        ),
        lines=lines,
        extras=extras,
        variations=variations,
        waits=waits_of(order),
        budget=budget,
        contact=contact,
        access_labels=access_labels(contact),
        visits=_cards(visits, actor, order, absences),
        photos=_photos(order),
        history=order_history(actor, order, newest),
        turns=turns_of(actor, order, newest),
        completeness=check(facts_of(order), returned=order.returned_items) if editable else None,
        urgent_company=_urgent_company(order) if editable else None,
        returned=[str(labels.get(code, code)) for code in order.returned_items],
        can={
            **_answers(actor, order, visits, budget, successor, variations),
            "reduce": can_reduce(actor, order, open_reduction_of(variations))
            and budget.total_without_vat > 0,
            "follow": begun is None and policies.can_order_follow_up(actor, order),
        },
        is_late=order.closed_at is None
        and order.state not in FINISHED
        and order.target_date is not None
        and order.target_date < clock.today(),
        is_silent=policies.is_silent(order),
        urgent=_urgent(order),
        printed=document_card(actor, order),
        ceiling=ceiling_of(order.contract) if _reads_ceiling(actor) else None,
        pieces=closing_pack(actor, order),
        similar=similar_orders(order) if _looks_for_similar(actor, order) else [],
        warranties=warranties_on(order.unit, order.trade_id) if editable else [],
        certified=certificate_card(actor, order),
        absences=absences,
        former=_former(actor, order),
        successor=successor,
        links=links,
        begun=begun,
        clauses=clauses,
        files=files_of(order),
        approvers=_approvers(actor, order),
        family=_family(actor, order, clauses),
        upkeep=_upkeep(order, clauses),
    )


def _family(actor: Actor, order: Order, clauses: OrderClauses) -> Family | None:
    """Return what the year's orders of its family come to, with it; the landlord's own."""
    name = clauses.purchase_family
    if actor.side is not Side.LANDLORD or order.nature != Nature.OFF_CONTRACT or not name:
        return None
    on = price_date(order)
    spent = family_spent(order.landlord_id, name, on)
    return Family(name, on.year, spent, house_rules(order.landlord_id).family_threshold)


def _upkeep(order: Order, clauses: OrderClauses) -> Period | None:
    """Return what its contract's equipment was seen to in the period that an upkeep order bills."""
    since, until = clauses.period_from, clauses.period_to
    if order.nature != Nature.UPKEEP or order.contract_id is None or not since or not until:
        return None
    return in_period(order.contract_id, since, until)


def _looks_for_similar(actor: Actor, order: Order) -> bool:
    """Who is about to send it, or to let it leave, sees what is under way near it."""
    return policies.can_edit(actor, order) or policies.can("approve", actor, order)


def _reads_ceiling(actor: Actor) -> bool:
    """The landlord, and the office of whose contract it is; technicians and paper don't."""
    return actor.side is Side.LANDLORD or policies.desk(actor, Side.CONTRACTOR)


def _approvers(actor: Actor, order: Order) -> str:
    """Return who may approve an order that waits for it; names stay in the landlord's house."""
    waits = order.state == OrderState.PENDING_APPROVAL or policies.awaits_reissue(order)
    if actor.side is not Side.LANDLORD or not waits:
        return ""
    return approvers([order])[order.pk]


def _former(actor: Actor, order: Order) -> Order | None:
    """Return the order whose place it takes; a company reads nothing of another one's."""
    if actor.side is not Side.LANDLORD or order.supersedes_id is None:
        return None
    return Order.objects.filter(pk=order.supersedes_id).select_related("contractor").first()


def _urgent_company(order: Order) -> Organisation | None:
    """Return whom an urgent order will go to: before sending, what is held of his is shown."""
    if order.contract is None or not order.is_pressing:
        return None
    return order.contract.contractor


def _contact(actor: Actor, order: Order) -> OrderContact | None:
    """Return the contact for the landlord. The contractor asks for it, and the look is logged."""
    if actor.side is not Side.LANDLORD:
        return None
    return OrderContact.objects.filter(order_id=order.pk).first()


def contact_on_site(actor: Actor, visit: Visit) -> OrderContact | None:
    """Return whom the technician asks for on his visit; None to everybody else."""
    if not policies.works_with_contact(actor, visit):
        return None
    return OrderContact.objects.filter(order_id=visit.order_id).first()


def _photos(order: Order) -> list[Photo]:
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    return list(Photo.objects.filter(**own, withdrawn_at__isnull=True).order_by("created_at"))


def photos_of(visit: Visit) -> list[Photo]:
    """Return a visit's photos, oldest first."""
    kept = Photo.objects.filter(visit_id=visit.pk, withdrawn_at__isnull=True)
    return list(kept.order_by("created_at"))


def access_labels(contact: OrderContact | None) -> list[str]:
    """Return the access notes in words."""
    known = dict(AccessCode.choices)
    return [str(known.get(code, code)) for code in contact.access] if contact else []


def _cards(
    visits: list[Visit], actor: Actor, order: Order, absences: AccessPart
) -> list[VisitCard]:
    slots = slots_by_visit(visits)
    return [
        _card(visit, actor, order, slots.get(visit.pk, []), absences.cards.get(visit.pk))
        for visit in visits
    ]


def _card(
    visit: Visit,
    actor: Actor,
    order: Order,
    slots: list[VisitSlot],
    attempt: AttemptCard | None,
) -> VisitCard:
    # Where a tenant waits for it, he picks, or says on the phone to the company what he picks.
    asked = actor.side is Side.CONTRACTOR or visit.reader_case_id is None
    return VisitCard(
        visit=visit,
        status=visit_status(visit, actor.side),
        can_confirm=not slots and policies.can_confirm(actor, visit, clock.now()),
        can_move=policies.can_visit("move", actor, visit),
        can_cancel=policies.can_visit("cancel_visit", actor, visit),
        can_assign=policies.can_assign(actor, visit),
        can_enter=policies.can_enter(actor, visit),
        can_add=policies.adds_after(actor, order, visit),
        proof=getattr(visit, "proof", None),
        slots=slots,
        can_choose=asked and bool(slots) and policies.can_visit("confirm", actor, visit),
        can_withdraw=len(slots) > 1 and policies.can_withdraw_slot(actor, visit),
        stands=visit.state == VisitState.CONFIRMED,
        can_miss=policies.can_miss(actor, visit, clock.now()),
        attempt=attempt,
    )


def _answers(
    actor: Actor,
    order: Order,
    visits: list[Visit],
    budget: OrderBudget,
    successor: Order | None,
    variations: list[VariationCard],
) -> dict[str, bool]:
    visit = next((v for v in visits if v.state in OPEN_VISIT), None)
    held = waits_of(order).hold_since is not None
    stood = _stood_for(actor, order, budget)
    corrects = policies.can_correct(actor, order) and successor is None
    return {
        "edit": policies.can_edit(actor, order),
        "attach": policies.can_attach(actor, order),
        "issue": policies.can("issue", actor, order),
        "approve": policies.can_approve(actor, order, budget.committed, stood),
        **_again(actor, order, budget.committed, stood),
        "renew_link": policies.can_renew_link(actor, order),
        "accept": policies.can("accept", actor, order),
        "return": policies.can_return(actor, order, visit),
        "decline": policies.can("decline", actor, order),
        "cancel": policies.can_cancel(actor, order)
        and waits_of(order).variation_since is None
        and waits_of(order).regularisation_since is None,
        "vary": can_draft(actor, order, cards=variations),
        "chase": policies.can_chase(actor, order),
        "regularise": can_draft(actor, order, VariationKind.REGULARISATION, cards=variations),
        "supersede": policies.can_supersede(actor, order)
        and waits_of(order).variation_since is None
        and waits_of(order).regularisation_since is None
        and not policies.is_under_way(visit)
        and successor is None,
        "decide_next": policies.can_decide_next_step(actor, order),
        "correct": corrects and order.state == OrderState.DECLINED,
        "correct_returned": corrects and order.state == OrderState.RETURNED,
        "duplicate": policies.can_duplicate(actor),
        "recall": policies.can_recall(actor, order),
        "hold": policies.can_hold(actor, order, held=held),
        "lift": held and policies.can_hold(actor, order, held=False),
        "reopen": policies.can_reopen(actor, order, clock.now())
        and obstacle_to("reopen", order) is None,
        "propose": policies.can_propose_visit(actor, order, visit),
        "withdraw_photos": policies.desk(actor, Side.CONTRACTOR) and order.closed_at is None,
        "go": policies.can_go_now(actor, order, visit, clock.now()),
        "contact": actor.side is Side.CONTRACTOR and policies.sees_contact(actor, order),
    }


def _again(
    actor: Actor, order: Order, total: Decimal, stood_for: list[Membership]
) -> dict[str, bool]:
    """Tell how a returned order goes on: completed, sent for a colleague, or asked of one."""
    may = policies.can_reissue(actor, order, total, stood_for)
    waits = policies.awaits_reissue(order)
    return {
        "reissue": may and not waits,
        "send_again": may and waits,
        "ask_reissue": policies.can_ask_reissue(actor, order, total, stood_for),
        "send_back": policies.can_send_back(actor, order) or (may and waits),
    }


def _stood_for(actor: Actor, order: Order, budget: OrderBudget) -> list[Membership]:
    """Return for whom the actor stands in, where only that could let him approve or send."""
    waits = policies.can("approve", actor, order) or policies.can(
        "complete_and_reissue", actor, order
    )
    return [] if not waits or policies.within_limit(actor, budget.committed) else (stood_for(actor))


def attempt_of(actor: Actor, visit: Visit) -> AttemptCard | None:
    """Return a visit that found nobody with both statements; None for any other."""
    own = {"landlord_id": visit.landlord_id, "order_id": visit.order_id}
    visits = list(Visit.objects.filter(**own).select_related("proof"))
    return access_part(actor, visit.order, visits).cards.get(visit.pk)


def missing_proofs(visit: Visit) -> list[str]:
    """Return in words what the proof pack of a visit that found nobody lacks."""
    return missing_words(NoAccessProof.objects.filter(visit_id=visit.pk).first())


def place_of(visit: Visit) -> str:
    """Return "Passage 2 sur 2" for an open visit that follows one without access; "" else."""
    if not policies.is_open(visit):
        return ""
    own = {"landlord_id": visit.landlord_id, "order_id": visit.order_id}
    return place_of_next(visit, len(policies.attempts_of(Visit.objects.filter(**own))))


def is_under_way(order: Order) -> bool:
    """Tell whether somebody is on the way to an order, or on site."""
    return Visit.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, state__in=UNDER_WAY
    ).exists()


def technicians_of(actor: Actor) -> list[Membership]:
    """Return the technicians of the actor's own company."""
    return list(
        Membership.objects.filter(
            organisation_id=actor.own_id,
            is_active=True,
            roles__contains=[Role.TECHNICIAN.value],
        )
        .select_related("user")
        .order_by("user__first_name")
    )
