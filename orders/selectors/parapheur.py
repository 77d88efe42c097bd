"""The parapheur: what waits for my signature, with its age and the euros behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.counts import capped_counts, capped_tallies
from nexxio.core.models import Partnership
from orders.certificate_states import CertificateState
from orders.models import Certificate, Order, OrderPiece, SignOff, Variation
from orders.selectors import search
from orders.selectors.certificates import CertificatePage, certificate_page, is_late
from orders.selectors.criteria import read_euros, read_key
from orders.selectors.lists import SEARCH_CAP, Filters
from orders.selectors.photos import Album, album_to_sign
from orders.selectors.signatures import CERTIFICATES, KINDS, Kind, Parts
from orders.selectors.territory import EVERYTHING, Reach
from orders.services.pieces import SIGNED_SHEET
from orders.services.standing_in import limit_of
from orders.states import Nature, OrderState
from orders.variation_states import VariationKind, VariationState

PAGE = 50
COUNT_CAP = 1000
ABOVE = "audessus"


@dataclass(frozen=True)
class Waiting:
    """A certificate that waits. obstacle: why the reader can't sign it; "".

    awaits_sheet: because works by the hour have no sheet that both signed: that comes first.
    """

    certificate: Certificate
    obstacle: str
    is_late: bool
    awaits_sheet: bool = False


@dataclass(frozen=True)
class Line:
    """Anything else that waits, with the page on which it is decided (`page`, about `target`).

    euros: without VAT; None for a reserve whose order another one counts already.
    """

    order: Order
    title: str
    company: str
    since: datetime
    due: date | None
    is_late: bool
    euros: Decimal | None
    page: str
    target: UUID
    obstacle: str = ""


@dataclass(frozen=True)
class Heap:
    """How much of a kind is the reader's to sign, up to COUNT_CAP, and how much is over his limit.

    euros: without VAT; oldest: since when the first one waits.
    """

    kind: Kind
    count: int
    is_capped: bool
    euros: Decimal
    oldest: datetime | None
    above: int


@dataclass(frozen=True)
class Parapheur:
    """What waits for a signature, the oldest first, and how much it comes to.

    heap: of the kind that is shown, one of `heaps`, which are all kinds. rows: a page of it, of
    certificates; lines: of any other kind. limit: the reader's, or that of whoever he stands in
    for. next_key: of the following page, or "".
    """

    heap: Heap
    heaps: list[Heap]
    rows: list[Waiting]
    lines: list[Line]
    limit: Decimal | None
    scope: str
    next_key: str
    companies: list[tuple[str, str]]

    @property
    def is_of_certificates(self) -> bool:
        """Tell whether what is shown is signed here, many at once."""
        return self.heap.kind.code == CERTIFICATES


@dataclass(frozen=True, kw_only=True)
class Series:
    """One certificate after the other, each with its photos and what it comes to.

    page: of the next one, None when nothing is left; key: its own. left: how many wait from it on,
    passed: how many before it, each up to COUNT_CAP. signed, euros: what the reader signed today,
    without VAT.
    """

    page: CertificatePage | None
    photos: Album | None
    left: int
    passed: int
    key: str
    signed: int
    euros: Decimal


@dataclass(frozen=True)
class Wanted:
    """What the parapheur is narrowed to. q: words, as in the list of orders; sums without VAT."""

    q: str = ""
    company: UUID | None = None
    least: Decimal | None = None
    most: Decimal | None = None

    @classmethod
    def read(cls, query: Any) -> Wanted:
        """Read a query string. Unknown values are dropped, not refused."""
        return cls(
            q=query.get("q", "").strip()[:80],
            company=read_key(query.get("entreprise", "")),
            least=read_euros(query.get("min", "")),
            most=read_euros(query.get("max", "")),
        )

    @property
    def is_active(self) -> bool:
        """Tell whether anything narrows it."""
        return bool(self.q or self.company) or self.least is not None or self.most is not None

    def narrow(self, rows: QuerySet[Any], kind: Kind) -> QuerySet[Any]:
        """Keep what is asked for."""
        if self.q:
            words = _Among(q=self.q, among=kind.states)
            found = search.find(words, key=None, backwards=False, size=SEARCH_CAP)
            rows = rows.filter(**{f"{kind.prefix}pk__in": found})
        asked = {kind.company: self.company, "euros__gte": self.least, "euros__lte": self.most}
        return rows.filter(**{name: value for name, value in asked.items() if value is not None})


@dataclass(frozen=True)
class _Among(Filters):
    """Words, searched among orders in some states."""

    among: tuple[str, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        return self.among


ALL = Wanted()


def parapheur(
    actor: Actor,
    reach: Reach = EVERYTHING,
    *,
    kind: str = "",
    scope: str = "",
    after: str = "",
    wanted: Wanted = ALL,
) -> Parapheur:
    """Return what waits for the actor's signature in his part of the estate.

    kind: code of one of KINDS, certificates for anything else. scope: ABOVE for what is over his
    limit, which he may read and not sign. after: the key of the last line of the page before.
    wanted narrows the kind that is shown; the others are told whole.
    """
    limit = limit_of(actor)
    code = kind if kind in KINDS else CERTIFICATES
    parts = {each: _parts(actor, reach, KINDS[each], limit) for each in KINDS}
    own = parts[code]
    mine, over = (wanted.narrow(rows, KINDS[code]) for rows in own)
    parts[code] = mine, over
    heaps = _heaps(parts)
    shown = over if scope == ABOVE else mine
    page = list(_after(_loaded(shown, code), KINDS[code], after)[: PAGE + 1])
    rows, more = page[:PAGE], len(page) > PAGE
    is_signed = code == CERTIFICATES
    above = shown is over
    return Parapheur(
        heap=heaps[code],
        heaps=list(heaps.values()),
        rows=[_waiting(row, limit, over=above) for row in rows if is_signed],
        lines=[_line(actor, row, KINDS[code], over=above) for row in rows if not is_signed],
        limit=limit,
        scope=scope if scope == ABOVE else "",
        next_key=_key(rows[-1], KINDS[code]) if more else "",
        companies=_companies(actor, KINDS[code], own),
    )


def to_sign(actor: Actor, reach: Reach = EVERYTHING) -> Heap:
    """Return how many certificates wait for the actor, and what they come to."""
    kind = KINDS[CERTIFICATES]
    return _heaps({kind.code: _parts(actor, reach, kind, limit_of(actor))})[kind.code]


def chosen(actor: Actor, keys: Sequence[UUID]) -> list[Waiting]:
    """Return the certificates of a choice that the actor may see, the oldest first."""
    rows = _with_order(Certificate.objects.filter(landlord_id=actor.own_id, pk__in=keys))
    limit = limit_of(actor)
    return [_waiting(row, limit) for row in rows.order_by("asked_at", "id")]


def series(
    actor: Actor, reach: Reach = EVERYTHING, *, after: str = "", wanted: Wanted = ALL
) -> Series:
    """Return the oldest certificate that the actor may sign now, in his part of the estate.

    after: the key of the last one that he passed over.
    """
    kind = KINDS[CERTIFICATES]
    mine, _over = _parts(actor, reach, kind, limit_of(actor))
    ready = wanted.narrow(mine, kind).filter(~_contested(), ~_unsettled(), ~_without_sheet())
    rest = _after(_loaded(ready, kind.code), kind, after)
    certificate = rest.first()
    counts = capped_counts({"ready": ready, "rest": rest}, cap=COUNT_CAP)
    return Series(
        page=certificate_page(actor, certificate) if certificate else None,
        photos=album_to_sign(certificate) if certificate else None,
        left=counts["rest"],
        passed=counts["ready"] - counts["rest"],
        key=_key(certificate, kind) if certificate else "",
        **_signed_today(actor),
    )


# --- inside -----------------------------------------------------------------------------------


def _parts(actor: Actor, reach: Reach, kind: Kind, limit: Decimal | None) -> Parts:
    mine, over = (reach.narrow(rows, kind.prefix) for rows in kind.parts(actor, limit))
    return mine, over


def _heaps(parts: Mapping[str, Parts]) -> dict[str, Heap]:
    """Return how much there is of each kind. One query."""
    asked = {
        f"{side}{code}": rows.order_by(*KINDS[code].order)
        for code, both in parts.items()
        for side, rows in zip(("mine:", "over:"), both, strict=True)
    }
    found = capped_tallies(asked, cap=COUNT_CAP)
    heaps = {}
    for code in parts:
        mine, over = found[f"mine:{code}"], found[f"over:{code}"]
        heaps[code] = Heap(
            kind=KINDS[code],
            count=min(mine.count, COUNT_CAP),
            is_capped=mine.count > COUNT_CAP,
            euros=mine.euros,
            oldest=mine.oldest,
            above=over.count,
        )
    return heaps


def _companies(actor: Actor, kind: Kind, parts: Parts) -> list[tuple[str, str]]:
    """Return the companies on which something of a kind waits, by name. One query.

    By the first row of each company, and not by EXISTS, which the planner makes a join with all
    that waits.
    """
    found = Partnership.objects.filter(landlord_id=actor.own_id)
    waits = Q()
    for side, rows in zip(("mine", "over"), parts, strict=True):
        own = rows.filter(**{kind.company: OuterRef("contractor_id")}).order_by().values("pk")
        found = found.alias(**{side: Subquery(own[:1])})
        waits |= Q(**{f"{side}__isnull": False})
    found = found.filter(waits)
    names = found.order_by("contractor__name").values_list("contractor_id", "contractor__name")
    return [(str(pk), name) for pk, name in names]


def _signed_today(actor: Actor) -> dict[str, Any]:
    found = Certificate.objects.filter(
        landlord_id=actor.own_id,
        decided_by_id=actor.user_id,
        state=CertificateState.SIGNED,
        decided_at__gte=clock.midnight(),
    ).aggregate(signed=Count("pk"), euros=Sum("total_without_vat"))
    return {"signed": found["signed"], "euros": found["euros"] or Decimal(0)}


def _contested() -> Exists:
    return Exists(
        SignOff.objects.filter(
            landlord_id=OuterRef("landlord_id"),
            order_id=OuterRef("order_id"),
            satisfied=False,
            checked_at__isnull=True,
        )
    )


def _unsettled() -> Exists:
    return Exists(
        Variation.objects.filter(
            landlord_id=OuterRef("landlord_id"),
            order_id=OuterRef("order_id"),
            kind=VariationKind.REGULARISATION,
            state=VariationState.ASKED,
        )
    )


def _without_sheet() -> Q:
    """Works by the hour whose sheet isn't signed (`awaits_sheet`)."""
    signed = OrderPiece.objects.filter(
        SIGNED_SHEET, landlord_id=OuterRef("landlord_id"), order_id=OuterRef("order_id")
    )
    return Q(Q(order__nature=Nature.BY_THE_HOUR), ~Exists(signed))


