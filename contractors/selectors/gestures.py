"""Where whoever holds a block lifts it: one address and label for each cause and side.

The bell and the button of a block lead to the same place: two taps, the alert and the act.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors.causes import CauseCode
from contractors.models import Block, BlockSide
from contractors.states import CREDITABLE, GRANTED, JUDGED, InvoiceState
from orders.certificate_states import CertificateState
from orders.models import Certificate, SignOff, Variation, Visit
from orders.states import VisitState
from orders.variation_states import VariationState


@dataclass(frozen=True)
class Gesture:
    """A button. of_order: it leads to the order's own pages, and isn't shown there. lifts: it is
    lifting by hand, which needs no second button.
    """

    url: str
    label: Any
    icon: str
    of_order: bool = False
    lifts: bool = False


@dataclass(frozen=True)
class _Papers:
    """What of the orders is acted on elsewhere, by order: the certificate to sign, the variation
    asked, and the last visit, which takes photos and the tenant's signature. contested: orders of
    which a tenant signed that it isn't fixed, to be checked.
    """

    certificates: Mapping[UUID, UUID]
    variations: Mapping[UUID, UUID]
    visits: Mapping[UUID, UUID]
    contested: Collection[UUID] = ()
    here: bool = False


Maker = Callable[[Block, str, _Papers], Gesture | None]


def gestures_of(blocks: Iterable[Block], side: str, *, here: bool = False) -> dict[UUID, Gesture]:
    """Return what lifts each block that a side holds, by its id.

    here: on the order's own page, which shows its certificate, variation and check itself. Four
    queries at most, none there. Their organisations, invoices and orders are loaded.
    """
    mine = [block for block in blocks if block.side == side]
    papers = _Papers({}, {}, {}, here=True) if here else _papers_of(mine)
    found = {block.pk: _gesture(block, _slug_of(block), papers) for block in mine}
    return {
        pk: gesture
        for pk, gesture in found.items()
        if gesture is not None and not (here and gesture.of_order)
    }


def gesture_of(block: Block) -> Gesture | None:
    """Return the same of one block, for the house that holds it."""
    return gestures_of([block], block.side).get(block.pk)


# --- inside -----------------------------------------------------------------------------------


def _slug_of(block: Block) -> str:
    house = block.landlord if block.side == BlockSide.LANDLORD else block.contractor
    return house.slug if house is not None else ""


def _gesture(block: Block, slug: str, papers: _Papers) -> Gesture | None:
    maker = _MAKERS.get((block.cause, block.side))
    found = maker(block, slug, papers) if maker is not None else None
    return found or _order_page(block, slug, papers)


def _papers_of(blocks: Collection[Block]) -> _Papers:
    def orders_of(*causes: CauseCode, side: BlockSide = BlockSide.LANDLORD) -> dict[str, Any]:
        held = [b for b in blocks if b.cause in causes and b.side == side]
        return {
            "landlord_id__in": {block.landlord_id for block in held},
            "order_id__in": {block.order_id for block in held if block.order_id},
        }

    signs, grants = (
        orders_of(CauseCode.CERTIFICATE_UNSIGNED),
        orders_of(CauseCode.ORDER_NOT_REGULARISED),
    )
    certificates: dict[UUID, UUID] = {}
    variations: dict[UUID, UUID] = {}
    if signs["order_id__in"]:
        rows = Certificate.objects.filter(**signs, state=CertificateState.TO_SIGN)
        certificates = dict(rows.order_by("number").values_list("order_id", "pk"))
    if grants["order_id__in"]:
        asked = Variation.objects.filter(**grants, state=VariationState.ASKED)
        variations = dict(asked.order_by("-number").values_list("order_id", "pk"))
    proves = orders_of(_C.SIGN_OFF, _C.PHOTOS_OR_REPORT, side=BlockSide.CONTRACTOR)
    visits: dict[UUID, UUID] = {}
    if proves["order_id__in"]:
        over = Visit.objects.filter(
            **proves, state__in=(VisitState.DONE, VisitState.PARTLY_DONE), order__closed_at=None
        )
        visits = dict(over.order_by("window_start", "pk").values_list("order_id", "pk"))
    checks = orders_of(_C.SIGN_OFF)
    contested: set[UUID] = set()
    if checks["order_id__in"]:
        open_checks = SignOff.objects.filter(**checks, satisfied=False, checked_at__isnull=True)
        contested = set(open_checks.values_list("order_id", flat=True))
    return _Papers(certificates, variations, visits, contested)


def _order_page(block: Block, slug: str, _papers: _Papers) -> Gesture | None:
    if block.order_id is None or block.cause not in _ON_ORDER:
        return None
    url = reverse(f"orders:{block.side}_detail", args=[slug, block.order_id])
    return Gesture(url, _("Agir sur la commande"), "arrow-right", of_order=True)


def _sign(block: Block, slug: str, papers: _Papers) -> Gesture | None:
    pk = papers.certificates.get(block.order_id) if block.order_id else None
    if pk is None:
        return None
    url = reverse("orders:landlord_certificate", args=[slug, pk])
    return Gesture(url, _("Signer le constat"), "signature")


def _grant(block: Block, slug: str, papers: _Papers) -> Gesture | None:
    pk = papers.variations.get(block.order_id) if block.order_id else None
    if pk is None:
        return None
    url = reverse("orders:landlord_variation", args=[slug, pk])
    return Gesture(url, _("Répondre à la demande"), "file-check")


def _check(block: Block, slug: str, papers: _Papers) -> Gesture | None:
    """What the tenant contests is checked; of his silence nothing is left but to look and lift."""
    if papers.here:
        return None
    if block.order_id in papers.contested:
        url = reverse("orders:landlord_act", args=[slug, block.order_id, "verifier"])
        return Gesture(url, _("Dire ce qu’il en est"), "search", of_order=True)
    url = reverse("contractors:landlord_block_act", args=[slug, block.pk, "lever"])
    return Gesture(url, _("J’ai vérifié : lever"), "lock-open", lifts=True)


def _prove(label: Any, icon: str) -> Maker:
    """Return how a proof is added: to a suspended invoice, else to the works' last visit."""

    def make(block: Block, slug: str, papers: _Papers) -> Gesture | None:
        complete = _complete(block, slug, papers)
        pk = papers.visits.get(block.order_id) if block.order_id else None
        if complete is not None or pk is None:
            return complete
        return Gesture(reverse("orders:field_visit", args=[slug, pk]), label, icon)

    return make


