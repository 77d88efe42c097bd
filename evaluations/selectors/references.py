"""References between peers, as a company publishes them and as other landlords read them.

Nothing here is ordered by a result: each company has one card of the same size, in an order that is
drawn anew every day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext as _

from evaluations import peers
from evaluations.axes import label_of
from evaluations.models import PeerContact, PeerReference, Result
from evaluations.quarters import Quarter
from evaluations.selectors.results import told_of
from evaluations.wording import fact_text
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Agency, Group
from nexxio.core.templatetags.ui import percent
from orders.models import Trade
from orders.working_days import department_of

PER_PAGE = 12
ON_CARD = 3
"""So many axes a card shows, whoever it is of; the rest is on the reference's own page."""


@dataclass(frozen=True)
class LineText:
    """One axis in words: mean, interval, number of answers and rate, fact."""

    subject: str
    label: str
    mean: str
    interval: str
    answers: str
    fact: str


@dataclass(frozen=True)
class Card:
    """One reference. lines: all of them; first: those on a card; more: how many aren't on it.

    others: how many more references the company has.
    """

    reference: PeerReference
    quarter: Quarter
    lines: list[LineText]
    trades: list[str]
    contacts: list[PeerContact]
    others: int = 0

    @property
    def first(self) -> list[LineText]:
        """What a card shows."""
        return self.lines[:ON_CARD]

    @property
    def more(self) -> int:
        """How many axes aren't on a card."""
        return len(self.lines[ON_CARD:])

    @property
    def house(self) -> str:
        """The landlord's name, as others read it."""
        if self.reference.unnamed:
            return _("un bailleur qui préfère ne pas être nommé")
        return self.reference.house

    @property
    def places(self) -> str:
        """The départements of the works, as others read them."""
        return ", ".join(_districts_of(self.reference))


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str


@dataclass(frozen=True)
class Directory:
    """The page of a landlord. own: what is published of its own results, with who may be called."""

    cards: Page[Card]
    companies: int
    trades: list[Choice]
    places: list[Choice]
    agencies: list[Choice]
    own: list[Card]


@dataclass(frozen=True)
class Offered:
    """What a company may publish at one landlord of one quarter."""

    landlord_id: UUID
    house: str
    quarter: Quarter
    axes: list[LineText]


@dataclass(frozen=True)
class Preview:
    """What others would read, before it is published. sha256: of exactly that."""

    card: Card
    sha256: str


def directory(actor: Actor, *, trade: str = "", place: str = "", page: str = "1") -> Directory:
    """Return what companies published elsewhere, a card for each, in the order of the day.

    trade: its code. place: a département, or "agence:" and the key of one of the reader's agencies,
    which stands for the départements of its residences. Seven queries at most.
    """
    live = PeerReference.objects.filter(withdrawn_at__isnull=True)
    elsewhere = list(live.exclude(landlord_id=actor.own_id))
    wanted = _districts(actor, place)
    fitting = [
        one
        for one in elsewhere
        if (not trade or trade in one.trades) and (not place or wanted & set(_districts_of(one)))
    ]
    drawn = _drawn(fitting)
    cards: Page[Any] = Paginator(drawn, PER_PAGE).get_page(page)
    own = list(live.filter(landlord_id=actor.own_id).order_by("company"))
    labels = _trade_labels(elsewhere + own)
    contacts = _contacts([one for one, _others in cards.object_list] + own)
    cards.object_list = [
        _card(one, labels, contacts, others=others) for one, others in cards.object_list
    ]
    return Directory(
        cards=cards,
        companies=len(drawn),
        trades=[Choice(code, labels[code]) for code in sorted(labels, key=labels.__getitem__)],
        places=[
            Choice(where, where)
            for where in sorted({w for one in elsewhere for w in _districts_of(one)})
        ],
        agencies=[
            Choice(f"agence:{pk}", name)
            for pk, name in Agency.objects.filter(landlord_id=actor.own_id)
            .order_by("name")
            .values_list("pk", "name")
        ],
        own=[_card(one, labels, contacts) for one in own],
    )


def reference_page(reference: PeerReference) -> tuple[Card, list[Card]]:
    """Return a reference in full, and the company's others. Three queries."""
    rows = PeerReference.objects.filter(
        contractor_id=reference.contractor_id, withdrawn_at__isnull=True
    ).exclude(pk=reference.pk)
    others = sorted(rows, key=_lot)
    labels = _trade_labels([reference, *others])
    contacts = _contacts([reference, *others])
    return _card(reference, labels, contacts), [_card(one, labels, contacts) for one in others]


def published_references(actor: Actor) -> list[Card]:
    """Return a company's own references, those that were withdrawn last. Three queries."""
    rows = list(
        PeerReference.objects.filter(contractor_id=actor.own_id).order_by("-published_at")[:50]
    )
    rows.sort(key=lambda one: one.withdrawn_at is not None)
    labels, contacts = _trade_labels(rows), _contacts(rows)
    return [_card(one, labels, contacts) for one in rows]


