"""Final accounts as both sides see them: a card on order and invoice, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from contractors import policies
from contractors.final_states import FINAL, FINAL_LABELS, FINAL_LOOK, LINE_WORDS, Group
from contractors.models import FinalAccount
from contractors.services.final_accounts import CERTIFIED, answer_obstacle, final_obstacle
from contractors.services.final_facts import Figures, Line, figures_of, nothing_more, read_figures
from nexxio.core.actors import Actor, Side
from orders.models import Order
from orders.selectors.history import HistoryEntry, subject_history
from orders.selectors.status import Status
from orders.services.seal_states import verify_url

NOTHING = Decimal(0)


@dataclass(frozen=True)
class FinalCard:
    """What an order's or an invoice's page says. account: the newest one; None before the first.

    obstacle: why the reader can't submit one now, "". stops: why nothing more is invoiced, "".
    """

    order: Order
    account: FinalAccount | None
    status: Status | None
    can_submit: bool
    obstacle: str
    stops: str


@dataclass(frozen=True)
class FinalGroup:
    """A part of an account with its lines in words, and what it comes to."""

    group: Group
    rows: list[tuple[str, Line]]
    total: Decimal

    @property
    def is_market(self) -> bool:
        """Whether its sums are excluding VAT."""
        return self.group == Group.MARKET

    @property
    def has_days_of_release(self) -> bool:
        """Whether its days are to come."""
        return self.group == Group.HELD


@dataclass(frozen=True)
class FinalPage:
    """A final account, or what one would say (account None). due: to be paid now.

    market: VAT included. obstacle: why the landlord's reader can't accept it, "".
    """

    order: Order
    figures: Figures
    groups: list[FinalGroup]
    market: Decimal
    account: FinalAccount | None = None
    status: Status | None = None
    obstacle: str = ""
    can_ask_seal: bool = False
    history: list[HistoryEntry] = field(default_factory=list)
    can: dict[str, bool] = field(default_factory=dict)

    @property
    def deducted(self) -> Decimal:
        """What the landlord took off."""
        return self.account.deducted if self.account else NOTHING

    @property
    def total(self) -> Decimal:
        """What the order comes to in the end."""
        return self.figures.total - self.deducted

    @property
    def balance(self) -> Decimal:
        """What is left to be paid, now and at the end of the guarantee; negative: to give back."""
        return self.figures.balance - self.deducted

    @property
    def due(self) -> Decimal:
        """What is to be paid without waiting for the end of the guarantee."""
        return self.balance - self.figures.held


@dataclass(frozen=True)
class FinalSheet:
    """A definitive account as it is printed: what was submitted, and what was agreed of it."""

    account: FinalAccount
    page: FinalPage
    verify_url: str

    @property
    def title(self) -> str:
        """Title of the document."""
        return f"Décompte général définitif {self.page.order.reference}"


def final_card(actor: Actor, order: Order) -> FinalCard | None:
    """Return the card of an order that has situations; None where there is nothing to say."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    account = FinalAccount.objects.filter(**own).order_by("-number").first()
    asks = actor.side is Side.CONTRACTOR and policies.desk(actor) and order.state in CERTIFIED
    stops = nothing_more(order) if account is not None else None
    refusal = final_obstacle(actor, order) if asks and stops is None else None
    if account is None and not asks:
        return None
    return FinalCard(
        order=order,
        account=account,
        status=_status(account, actor.side) if account else None,
        can_submit=asks and stops is None and refusal is None,
        obstacle=refusal.message if refusal else "",
        stops=stops.message if stops else "",
    )


def final_preview(order: Order) -> FinalPage:
    """Return what the account of an order would say today."""
    return _page(order, figures_of(order))


def final_page(actor: Actor, account: FinalAccount) -> FinalPage:
    """Return the page of an account whose order and houses are loaded."""
    can = {name: policies.can_final(name, actor, account) for name in FINAL.transitions}
    refusal = answer_obstacle(actor, account, account.order) if can["accept_final"] else None
    return _page(
        account.order,
        read_figures(account),
        account=account,
        status=_status(account, actor.side),
        obstacle=refusal.message if refusal else "",
        can_ask_seal=policies.can_ask_final_seal(actor, account),
        history=subject_history(actor, account, [account.pk]),
        can=can,
    )


def final_sheet(account: FinalAccount) -> FinalSheet:
    """Return what is printed of an agreed account whose order and houses are loaded."""
    page = _page(account.order, read_figures(account), account=account)
    return FinalSheet(account, page, verify_url("final_account", account.pk))


# --- inside -----------------------------------------------------------------------------------


def _page(order: Order, figures: Figures, **more: object) -> FinalPage:
    groups = []
    for key, lines in groupby(figures.lines, key=lambda line: line.group):
        sums = figures.without_vat if key == Group.MARKET else figures.sum_of
        rows = [(str(LINE_WORDS[line.what]).format(number=line.number), line) for line in lines]
        groups.append(FinalGroup(Group(key), rows, sums(key)))
    market = figures.without_vat(Group.MARKET) + figures.vat
    return FinalPage(order, figures, groups, market, **more)  # type: ignore[arg-type]


def _status(account: FinalAccount, side: Side) -> Status:
    tone, icon = FINAL_LOOK[account.state]
    return Status(account.state, str(FINAL_LABELS[account.state][side]), tone, icon)
