"""What a contract review is about: it writes its own agenda, the same for both sides.

Decisions that are open, gaps between what each side says of the other, blocks, figures. The scores
come from the one selector of results (selectors/results.py), with its thresholds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contractors import causes_book
from contractors.models import IN_CIRCUIT, Block, BlockSide
from contractors.selectors.blocks import department_label, label_of
from evaluations.facts import facts_of
from evaluations.models import Review, ReviewDecision
from evaluations.quarters import Quarter
from evaluations.selectors.results import Line, pair_page
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import money_text, number
from orders.models import Contract

GAP = Decimal("0.5")
"""A gap that is smaller isn't worth a meeting's time."""
_MOST = 12
FOLLOW, GAPS, BLOCKS, FIGURES = "follow", "gaps", "blocks", "figures"
PARTS = (
    (FOLLOW, gettext_lazy("Suites des décisions précédentes"), "list-check"),
    (GAPS, gettext_lazy("Écarts entre les deux regards"), "scale"),
    (BLOCKS, gettext_lazy("Blocages en cours"), "lock"),
    (FIGURES, gettext_lazy("Chiffres du trimestre, entre vos deux organisations"), "chart-bar"),
)


@dataclass(frozen=True)
class Item:
    """One line of the agenda, in words. part: one of PARTS."""

    part: str
    title: str
    detail: str

    def kept(self) -> dict[str, str]:
        """Return what is kept when the minutes are closed."""
        return asdict(self)


@dataclass(frozen=True)
class Section:
    """A part of the agenda. none: what is said where it has no line."""

    title: str
    icon: str
    items: list[Item]
    none: str


def agenda_of(actor: Actor, review: Review) -> list[Item]:
    """Return the agenda: as it was kept, or, until the minutes are closed, as of now.

    The review's contract and houses are loaded. About ten queries while it is open, none then.
    """
    if review.closed_at is not None:
        return [Item(**row) for row in review.agenda]
    contract = review.contract
    return [
        *_follow(review),
        *_gaps(actor, contract),
        *_blocks(contract),
        *_figures(contract, Quarter(review.quarter)),
    ]


def sections_of(items: list[Item]) -> list[Section]:
    """Return the agenda by its parts, in their order."""
    none = {
        FOLLOW: _("Aucune décision en cours."),
        GAPS: _("Aucun écart publié d’au moins un demi-point."),
        BLOCKS: _("Rien n’est bloqué sur ce marché."),
        FIGURES: _("Rien n’a été compté ce trimestre."),
    }
    return [
        Section(str(title), icon, [one for one in items if one.part == part], none[part])
        for part, title, icon in PARTS
    ]


def open_decisions(review: Review) -> list[ReviewDecision]:
    """Return what former reviews of the contract decided and nobody has settled. One query."""
    rows = ReviewDecision.objects.filter(
        landlord_id=review.landlord_id,
        review__contract_id=review.contract_id,
        review__closed_at__isnull=False,
        review__quarter__lt=review.quarter,
        settled_at__isnull=True,
        withdrawn_at__isnull=True,
    )
    return list(rows.select_related("review").order_by("due_on", "id"))


# --- inside -----------------------------------------------------------------------------------


def _follow(review: Review) -> Iterator[Item]:
    for one in open_decisions(review):
        late = one.due_on < clock.today()
        words = _("%(side)s, %(owner)s ; échéance du %(day)s") % {
            "side": one.get_side_display(),
            "owner": one.owner,
            "day": f"{one.due_on:%d/%m/%Y}",
        }
        yield Item(FOLLOW, one.text, f"{words}{_(', dépassée') if late else ''}")


def _gaps(actor: Actor, contract: Contract) -> Iterator[Item]:
    page = pair_page(actor, contract.landlord_id, contract.contractor_id)
    if page is None:
        return
    wide = [line for line in page.axes if line.gap is not None and line.gap >= GAP]
    for line in sorted(wide, key=lambda one: (-(one.gap or 0), one.label)):
        yield Item(GAPS, line.label, _gap_text(line, str(page.quarter)))


def _gap_text(line: Line, quarter: str) -> str:
    one, other = line.of_contractor, line.of_landlord
    assert one is not None
    assert other is not None
    words = _(
        "Écart de %(gap)s au %(quarter)s : l’entreprise reçoit %(one)s (%(n)d réponses), le"
        " bailleur %(other)s de toutes ses entreprises (%(m)d réponses)"
    ) % {
        "gap": number(line.gap, 1),
        "quarter": quarter,
        "one": one.text,
        "n": one.row.n,
        "other": other.text,
        "m": other.row.n,
    }
    return f"{words}. {line.fact[:1].upper()}{line.fact[1:]}." if line.fact else f"{words}."


def _blocks(contract: Contract) -> Iterator[Item]:
    of_contract = Q(order__contract_id=contract.pk) | Q(invoice__order__contract_id=contract.pk)
    rows: list[Any] = list(
        Block.objects.filter(
            of_contract,
            ~IN_CIRCUIT,
            landlord_id=contract.landlord_id,
            contractor_id=contract.contractor_id,
            closed_at__isnull=True,
        )
        .order_by()
        .values("cause", "side", "department")
        .annotate(count=Count("pk"), euros=Sum("amount"), since=Min("opened_at"))
        .order_by("-euros", "cause")[:_MOST]
    )
    causes = causes_book.load() if rows else None
    for row in rows:
        assert causes is not None
        days = (clock.now() - row["since"]).days
        counted = ngettext("%d blocage", "%d blocages", row["count"]) % row["count"]
        aged = _("depuis aujourd’hui")
        if days:
            aged = ngettext("depuis %d jour", "depuis %d jours", days) % days
        detail = _("%(counted)s, %(euros)s TTC, le plus ancien %(aged)s, chez %(holder)s") % {
            "counted": counted,
            "euros": money_text(row["euros"]),
            "aged": aged,
            "holder": _holder(contract, row["side"], row["department"]),
        }
        yield Item(BLOCKS, label_of(causes, row["cause"]), detail)


def _holder(contract: Contract, side: str, department: str) -> str:
    house: Organisation = contract.contractor if side == BlockSide.CONTRACTOR else contract.landlord
    name = department_label(department) if side == BlockSide.LANDLORD else ""
    return f"{house.name} · {name}" if name else house.name


def _figures(contract: Contract, quarter: Quarter) -> Iterator[Item]:
    facts = facts_of(
        quarter, landlord_id=contract.landlord_id, contractor_id=contract.contractor_id
    )
    for fact in dict.fromkeys(one for each in facts.values() for one in each.parts):
        text = fact.text
        yield Item(FIGURES, text[:1].upper() + text[1:], "")