def _with_order(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    return rows.select_related("order__contractor").annotate(
        is_contested=_contested(),
        is_unsettled=_unsettled(),
        is_without_sheet=Case(
            When(_without_sheet(), then=Value(value=True)),
            default=Value(value=False),
        ),
    )


def _loaded(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    """Load what a line shows."""
    if code == CERTIFICATES:
        return _with_order(rows)
    prefix = KINDS[code].prefix
    return rows.select_related(f"{prefix}contractor", f"{prefix}contract__contractor")


def _after(rows: QuerySet[Any], kind: Kind, key: str) -> QuerySet[Any]:
    """Return what follows a key, in the order of the kind."""
    by = kind.order[0]
    found = rows.order_by(*kind.order)
    moment, _mark, pk = key.partition("_")
    try:
        since, last = datetime.fromisoformat(moment), UUID(pk)
    except ValueError:
        return found
    if since.tzinfo is None:
        return found
    return found.filter(Q(**{f"{by}__gt": since}) | Q(**{by: since}, id__gt=last))


def _key(row: Any, kind: Kind) -> str:
    moment = getattr(row, kind.order[0])
    return f"{moment.isoformat()}_{row.pk}" if moment else ""


def _line(actor: Actor, row: Any, kind: Kind, *, over: bool) -> Line:
    order: Order = row if isinstance(row, Order) else row.order
    company = order.contractor or (order.contract.contractor if order.contract else None)
    due, why = _due(row), ""
    is_unseen = isinstance(row, Order) and row.state == OrderState.PENDING_APPROVAL
    if over and is_unseen and row.author_id == actor.user_id:
        why = "la vôtre : un collègue la valide"
    elif over:
        why = "au-dessus de votre limite"
    return Line(
        order=order,
        title=kind.title_of(row),
        company=company.name if company else "",
        since=row.since,
        due=due,
        is_late=due is not None and due < clock.today(),
        euros=row.euros,
        page=kind.page,
        target=getattr(row, kind.target),
        obstacle=why,
    )


def _due(row: Any) -> date | None:
    """Return until when it is to be decided, where a delay runs."""
    if isinstance(row, Variation) and row.answer_due_at is not None:
        return clock.day_of(row.answer_due_at)
    return None


def _waiting(row: Certificate, limit: Decimal | None, *, over: bool = False) -> Waiting:
    why, sheet = "", False
    if row.state != CertificateState.TO_SIGN:
        why = "n’attend plus de signature"
    elif over or (limit is not None and row.total_without_vat > limit):
        why = "au-dessus de votre limite"
    elif vars(row).get("is_contested"):
        why = "signalé non réglé : à vérifier"
    elif vars(row).get("is_unsettled"):
        why = "régularisation à régler d’abord"
    elif vars(row).get("is_without_sheet"):
        why, sheet = "attachement à signer d’abord", True
    return Waiting(certificate=row, obstacle=why, is_late=is_late(row), awaits_sheet=sheet)
