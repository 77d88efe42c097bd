"""Writes of final accounts: submitted, answered, agreed or contested. The order is locked first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from contractors import final_events as events
from contractors import policies
from contractors.final_states import FINAL, FinalState
from contractors.models import FinalAccount, Invoice
from contractors.services.final_facts import (
    Figures,
    basis_of,
    digest_of,
    figures_of,
    live_final,
)
from contractors.services.moves import live_invoices, required
from contractors.services.remaining import remaining
from contractors.states import UNFILED, InvoiceKind
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from nexxio.core.templatetags.ui import money_text
from nexxio.core.transitions import apply
from orders.models import Order, SealState, Variation
from orders.services.moves import lock_order
from orders.services.standing_in import covers, note_in_place_of
from orders.states import OrderState
from orders.variation_states import VariationState

CERTIFIED = (OrderState.CERTIFIED, OrderState.CERTIFIED_WITH_RESERVES, OrderState.CLOSED)


def final_obstacle(actor: Actor, order: Order) -> Refused | None:
    """Return why the actor can't submit the order's final account now; None when he can."""
    if actor.side is not Side.CONTRACTOR or not policies.desk(actor):
        return Refused("Seul le bureau de l’entreprise remet un décompte final.", code="role")
    if order.state not in CERTIFIED:
        text = "Le décompte final se remet une fois le service fait constaté."
        return Refused(text, code="state")
    bills = live_invoices(order)
    if not any(bill.kind == InvoiceKind.SITUATION for bill in bills):
        text = "Seule une commande facturée par situations a un décompte final."
        return Refused(text, code="situations")
    if live_final(order) is not None:
        return Refused("Un décompte de cette commande est déjà en cours.", code="repeated")
    return _still_open(order, bills)


@transaction.atomic
def submit_final(*, actor: Actor, order_id: UUID) -> FinalAccount:
    """Submit the final account of a certified order, from its rows as they are now.

    Nothing more is invoiced of it unless it is returned or contested. Locks the order. Raises
    Refused with the reason when it can't be.
    """
    order = lock_order(order_id)
    refusal = final_obstacle(actor, order)
    if refusal is not None:
        raise refusal
    assert order.contractor_id is not None
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    figures = figures_of(order)
    account = FinalAccount(
        **own,
        contractor_id=order.contractor_id,
        number=FinalAccount.objects.filter(**own).count() + 1,
        state=FinalState.SUBMITTED,
        submitted_at=clock.now(),
        submitted_by_id=actor.user_id,
        **_kept(figures),
    )
    with explained():
        account.save(force_insert=True)
    event = events.FinalSubmitted(number=account.number)
    record(event, actor=actor, subject=account, subject_type=FINAL.name, order_id=order.pk)
    return account


@transaction.atomic
def accept_final(*, actor: Actor, account_id: UUID) -> FinalAccount:
    """Accept a submitted account as it is: it is general and definitive at once, and sealed.

    Locks order and account. Raises Refused over the actor's limit, Conflict where its invoices or
    its market have changed since, or somebody was faster.
    """
    account, order = lock_final(account_id)
    event = events.FinalAgreed(number=account.number)
    changes = {**_answered(actor), **_closed(actor), "seal": SealState.PREPARING}
    return _answer("accept_final", account, order, actor, event, changes)


@transaction.atomic
def correct_final(*, actor: Actor, account_id: UUID, deducted: Decimal, note: str) -> FinalAccount:
    """Notify the account less a sum, with its reason: the company agrees or contests.

    As `accept_final`. Raises Invalid for no sum, more than the total, or no reason.
    """
    reason = required(note, "Dites à l’entreprise ce que vous retirez, et pourquoi.")
    account, order = lock_final(account_id)
    if not 0 < deducted <= account.total:
        text = f"Entre zéro et {money_text(account.total)}, TVA comprise."
        raise Invalid({"deducted": [text]})
    event = events.FinalNotified(number=account.number)
    changes = {**_answered(actor), "deducted": deducted, "deduct_note": reason}
    return _answer("correct_final", account, order, actor, event, changes)


@transaction.atomic
def return_final(*, actor: Actor, account_id: UUID, note: str) -> FinalAccount:
    """Return a submitted account, with a reason. Locks order and account."""
    reason = required(note, "Dites à l’entreprise ce qu’elle doit reprendre.")
    account, _order = lock_final(account_id)
    event = events.FinalReturned(number=account.number)
    return _move("return_final", account, actor, event, {**_answered(actor), "note": reason})


@transaction.atomic
def agree_final(*, actor: Actor, account_id: UUID) -> FinalAccount:
    """Agree to what the landlord has notified: it is definitive, and sealed. Locks both."""
    account, _order = lock_final(account_id)
    event = events.FinalAgreed(number=account.number)
    changes = {**_closed(actor), "seal": SealState.PREPARING}
    return _move("agree_final", account, actor, event, changes)


@transaction.atomic
def contest_final(*, actor: Actor, account_id: UUID, note: str) -> FinalAccount:
    """Contest what the landlord has notified, with a reason; another account may follow."""
    reason = required(note, "Dites au bailleur ce que vous contestez.")
    account, _order = lock_final(account_id)
    event = events.FinalContested(number=account.number)
    return _move("contest_final", account, actor, event, {**_closed(actor), "note": reason})


def answer_obstacle(actor: Actor, account: FinalAccount, order: Order) -> Refused | None:
    """Return why a landlord's actor can't accept what was submitted; None when he can."""
    if not covers(actor, account.total_without_vat):
        text = (
            f"Le montant ({money_text(account.total_without_vat)} HT) dépasse votre limite : un"
            " collègue dont la limite le couvre peut accepter."
        )
        return Refused(text, code="limit")
    if figures_of(order).basis() != basis_of(account.content):
        return Conflict(
            "Le marché, les factures ou les avoirs ont changé depuis : retournez ce projet, pour"
            " que l’entreprise le reprenne."
        )
    return None


def lock_final(pk: UUID) -> tuple[FinalAccount, Order]:
    """Lock an account's order, by which all who write its accounts go, then the account."""
    order = lock_order(FinalAccount.objects.get(pk=pk).order_id)
    account: FinalAccount = FinalAccount.objects.select_for_update(of=("self",)).get(pk=pk)
    return account, order