def offered(actor: Actor) -> list[Offered]:
    """Return what a company may publish, newest quarter first. One query."""
    found: dict[tuple[UUID, Any], list[Result]] = {}
    houses: dict[UUID, str] = {}
    for row in peers.offered(actor.own_id):
        houses[row.landlord_id] = row.landlord.name
        found.setdefault((row.landlord_id, row.quarter), []).append(row)
    return [
        Offered(pk, houses[pk], Quarter(day), [_text(row) for row in rows])
        for (pk, day), rows in found.items()
    ]


def preview(actor: Actor, chosen: Offered, subjects: Iterable[str], company: str) -> Preview | None:
    """Return what others would read of some axes; None where none of them may be shown."""
    content = peers.shown(actor.own_id, chosen.landlord_id, chosen.quarter, subjects)
    if not content.lines:
        return None
    reference = PeerReference(
        landlord_id=chosen.landlord_id,
        contractor_id=actor.own_id,
        company=company,
        house=chosen.house,
        unnamed=peers.is_unnamed(chosen.landlord_id),
        quarter=chosen.quarter.first,
        lines=content.lines,
        trades=content.trades,
        districts=content.districts,
        published_at=clock.now(),
    )
    card = _card(reference, _trade_labels([reference]), _contacts([reference]))
    return Preview(card, content.sha256)


# --- inside -----------------------------------------------------------------------------------


def _districts_of(reference: PeerReference) -> list[str]:
    """Return where the works were; nowhere where the landlord isn't named.

    A département has few landlords: with trade and size it would say which one it is.
    """
    return [] if reference.unnamed else reference.districts


def _lot(reference: PeerReference) -> str:
    """Return what orders a company, or one of its references, today: drawn, the same for all."""
    text = f"{clock.today()}{reference.contractor_id}{reference.landlord_id}"
    return hashlib.sha256(text.encode()).hexdigest()


def _drawn(rows: Sequence[PeerReference]) -> list[tuple[PeerReference, int]]:
    """Return one reference of each company, drawn too, and how many more it has."""
    by_company: dict[UUID, list[PeerReference]] = {}
    for one in rows:
        by_company.setdefault(one.contractor_id, []).append(one)

    def lot(company: UUID) -> str:
        return hashlib.sha256(f"{clock.today()}{company}".encode()).hexdigest()

    return [
        (min(by_company[company], key=_lot), len(by_company[company]) - 1)
        for company in sorted(by_company, key=lot)
    ]


def _districts(actor: Actor, place: str) -> set[str]:
    kind, _colon, key = place.rpartition(":")
    if kind != "agence":
        return {place}
    try:
        agency = UUID(key)
    except ValueError:
        return set()
    codes = Group.objects.filter(landlord_id=actor.own_id, sector__agency_id=agency)
    return {department_of(code) for code in codes.values_list("postcode", flat=True).distinct()}


def _card(
    reference: PeerReference,
    labels: dict[str, str],
    contacts: dict[tuple[UUID, UUID], list[PeerContact]],
    *,
    others: int = 0,
) -> Card:
    pair = (reference.landlord_id, reference.contractor_id)
    return Card(
        reference=reference,
        quarter=Quarter(reference.quarter),
        lines=[_text(peers.result_of(line)) for line in reference.lines],
        trades=[labels.get(code, code) for code in reference.trades],
        contacts=[] if reference.unnamed else contacts.get(pair, []),
        others=others,
    )


def _text(row: Result) -> LineText:
    told = told_of(row)
    rate = percent(100 * row.answered // row.asked) if row.asked else ""
    return LineText(
        subject=row.subject,
        label=label_of(row.subject),
        mean=told.text,
        interval=", ".join(filter(None, (told.interval, told.note))),
        answers=_("%(n)d (%(rate)s des demandes)") % {"n": row.n, "rate": rate or "–"},
        fact=fact_text(row.fact, row.fact_value),
    )


def _trade_labels(rows: Iterable[PeerReference]) -> dict[str, str]:
    codes = {code for one in rows for code in one.trades}
    return dict(Trade.objects.filter(code__in=codes).values_list("code", "label"))


def _contacts(rows: Iterable[PeerReference]) -> dict[tuple[UUID, UUID], list[PeerContact]]:
    wanted = Q(pk__in=[])
    for landlord_id, contractor_id in {(one.landlord_id, one.contractor_id) for one in rows}:
        wanted |= Q(landlord_id=landlord_id, contractor_id=contractor_id)
    found: dict[tuple[UUID, UUID], list[PeerContact]] = {}
    live = PeerContact.objects.filter(wanted, withdrawn_at__isnull=True).order_by("consented_at")
    for contact in live:
        found.setdefault((contact.landlord_id, contact.contractor_id), []).append(contact)
    return found
