"""What a contract review is about: it writes its own agenda, the same for both sides.

Decisions that are open, gaps between what each side says of the other, incidents, blocks, figures,
measured clauses. The scores come from the one selector of results (selectors/results.py), with its
thresholds.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contractors import causes_book
from contractors.models import IN_CIRCUIT, Block, BlockSide
from contractors.selectors.blocks import department_label, label_of
from evaluations.facts import facts_of
from evaluations.models import Review, ReviewDecision
from evaluations.quarters import Quarter
from evaluations.selectors.clauses import measured_clauses
from evaluations.selectors.results import Line, latest_of_pair, pair_page
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import day, money_text, number
from orders.certificate_states import ReserveState
from orders.models import AccessCheck, Contract, Reserve, SignOff, Visit
from orders.states import VisitState

GAP = Decimal("0.5")
"""A gap that is smaller isn't worth a meeting's time."""
_MOST = 12
_NAMED = 5
FOLLOW, GAPS, INCIDENTS, BLOCKS = "follow", "gaps", "incidents", "blocks"
FIGURES, CLAUSES = "figures", "clauses"
PARTS = (
    (FOLLOW, gettext_lazy("Suites des décisions précédentes"), "list-check"),
    (GAPS, gettext_lazy("Écarts entre les deux regards"), "scale"),
    (INCIDENTS, gettext_lazy("Incidents du trimestre, sur ce marché"), "alert-triangle"),
    (BLOCKS, gettext_lazy("Blocages en cours"), "lock"),
    (FIGURES, gettext_lazy("Chiffres du trimestre, entre vos deux organisations"), "chart-bar"),
    (CLAUSES, gettext_lazy("Clauses mesurées du trimestre"), "ruler-2"),
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
    """A part of the agenda. none: what is said where it has no line.

    is_dense: its lines are measures, to be read side by side.
    """

    title: str
    icon: str
    items: list[Item]
    none: str
    is_dense: bool


def agenda_of(actor: Actor, review: Review) -> list[Item]:
    """Return the agenda: as it was kept, or, until the minutes are closed, as of now.

    The review's contract and houses are loaded. Some fifty queries while it is open, none then.
    """
    if review.closed_at is not None:
        return [Item(**row) for row in review.agenda]
    contract, quarter = review.contract, Quarter(review.quarter)
    return [
        *_follow(review),
        *_gaps(actor, contract, quarter),
        *_incidents(contract, quarter),
        *_blocks(contract),
        *_figures(contract, quarter),
        *_clauses(contract, quarter),
    ]


def sections_of(items: list[Item]) -> list[Section]:
    """Return the agenda by its parts, in their order."""
    none = {
        FOLLOW: _("Aucune décision en cours."),
        GAPS: _("Aucun écart publié d’au moins un demi-point."),
        INCIDENTS: _("Aucun rendez-vous manqué, désaccord ni réserve en retard."),
        BLOCKS: _("Rien n’est bloqué sur ce marché."),
        FIGURES: _("Rien n’a été compté ce trimestre."),
        CLAUSES: _("Aucune clause n’a pu être mesurée ce trimestre."),
    }
    return [
        Section(
            title=str(title),
            icon=icon,
            items=[one for one in items if one.part == part],
            none=none[part],
            is_dense=part in (FIGURES, CLAUSES),
        )
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
            "day": day(one.due_on, "letter"),
        }
        yield Item(FOLLOW, one.text, f"{words}{_(', dépassée') if late else ''}")


def _gaps(actor: Actor, contract: Contract, quarter: Quarter) -> Iterator[Item]:
    """Yield the gaps of the review's quarter; of the newest one that tells any where it doesn't."""
    pair = (contract.landlord_id, contract.contractor_id)
    page = pair_page(actor, *pair, quarter)
    if page is None:
        page = latest_of_pair(actor, *pair)
    if page is None or page.quarter is None:
        return
    wide = [line for line in page.axes if line.gap is not None and line.gap >= GAP]
    if wide and page.quarter != quarter:
        words = {"quarter": quarter, "shown": page.quarter}
        detail = _("Les écarts qui suivent sont ceux du %(shown)s, le dernier publié.") % words
        yield Item(GAPS, _("Rien n’est publié du %(quarter)s") % words, detail)
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


def _incidents(contract: Contract, quarter: Quarter) -> Iterator[Item]:
    """Yield what went wrong on the contract's orders, kind by kind. Four queries."""
    of = {"landlord_id": contract.landlord_id, "order__contract_id": contract.pk}
    in_time = {"gte": quarter.starts_at, "lt": quarter.ends_at}
    missed = Visit.objects.filter(**of, state=VisitState.CONTRACTOR_NO_SHOW)
    unsettled = SignOff.objects.filter(**of, satisfied=False)
    absences = AccessCheck.objects.filter(**of, contested_at__isnull=False)
    late = Reserve.objects.filter(**of, state=ReserveState.OPEN, due_on__lt=clock.today())
    kinds: list[tuple[Any, QuerySet[Any]]] = [
        (_("Rendez-vous manqués par l’entreprise"), _within(missed, "window_start", in_time)),
        (
            _("Réparations que le locataire dit non réglées"),
            _within(unsettled, "created_at", in_time),
        ),
        (
            _("Absences contestées, du locataire ou de l’entreprise"),
            _within(absences, "contested_at", in_time),
        ),
        (_("Réserves en retard, à ce jour"), late),
    ]
    for title, rows in kinds:
        found = list(rows.order_by("-order__created_at").values_list("order__reference", flat=True))
        if found:
            named = ", ".join(dict.fromkeys(found[:_NAMED]))
            more = _(" et d’autres") if len(found) > _NAMED else ""
            yield Item(INCIDENTS, f"{title}\N{NO-BREAK SPACE}: {len(found)}", f"{named}{more}")


def _within(rows: QuerySet[Any], moment: str, in_time: dict[str, Any]) -> QuerySet[Any]:
    return rows.filter(**{f"{moment}__{name}": at for name, at in in_time.items()})


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


def _clauses(contract: Contract, quarter: Quarter) -> Iterator[Item]:
    """Yield the clauses that something measured, with how many cases."""
    for article, clauses in measured_clauses(contract, quarter).articles:
        for one in clauses:
            if one.told:
                values = ", ".join(f"{told.value} (n = {told.n})" for told in one.told)
                title = f"{one.clause.number} {one.clause.title}"
                yield Item(CLAUSES, f"{title}\N{NO-BREAK SPACE}: {values}", article.title)
