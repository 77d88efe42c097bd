"""What the page behind a printed order's code shows and offers."""

from __future__ import annotations

from dataclasses import dataclass

from nexxio.core.actors import Actor
from orders import certificate_policies, policies, variation_policies
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order, Reserve, Visit, VisitSlot
from orders.selectors.appointments import slots_by_visit
from orders.selectors.pages import OrderPage, order_page, photos_of
from orders.selectors.pieces import ClosingPack, closing_pack
from orders.selectors.variations import VariationCard
from orders.services.certificates import latest_certificate
from orders.services.moves import open_visit
from orders.states import FINISHED, CancelReason, DeclineReason, OrderState, SupersedeReason
from orders.waits import waits_of


@dataclass(frozen=True)
class PaperPage:
    """The order page as a paper's holder gets it, and what he may do about the open visit.

    photo_visit: the visit that takes photos now, with how many it has; pack: what the contract asks
    for; refusal: why the landlord refused the certificate, in words. reserves: the defects that are
    still to lift. extras: works beyond the order that were asked for, each with the act that takes
    it back, or "".
    ended: one sentence where nothing is left to do here, with its tone; else "".
    """

    page: OrderPage
    visit: Visit | None
    slots: list[VisitSlot]
    can_confirm: bool
    can_move: bool
    can_cancel: bool
    can_complete: bool
    can_leave: bool
    can_arrive: bool
    can_say_absent: bool
    photo_visit: Visit | None
    photos: int
    may_refuse_photos: bool
    pack: ClosingPack | None
    can_correct: bool
    refusal: str
    reserves: list[Reserve]
    extras: list[tuple[VariationCard, str]]
    ended: str
    tone: str


def paper_page(actor: Actor, order: Order) -> PaperPage:
    """Return the page. order: from its door, through the paper's own link."""
    visit = open_visit_of(order)

    def may(name: str) -> bool:
        return visit is not None and policies.can_visit(name, actor, visit)

    slots = slots_by_visit([visit]).get(visit.pk, []) if visit is not None else []
    ended, tone = _ended(order)
    photo_visit = photo_visit_of(order)
    last = latest_certificate(order) if order.state == OrderState.DONE else None
    can_correct = certificate_policies.can_correct(actor, order, last)
    page = order_page(actor, order)
    return PaperPage(
        page=page,
        visit=visit,
        slots=slots,
        can_confirm=may("confirm"),
        can_move=may("move"),
        can_cancel=may("cancel_visit"),
        can_complete=may("complete"),
        can_leave=may("leave"),
        can_arrive=may("arrive"),
        can_say_absent=may("declare_no_access"),
        photo_visit=photo_visit,
        photos=len(photos_of(photo_visit)) if photo_visit else 0,
        may_refuse_photos=photo_visit is not None and may_refuse_photos(photo_visit),
        pack=closing_pack(actor, order),
        can_correct=can_correct,
        refusal=_refusal(last) if can_correct else "",
        reserves=reserves_to_lift(actor, order),
        extras=[
            (card, _taken_back_by(actor, card))
            for card in page.variations
            if card.variation.asked_at is not None
        ],
        ended=ended,
        tone=tone,
    )


def open_visit_of(order: Order) -> Visit | None:
    """Return the visit that is to come or under way."""
    return open_visit(order)


def photo_visit_of(order: Order) -> Visit | None:
    """Return the visit that takes photos now: the open one, else the last, where it took place."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    last = Visit.objects.filter(**own).order_by("-number").first()
    can_have = order.closed_at is None and last is not None and policies.takes_photos(last)
    return last if can_have else None


def reserves_to_lift(actor: Actor, order: Order) -> list[Reserve]:
    """Return the defects of an order that its company may say are gone, the first due first."""
    if order.state != OrderState.CERTIFIED_WITH_RESERVES:
        return []
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    found = Reserve.objects.filter(**own).order_by("due_on", "number")
    return [one for one in found if certificate_policies.can_reserve("claim", actor, one)]


def may_refuse_photos(visit: Visit) -> bool:
    """Tell whether a tenant may refuse photos of this visit: one is visited, and hasn't."""
    return visit.reader_case_id is not None and not visit.photos_refused


