"""The parapheur: what waits for my signature, with its age and the euros behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.counts import capped_counts
from orders.certificate_states import CertificateState
from orders.models import Certificate, Photo, SignOff, Variation
from orders.selectors import search
from orders.selectors.certificates import CertificatePage, certificate_page, is_late
from orders.selectors.criteria import read_euros, read_key
from orders.selectors.lists import SEARCH_CAP, Filters
from orders.selectors.photos import Album, album_of
from orders.selectors.territory import EVERYTHING, Reach
from orders.services.standing_in import limit_of
from orders.states import OrderState
from orders.variation_states import VariationKind, VariationState

PAGE = 50
COUNT_CAP = 1000
ABOVE = "audessus"


@dataclass(frozen=True)
class Waiting:
    """A line of the parapheur. obstacle: why the reader can't sign it; ""."""

    certificate: Certificate
    obstacle: str
    is_late: bool


@dataclass(frozen=True)
class Parapheur:
    """What waits for a signature, the oldest first, and how much it comes to.

    rows: a page of what the reader may sign. count and euros: of all that is his, up to COUNT_CAP.
    limit: his, or that of whoever he stands in for. above: how many are over it. next_key: of the
    following page, or "".
    """

    rows: list[Waiting]
    count: int
    is_capped: bool
    euros: Decimal
    oldest: datetime | None
    limit: Decimal | None
    above: int
    scope: str
    next_key: str


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

    def narrow(self, rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
        """Keep what is asked for."""
        if self.q:
            words = Filters(q=self.q, state=OrderState.DONE)
            found = search.find(words, key=None, backwards=False, size=SEARCH_CAP)
            rows = rows.filter(order_id__in=found)
        asked = {
            "contractor_id": self.company,
            "total_without_vat__gte": self.least,
            "total_without_vat__lte": self.most,
        }
        return rows.filter(**{name: value for name, value in asked.items() if value is not None})


ALL = Wanted()


def companies_waiting(actor: Actor) -> list[tuple[str, str]]:
    """Return the companies whose certificates wait, by name. One query."""
    rows = Certificate.objects.filter(landlord_id=actor.own_id, state=CertificateState.TO_SIGN)
    names = rows.order_by("contractor__name").values_list("contractor_id", "contractor__name")
    return [(str(pk), name) for pk, name in names.distinct()]


def parapheur(
    actor: Actor,
    reach: Reach = EVERYTHING,
    *,
    scope: str = "",
    after: str = "",
    wanted: Wanted = ALL,
) -> Parapheur:
    """Return what waits for the actor's signature in his part of the estate.

    scope: ABOVE for what is over his limit, which he may read and not sign. after: the key of
    the last line of the page before.
    """
    limit = limit_of(actor)
    mine, over = (wanted.narrow(rows) for rows in _by_limit(actor, reach, limit))
    counts = capped_counts({"mine": mine, "over": over}, cap=COUNT_CAP)
    shown = over if scope == ABOVE else mine
    page = list(_after(shown, after)[: PAGE + 1])
    first = mine.order_by("asked_at", "id")[:COUNT_CAP]
    euros = Certificate.objects.filter(pk__in=first.values("pk")).aggregate(
        total=Sum("total_without_vat")
    )["total"]
    return Parapheur(
        rows=[_waiting(row, limit, over=shown is over) for row in page[:PAGE]],
        count=min(counts["mine"], COUNT_CAP),
        is_capped=counts["mine"] > COUNT_CAP,
        euros=euros or Decimal(0),
        oldest=mine.order_by("asked_at", "id").values_list("asked_at", flat=True).first(),
        limit=limit,
        above=counts["over"],
        scope=scope if scope == ABOVE else "",
        next_key=_key(page[PAGE - 1]) if len(page) > PAGE else "",
    )


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
    mine, _over = _by_limit(actor, reach, limit_of(actor))
    mine = wanted.narrow(mine)
    ready = mine.filter(~_contested(), ~_unsettled())
    rest = _after(ready, after)
    certificate = rest.first()
    counts = capped_counts({"ready": ready, "rest": rest}, cap=COUNT_CAP)
    return Series(
        page=certificate_page(actor, certificate) if certificate else None,
        photos=_album_of(certificate) if certificate else None,
        left=counts["rest"],
        passed=counts["ready"] - counts["rest"],
        key=_key(certificate) if certificate else "",
        **_signed_today(actor),
    )


# --- inside -----------------------------------------------------------------------------------


def _by_limit(
    actor: Actor, reach: Reach, limit: Decimal | None
) -> tuple[QuerySet[Certificate], QuerySet[Certificate]]:
    """Return what waits within a limit, and above it."""
    waiting = reach.narrow(
        Certificate.objects.filter(
            landlord_id=actor.own_id,
            state=CertificateState.TO_SIGN,
            order__state=OrderState.DONE,
        ),
        "order__",
    )
    if limit is None:
        return waiting, Certificate.objects.none()
    return (
        waiting.filter(total_without_vat__lte=limit),
        waiting.filter(total_without_vat__gt=limit),
    )


def _album_of(certificate: Certificate) -> Album:
    photos = Photo.objects.filter(
        landlord_id=certificate.landlord_id,
        order_id=certificate.order_id,
        withdrawn_at__isnull=True,
    )
    return album_of(photos.order_by("created_at"))


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


def _with_order(rows: QuerySet[Certificate]) -> QuerySet[Certificate]:
    return rows.select_related("order__contractor").annotate(
        is_contested=_contested(), is_unsettled=_unsettled()
    )


def _after(rows: QuerySet[Certificate], key: str) -> QuerySet[Certificate]:
    found = _with_order(rows).order_by("asked_at", "id")
    moment, _mark, pk = key.partition("_")
    try:
        since, last = datetime.fromisoformat(moment), UUID(pk)
    except ValueError:
        return found
    if since.tzinfo is None:
        return found
    return found.filter(Q(asked_at__gt=since) | Q(asked_at=since, id__gt=last))


def _key(row: Certificate) -> str:
    return f"{row.asked_at.isoformat()}_{row.pk}" if row.asked_at else ""


def _waiting(row: Certificate, limit: Decimal | None, *, over: bool = False) -> Waiting:
    why = ""
    if row.state != CertificateState.TO_SIGN:
        why = "n’attend plus de signature"
    elif over or (limit is not None and row.total_without_vat > limit):
        why = "au-dessus de votre limite"
    elif vars(row).get("is_contested"):
        why = "signalé non réglé : à vérifier"
    elif vars(row).get("is_unsettled"):
        why = "régularisation à régler d’abord"
    return Waiting(certificate=row, obstacle=why, is_late=is_late(row))