def _order_act(action: str, label: Any, icon: str) -> Maker:
    def make(block: Block, slug: str, _papers: _Papers) -> Gesture | None:
        if block.order_id is None:
            return None
        url = reverse(f"orders:{block.side}_act", args=[slug, block.order_id, action])
        return Gesture(url, label, icon)

    return make


def _invoice_act(action: str, label: Any, icon: str, states: Collection[str]) -> Maker:
    """Return what is done on the invoice itself, while its state allows it."""

    def make(block: Block, slug: str, _papers: _Papers) -> Gesture | None:
        invoice = block.invoice
        if invoice is None or invoice.filed_at is None or invoice.state not in states:
            return None
        url = reverse(f"contractors:{block.side}_invoice_act", args=[slug, invoice.pk, action])
        return Gesture(url, label, icon)

    return make


def _contract(label: Any, icon: str) -> Maker:
    def make(block: Block, slug: str, _papers: _Papers) -> Gesture | None:
        contract_id = block.order.contract_id if block.order is not None else None
        if contract_id is None:
            return None
        return Gesture(
            reverse(f"orders:{block.side}_contract", args=[slug, contract_id]), label, icon
        )

    return make


def _page(name: str, label: Any, icon: str) -> Maker:
    def make(_block: Block, slug: str, _papers: _Papers) -> Gesture | None:
        return Gesture(reverse(f"contractors:{name}", args=[slug]), label, icon)

    return make


def _mend(block: Block, slug: str, papers: _Papers) -> Gesture | None:
    """A suspended invoice is completed, any other one taken back in whole or in part."""
    credit = _invoice_act("avoir", _("Établir un avoir"), "receipt-refund", CREDITABLE)
    return _complete(block, slug, papers) or credit(block, slug, papers)


def _treat(block: Block, slug: str, _papers: _Papers) -> Gesture | None:
    invoice = block.invoice
    if invoice is None or invoice.filed_at is None:
        return None
    if invoice.state in GRANTED:
        url = reverse("contractors:landlord_invoice_act", args=[slug, invoice.pk, "payer"])
        return Gesture(url, _("Annoncer le paiement"), "cash")
    url = reverse("contractors:landlord_invoice", args=[slug, invoice.pk])
    return Gesture(url, _("Voir la facture et l’approuver"), "circle-check")


_complete = _invoice_act(
    "completer", _("Fournir ce qui manque"), "player-play", (InvoiceState.SUSPENDED,)
)
_C = CauseCode
_L, _E = str(BlockSide.LANDLORD), str(BlockSide.CONTRACTOR)
_ON_ORDER = frozenset(
    {
        _C.CERTIFICATE_UNSIGNED,
        _C.ORDER_NOT_REGULARISED,
        _C.SIGN_OFF,
        _C.ACCEPTANCE,
        _C.PHOTOS_OR_REPORT,
    }
)
_IN_PART = _invoice_act("approuver-en-partie", _("Admettre une partie"), "progress-check", JUDGED)
_MAKERS: dict[tuple[str, str], Maker] = {
    (_C.CERTIFICATE_UNSIGNED, _L): _sign,
    (_C.CERTIFICATE_UNSIGNED, _E): _order_act("constat", _("Corriger le constat"), "pencil"),
    (_C.ORDER_NOT_REGULARISED, _L): _grant,
    (_C.SIGN_OFF, _L): _check,
    (_C.SIGN_OFF, _E): _prove(_("Faire signer le locataire"), "signature"),
    (_C.PHOTOS_OR_REPORT, _E): _prove(_("Ajouter les photos ou pièces"), "camera"),
    (_C.COMMITMENT, _L): _order_act("engagement", _("Donner le numéro"), "id"),
    (_C.LEGAL_MENTION, _E): _page("contractor_billing", _("Corriger mes mentions"), "building"),
    (_C.RECIPIENT, _L): _invoice_act("reacheminer", _("Réacheminer"), "arrow-right", JUDGED),
    (_C.CONTRACT_OVER, _L): _contract(_("Voir le marché"), "file-text"),
    (_C.SUBCONTRACTOR, _L): _contract(_("Répondre sur le marché"), "users"),
    (_C.SUBCONTRACTOR, _E): _contract(_("Déclarer sur le marché"), "users"),
    (_C.PAPERS_EXPIRED, _E): _page(
        "contractor_papers", _("Renouveler les attestations"), "file-check"
    ),
    (_C.INTERNAL_CIRCUIT, _L): _treat,
    **{(cause, _L): _IN_PART for cause in (_C.QUANTITY, _C.PRICE, _C.QUALITY, _C.PENALTIES)},
    **{
        (cause, _E): _mend
        for cause in (
            *(_C.ORDER_NUMBER, _C.COMMITMENT, _C.QUANTITY, _C.PRICE, _C.TOTAL, _C.VAT_RATE),
            *(_C.DUPLICATE, _C.RECIPIENT, _C.QUALITY),
        )
    },
}