def _taken_back_by(actor: Actor, card: VariationCard) -> str:
    """Return the act of the paper that takes a request back; "" where none does."""
    if not variation_policies.can_do("withdraw", actor, card.variation):
        return ""
    return "retirer-regularisation" if card.is_regularisation else "retirer-devis"


def _refusal(last: Certificate | None) -> str:
    """Return the landlord's reason and word; "" where it refused nothing."""
    if last is None or last.state != CertificateState.REFUSED:
        return ""
    said = str(last.get_refusal_reason_display())
    return f"{said} : « {last.refusal_note} »" if last.refusal_note else said


def _ended(order: Order) -> tuple[str, str]:
    """Return what happened to an order on which its paper can act no more, and its tone."""
    landlord = order.landlord.name
    if order.state == OrderState.CANCELLED:
        reason = str(CancelReason(order.cancel_reason).label).lower() if order.cancel_reason else ""
        why = f" Motif : {reason}." if reason else ""
        why += f" « {order.cancel_note} »" if order.cancel_note else ""
        return f"Cette commande est annulée : n’intervenez pas.{why}", "danger"
    if order.state in (OrderState.CLOSED_NO_ACCESS, OrderState.SUPERSEDED):
        text = (
            f"{landlord} a clos cette commande, logement inaccessible : n’intervenez pas."
            if order.state == OrderState.CLOSED_NO_ACCESS
            else f"{landlord} a remplacé cette commande par une autre, corrigée : attendez-la."
            if order.superseded_reason == SupersedeReason.CORRECTED
            else f"{landlord} a confié ces travaux à une autre entreprise : n’intervenez pas."
        )
        return text, "danger"
    if order.state == OrderState.RETURNED:
        text = (
            f"Vous avez renvoyé ce bon à {landlord}, qui le complète. Vous recevrez un bon à jour."
        )
        return text, "warning"
    if order.state == OrderState.DECLINED:
        reason = str(DeclineReason(order.decline_reason).label).lower()
        return f"Vous avez émis des réserves ({reason}). {landlord} doit répondre.", "warning"
    if order.state in FINISHED:
        return _after_works(order)
    return "", ""


def _after_works(order: Order) -> tuple[str, str]:
    """Return what is left once the works are done: a certificate to correct, reserves to lift."""
    waits, landlord = waits_of(order), order.landlord.name
    if order.state == OrderState.CERTIFIED_WITH_RESERVES and waits.reserves_until is not None:
        return (
            f"{landlord} a noté des réserves : reprenez-les avant leur date, puis annoncez la"
            " reprise ci-dessous.",
            "warning",
        )
    if order.state == OrderState.CERTIFIED_WITH_RESERVES:
        return f"Vous avez annoncé la reprise des réserves : {landlord} la vérifie.", "warning"
    if order.stopped_for and waits.certificate_state == CertificateState.DRAFT:
        return (
            f"{landlord} arrête cette commande à ce qui est fait : n’intervenez plus, et dites-le"
            " dans le constat ci-dessous.",
            "warning",
        )
    if order.state == OrderState.DONE:
        return _before_signature(order)
    return _NOTHING_LEFT


def _before_signature(order: Order) -> tuple[str, str]:
    waits, landlord = waits_of(order), order.landlord.name
    if waits.certificate_state == CertificateState.REFUSED:
        return (
            f"{landlord} a refusé le constat de service fait : corrigez-le ci-dessous.",
            "danger",
        )
    if waits.contested_since is not None:
        return f"Le locataire signale que ce n’est pas réglé : {landlord} vérifie.", "warning"
    if waits.certificate_state == CertificateState.TO_SIGN:
        return (
            f"Les travaux sont déclarés réalisés. {landlord} doit constater le service.",
            "success",
        )
    return _NOTHING_LEFT


_NOTHING_LEFT = ("Les travaux sont déclarés réalisés. Il ne reste rien à faire ici.", "success")
