"""Links without an account: made, found by their token, revoked.

The token is derived from the link's id with a secret of its own (NEXXIO_LINK_KEY), so that a
message can carry it without the database keeping it; the database keeps its hash, which is what a
look-up compares.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse

from nexxio.core import clock, live
from nexxio.core.actors import Actor, Channel, Role, Side
from nexxio.core.models import Case, Link, LinkParty, LinkPurpose

DEFAULT_LIFE = timedelta(days=180)
TENANT_PURPOSES = [LinkPurpose.FOLLOW, LinkPurpose.CHOOSE_SLOT, LinkPurpose.EVALUATE]


@dataclass(frozen=True)
class FoundLink:
    """What the look-up tells of a valid link; nothing of the case or the order itself.

    contractor_id and order_id: of a contractor's paper, else None.
    """

    link_id: UUID
    landlord_id: UUID
    case_id: UUID
    party: str
    purposes: frozenset[str]
    expires_at: datetime
    contractor_id: UUID | None = None
    order_id: UUID | None = None


def keyed(what: str, data: bytes) -> bytes:
    """Return a digest of `data` (32 bytes) that only a holder of NEXXIO_LINK_KEY can make.

    what: the use, so that the digest of one thing never opens another.
    """
    key = settings.LINK_KEY.encode()
    return hmac.new(key, f"nexxio.{what}:".encode() + data, hashlib.sha256).digest()


def token_from(digest: bytes) -> str:
    """Return a digest as it stands in an address (24 characters, 144 bits)."""
    return base64.urlsafe_b64encode(digest[:18]).decode()


def token_of(link_id: UUID) -> str:
    """Return the token of a link."""
    return token_from(keyed("link", link_id.bytes))


def hash_of(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def url_of(link_id: UUID, *, page: str = "tenants:follow") -> str:
    """Return the full address that a message, or a paper, carries."""
    return settings.SITE_URL + reverse(page, args=[token_of(link_id)])


def make_link(*, case: Case, purposes: list[LinkPurpose], life: timedelta = DEFAULT_LIFE) -> Link:
    """Make a link to a case for its tenant, in the caller's transaction."""
    link = Link(
        landlord_id=case.landlord_id,
        case=case,
        purposes=[purpose.value for purpose in purposes],
        expires_at=clock.now() + life,
    )
    link.token_hash = hash_of(token_of(link.pk))
    link.save(force_insert=True)
    return link


def make_paper(
    *,
    case_id: UUID,
    landlord_id: UUID,
    contractor_id: UUID,
    order_id: UUID,
    life: timedelta = DEFAULT_LIFE,
) -> Link:
    """Make the link that a printed order carries: its contractor's, for that order only."""
    link = Link(
        landlord_id=landlord_id,
        case_id=case_id,
        party=LinkParty.CONTRACTOR,
        contractor_id=contractor_id,
        order_id=order_id,
        purposes=[LinkPurpose.ACT.value],
        expires_at=clock.now() + life,
    )
    link.token_hash = hash_of(token_of(link.pk))
    link.save(force_insert=True)
    return link


def paper_of(*, landlord_id: UUID, order_id: UUID) -> Link | None:
    """Return the valid paper link of an order. Runs in the landlord's or the system's scope."""
    return _papers(landlord_id, order_id).filter(expires_at__gt=clock.now()).first()


def ensure_paper(
    *, case_id: UUID, landlord_id: UUID, contractor_id: UUID, order_id: UUID
) -> Link | None:
    """Return an order's paper link: the valid one; the first one; None where it was withdrawn.

    One that has expired is replaced. The caller has locked the order.
    """
    valid = paper_of(landlord_id=landlord_id, order_id=order_id)
    if valid is not None:
        return valid
    ever = Link.objects.filter(landlord_id=landlord_id, order_id=order_id).exists()
    if ever and not end_papers(landlord_id=landlord_id, order_id=order_id):
        return None
    return make_paper(
        case_id=case_id, landlord_id=landlord_id, contractor_id=contractor_id, order_id=order_id
    )


