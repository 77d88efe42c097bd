"""What waits for a member this morning, in a few lines: his page, and the e-mail of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contractors import policies
from contractors.selectors.blocks import blocked_of_others, held_by_desk, to_treat
from contractors.selectors.retentions import to_release
from contractors.services.claims import late_invoices
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.templatetags.ui import money_text, number
from orders.selectors import desks
from orders.selectors.lists import COUNT_CAP
from orders.selectors.parapheur import to_sign
from orders.selectors.territory import reach_of

SOON = 10
"""Days before the due date from which the line says so."""


@dataclass(frozen=True)
class DigestLine:
    """A line: what waits, how much of it, where it is done."""

    text: str
    url: str


def digest_of(actor: Actor, slug: str) -> list[DigestLine]:
    """Return what waits for a member of a desk, in his part of the estate. slug: of his house."""
    lines = _of_landlord(actor, slug) if actor.side is Side.LANDLORD else _of_company(actor, slug)
    return list(lines)


# --- inside -----------------------------------------------------------------------------------


def _of_landlord(actor: Actor, slug: str) -> Iterator[DigestLine]:
    reach = reach_of(actor, {})
    waiting = to_sign(actor, reach)
    if waiting.count:
        text = ngettext(
            "%(n)s constat à signer, %(euros)s HT", "%(n)s constats à signer, %(euros)s HT",
            waiting.count,
        ) % {"n": number(waiting.count), "euros": money_text(waiting.euros)}  # fmt: skip
        yield DigestLine(text, reverse("orders:landlord_parapheur", args=[slug]))
    yield from _blocks(actor, slug)
    yield from _to_treat(actor, slug)
    if policies.pays(actor):
        yield from _retained(actor, slug)
    yield from _desk(
        desks.landlord_desk(actor, reach), reverse("orders:landlord_list", args=[slug])
    )


def _of_company(actor: Actor, slug: str) -> Iterator[DigestLine]:
    yield from _desk(desks.contractor_desk(actor), reverse("orders:contractor_list", args=[slug]))
    yield from _blocks(actor, slug)
    stuck = blocked_of_others(actor)
    if stuck["count"]:
        text = ngettext(
            "%(n)s facture bloquée chez les bailleurs, %(euros)s TTC",
            "%(n)s factures bloquées chez les bailleurs, %(euros)s TTC",
            stuck["count"],
        ) % {"n": number(stuck["count"]), "euros": money_text(stuck["euros"])}
        yield DigestLine(text, reverse("contractors:contractor_blocks", args=[slug]))
    yield from _retained(actor, slug)
    late = late_invoices(actor).aggregate(count=Count("pk"), euros=Sum("left"))
    if late["count"]:
        text = ngettext(
            "%(n)s facture en retard de paiement, %(euros)s TTC",
            "%(n)s factures en retard de paiement, %(euros)s TTC",
            late["count"],
        ) % {"n": number(late["count"]), "euros": money_text(late["euros"] or Decimal(0))}
        yield DigestLine(text, reverse("contractors:contractor_claims", args=[slug]))


def _blocks(actor: Actor, slug: str) -> Iterator[DigestLine]:
    held = held_by_desk(actor)
    if held["count"]:
        text = ngettext(
            "%(n)s facture que vous pouvez débloquer, %(euros)s TTC",
            "%(n)s factures que vous pouvez débloquer, %(euros)s TTC",
            held["count"],
        ) % {"n": number(held["count"]), "euros": money_text(held["euros"])}
        yield DigestLine(text, reverse(f"contractors:{actor.side}_blocks", args=[slug]))


def _to_treat(actor: Actor, slug: str) -> Iterator[DigestLine]:
    """Invoices that nothing blocks and that the landlord's own circuit has: soon due ones first."""
    waiting = to_treat(actor)
    if not waiting.count:
        return
    url = f"{reverse('contractors:landlord_invoices', args=[slug])}?cause={waiting.query}"
    text = ngettext(
        "%(n)s facture à traiter, %(euros)s TTC",
        "%(n)s factures à traiter, %(euros)s TTC",
        waiting.count,
    ) % {"n": number(waiting.count), "euros": money_text(waiting.euros)}
    soon = to_treat(actor, due_by=clock.today() + timedelta(days=SOON))
    if soon.count:
        more = ngettext(
            "dont %(n)s à payer dans les %(days)s jours, ou déjà échue",
            "dont %(n)s à payer dans les %(days)s jours, ou déjà échues",
            soon.count,
        ) % {"n": number(soon.count), "days": SOON}
        text = f"{text}, {more}"
    yield DigestLine(text, url)


def _retained(actor: Actor, slug: str) -> Iterator[DigestLine]:
    held = to_release(actor)
    if held["count"]:
        text = ngettext(
            "%(n)s retenue de garantie à libérer, %(euros)s TTC",
            "%(n)s retenues de garantie à libérer, %(euros)s TTC",
            held["count"],
        ) % {"n": number(held["count"]), "euros": money_text(held["euros"])}
        yield DigestLine(text, reverse(f"contractors:{actor.side}_retentions", args=[slug]))


def _desk(desk: desks.Desk, list_url: str) -> Iterator[DigestLine]:
    for label, count, query, tone in desk.figures:
        if count and tone in ("warning", "danger"):
            said = _("plus de %s") % number(COUNT_CAP) if count > COUNT_CAP else ""
            yield DigestLine(f"{label} : {said or number(count)}", f"{list_url}{query}")