# --- inside -----------------------------------------------------------------------------------


def _still_open(order: Order, bills: list[Invoice]) -> Refused | None:
    """Return what the order's amount or its invoices still wait for."""
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    waiting = Invoice.objects.filter(**own, state__in=UNFILED).order_by("created_at").first()
    if waiting is not None:
        text = f"Un document attend d’être déposé : {waiting.number}. Déposez-le ou abandonnez-le."
        return Refused(text, code="unfiled")
    if remaining(order, live=bills):
        text = "Il reste à facturer : préparez et déposez d’abord la dernière situation."
        return Refused(text, code="remaining")
    if Variation.objects.filter(**own, state=VariationState.ASKED).exists():
        text = "Une demande attend une réponse : le montant du marché en dépend."
        return Refused(text, code="variation")
    return None


def _kept(figures: Figures) -> dict[str, Any]:
    content = figures.as_json()
    return {
        "as_of": figures.as_of,
        "content": content,
        "digest": digest_of(content, figures.as_of),
        "total_without_vat": figures.without_vat("bill", "credit"),
        "total": figures.total,
        "balance": figures.balance,
        "held": figures.held,
    }


def _answered(actor: Actor) -> dict[str, Any]:
    return {"answered_at": clock.now(), "answered_by_id": actor.user_id}


def _closed(actor: Actor) -> dict[str, Any]:
    return {"closed_at": clock.now(), "closed_by_id": actor.user_id}


def _answer(
    name: str,
    account: FinalAccount,
    order: Order,
    actor: Actor,
    event: EventType,
    changes: dict[str, Any],
) -> FinalAccount:
    if policies.can_final(name, actor, account):
        refusal = answer_obstacle(actor, account, order)
        if refusal is not None:
            raise refusal
    answered = _move(name, account, actor, event, changes)
    total = answered.total_without_vat
    note_in_place_of(actor, total, answered, order, act=FINAL.name)
    return answered


def _move(
    name: str, account: FinalAccount, actor: Actor, event: EventType, changes: dict[str, Any]
) -> FinalAccount:
    return apply(
        FINAL,
        name,
        model=FinalAccount,
        pk=account.pk,
        actor=actor,
        policy=policies.desk_only,
        changes=changes,
        event=event,
        order_id=account.order_id,
    )