def end_papers(*, landlord_id: UUID, order_id: UUID) -> int:
    """Revoke an order's paper link, expired or not, and return how many there were."""
    found = list(_papers(landlord_id, order_id))
    for link in found:
        revoke(link=link)
    return len(found)


def find(token: str) -> FoundLink | None:
    """Look a token up; None when it is forged, expired or revoked, which look the same.

    Comes before any scope: a security-definer function compares the hash.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, landlord_id, case_id, party, purposes, expires_at, contractor_id, order_id"
            " FROM nexxio_find_link(%s)",
            [hash_of(token)],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return FoundLink(row[0], row[1], row[2], row[3], frozenset(row[4]), *row[5:])


def actor_of(found: FoundLink) -> Actor:
    """Return who holds the link: the tenant, or a contractor with a printed order in hand.

    The paper's holder acts like the contractor's desk, on that order only.
    """
    if found.party == LinkParty.CONTRACTOR:
        return Actor(
            side=Side.CONTRACTOR,
            name="Bon papier",
            channel=Channel.PAPER,
            organisation_id=found.contractor_id,
            via_id=found.landlord_id,
            order_id=found.order_id,
            case_id=found.case_id,
            link_id=found.link_id,
            purposes=found.purposes,
            roles=frozenset({Role.CLERK}),
        )
    return Actor(
        side=Side.TENANT,
        name="Locataire",
        channel=Channel.LINK,
        organisation_id=found.landlord_id,
        case_id=found.case_id,
        link_id=found.link_id,
        purposes=found.purposes,
    )


def link_for(case: Case) -> Link:
    """Return the valid link that the tenant of a case holds; a new one where none is left.

    Runs in the caller's transaction, in the landlord's or the system's scope.
    """
    return _valid(case).order_by("-created_at").first() or make_link(
        case=case, purposes=TENANT_PURPOSES
    )


def link_to_send(case: Case) -> Link | None:
    """Return the link for a message to the tenant; None once he has moved out, as `find`.

    Nothing is written to him then, until the landlord has put the contact right. Runs as
    `link_for`.
    """
    link = link_for(case)
    return link if find(token_of(link.pk)) is not None else None


def allow(case: Case, purpose: LinkPurpose) -> None:
    """Let the valid links of a case's tenant do one thing more, in the caller's transaction."""
    for link in _valid(case):
        if purpose.value not in link.purposes:
            link.purposes = [*link.purposes, purpose.value]
            link.save(update_fields=["purposes"])


def renew(case: Case) -> Link:
    """End the links of a case's tenant and make another one, in the caller's transaction."""
    for link in _valid(case):
        revoke(link=link)
    return make_link(case=case, purposes=TENANT_PURPOSES)


def channel_of(actor: Actor) -> str:
    """Return the live channel that a link's holder may listen to."""
    if actor.order_id is not None:
        return live.channel_for_order(actor.order_id)
    if actor.case_id is None:
        raise RuntimeError("This actor holds no link.")
    return live.channel_for_case(actor.case_id)


def revoke(*, link: Link) -> None:
    """End a link, and once that is committed close the pages that it keeps open."""
    link.revoked_at = clock.now()
    link.save(update_fields=["revoked_at"])
    transaction.on_commit(lambda: live.silence(str(link.pk)))


def _papers(landlord_id: UUID, order_id: UUID) -> QuerySet[Link]:
    return Link.objects.filter(
        landlord_id=landlord_id,
        order_id=order_id,
        party=LinkParty.CONTRACTOR,
        revoked_at__isnull=True,
    )


def _valid(case: Case) -> QuerySet[Link]:
    return Link.objects.filter(
        landlord_id=case.landlord_id,
        case_id=case.pk,
        party=LinkParty.TENANT,
        revoked_at__isnull=True,
        expires_at__gt=clock.now(),
    )
