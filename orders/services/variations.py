"""Writes of variations and regularisations: the contractor asks, the landlord answers.

The order is locked first, then the variation, then the contract whose ceiling is drawn on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nexxio.core import clock, files
from nexxio.core.actors import SYSTEM, Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Incomplete, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.ids import new_id
from nexxio.core.models import Membership
from nexxio.core.outbox import record
from nexxio.core.templatetags.ui import money_text
from nexxio.core.transitions import apply
from orders import policies, variation_policies
from orders.models import (
    Contract,
    Order,
    OrderBudget,
    Variation,
    VariationLine,
    VariationTerms,
    Visit,
)
from orders.services.amounts import MAX_TOTAL, settle, tolerated, total_of
from orders.services.ceilings import ceiling_left
from orders.services.moves import lock_contract, lock_order
from orders.services.pricing import COPIED, LineInput, make_lines, price_date, resolve
from orders.services.standing_in import covers, note_in_place_of
from orders.services.variation_kinds import asking, events_of, reminding
from orders.variation_states import (
    MACHINES,
    REASONS,
    RejectReason,
    VariationKind,
    VariationState,
)
from orders.working_days import after_working_days

MAX_REMINDERS = 5
ESCALATED_DAYS = 5
"""How often the direction is told, once the desk and its head have been reminded in vain."""
NAMED = 3
_OF_A_LINE = (*COPIED, "price_item", "rank", "quantity", "total_without_vat")


@dataclass(frozen=True, kw_only=True)
class VariationInput:
    """A request as typed. A draft may lack lines and photo. photo: None keeps the one there.

    urgency: the written proof of a regularisation. key: its own, given before it is sent.
    """

    reason: str
    note: str = ""
    urgency: str = ""
    kind: str = VariationKind.VARIATION.value
    lines: tuple[LineInput, ...] = ()
    photo: IO[bytes] | None = None
    key: UUID | None = None


def draft_variation(
    *, actor: Actor, order_id: UUID, data: VariationInput, visit_id: UUID | None = None
) -> Variation:
    """Begin a variation on an order that the contractor has. visit_id: where it was found.

    What was kept already under its key is returned as it is: it was sent again. The photo is read
    before anything is locked. Locks the order. Raises Refused while another one
    is open, Invalid for what was typed.
    """
    photo = None if data.photo is None else files.clean_photo(data.photo)
    with transaction.atomic():
        order = lock_order(order_id)
        kept = Variation.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
        if data.key is not None and (same := kept.filter(pk=data.key, kind=data.kind).first()):
            return same
        visits = _visits(actor, order)
        current = open_variation(order, data.kind, drafts=True)
        if not variation_policies.can_draft(actor, order, current, data.kind, visits=visits):
            raise Conflict(
                "Une demande de cette sorte est déjà ouverte, ou la commande ne le permet pas."
            )
        _require_reason(data.reason, REASONS[data.kind].values)
        assert order.contractor_id is not None
        own = {"landlord_id": order.landlord_id, "order_id": order.pk}
        rows = Variation.objects.filter(**own).exclude(kind=VariationKind.REDUCTION)
        last = rows.aggregate(last=Max("number"))["last"]
        variation = Variation(
            **own,
            id=data.key or new_id(),
            contractor_id=order.contractor_id,
            kind=data.kind,
            number=(last or 0) + 1,
            reason=data.reason,
            visit=Visit.objects.filter(**own, pk=visit_id).first() if visit_id else None,
        )
        with explained():
            variation.save(force_insert=True)
        VariationTerms(
            landlord_id=order.landlord_id,
            contractor_id=order.contractor_id,
            variation=variation,
        ).save(force_insert=True)
        _write(order, variation, data, photo)
        drafted = events_of(variation.kind).drafted
        _record(drafted(number=variation.number), variation, order, actor)
        return variation


def update_variation(*, actor: Actor, variation_id: UUID, data: VariationInput) -> Variation:
    """Rewrite a draft. The photo is read before anything is locked. Raises as for a new one."""
    photo = None if data.photo is None else files.clean_photo(data.photo)
    with transaction.atomic():
        variation, order = _lock(variation_id)
        if not variation_policies.can_do("ask", actor, variation, visits=_visits(actor, order)):
            raise Refused("Cette demande ne peut plus être modifiée.", code="state")
        _require_reason(data.reason, REASONS[variation.kind].values)
        variation.reason = data.reason
        variation.version += 1
        variation.save(update_fields=["reason", "version"])
        _write(order, variation, data, photo)
        return variation


@transaction.atomic
def ask_variation(*, actor: Actor, variation_id: UUID) -> Variation:
    """Send a draft to the landlord; inside the contract's tolerance the system grants it.

    While a variation waits the order can be neither finished nor cancelled; while a regularisation
    does, neither cancelled nor certified. The landlord's clock runs from now on.
    Raises Incomplete without proof or price line, Refused for an order that has moved on.
    """
    variation, order = _lock(variation_id)
    if variation.state == VariationState.DRAFT:
        if order.state not in variation_policies.ASKED_IN[variation.kind]:
            raise Refused("La commande n’en est plus là : cette demande ne part pas.", code="order")
        _require_whole(variation)
    event, changes = asking(variation, order, clock.now())
    moved = _move("ask", variation, order, actor, event=event, changes=changes)
    own = {"landlord_id": order.landlord_id, "variation_id": variation.pk}
    VariationLine.objects.filter(**own).update(shown=True)
    VariationTerms.objects.filter(**own).update(shown=True)
    return moved


@transaction.atomic
def grant_variation(
    *,
    actor: Actor,
    variation_id: UUID,
    granted: Mapping[UUID, Decimal] | None = None,
    note: str = "",
    reason: str = "",
) -> Variation:
    """Grant a variation: whole, or the quantities of `granted` by line.

    Locks the order, the variation and the contract. Raises Refused when the order's new amount is
    over the actor's limit (and says who can) or over the contract's ceiling, Invalid for more than
    was asked, nothing at all, or less than all without a coded reason and a word of explanation.
    """
    variation, order = _lock(variation_id)
    lines = list(variation.lines.order_by("rank"))
    given = _quantities(lines, granted)
    whole = all(given[line.pk] == line.quantity for line in lines)
    if not whole and not note.strip():
        raise Invalid({"note": ["Dites à l’entreprise pourquoi une partie seulement."]})
    if not whole and reason not in RejectReason.values:
        raise Invalid({"reason": ["Choisissez pourquoi une partie seulement."]})
    amounts = {line.pk: total_of(given[line.pk], line.unit_price) for line in lines}
    total = sum(amounts.values(), Decimal(0))
    if variation.state == VariationState.ASKED and policies.acts(actor):
        lock_contract(order)
        refusal = obstacle(actor, order, total)
        if refusal is not None:
            raise refusal
    kinds = events_of(variation.kind)
    kind = kinds.granted if whole else kinds.partly_granted
    moved = _move(
        "grant" if whole else "grant_in_part",
        variation,
        order,
        actor,
        event=kind(number=variation.number),
        changes={"answered_at": clock.now(), "remind_at": None},
    )
    for line in lines:
        line.granted_quantity = given[line.pk]
        line.granted_without_vat = amounts[line.pk]
        line.save(update_fields=["granted_quantity", "granted_without_vat"])
    _answer(
        moved,
        actor,
        granted=total,
        note=note,
        reason="" if whole else reason,
        automatic=actor.side is Side.SYSTEM,
    )
    amount = settle(order).total_without_vat
    note_in_place_of(actor, amount, moved, order, act="variation")
    return moved


def grant_tolerated(*, landlord_id: UUID, variation_id: UUID) -> Variation | None:
    """Grant what was asked inside the contract's tolerance or the order's cap; else None.

    None: a person decides. The cap (devis plafonné) was agreed to when the order left. Runs as the
    system, in the relay's transaction; locks the order.
    """
    variation, order = _lock(variation_id)
    if variation.state != VariationState.ASKED:
        return None
    lock_contract(order)
    key = order.contract_id
    contract = Contract.objects.get(pk=key) if key is not None else None
    asked = variation.terms.asked
    left = ceiling_left(contract, excluding=order.pk) if contract else None
    budget = OrderBudget.objects.get(order_id=order.pk)
    amount = budget.total_without_vat + asked
    capped = budget.quote_cap is not None and amount <= budget.quote_cap
    inside = contract is not None and asked <= tolerated(order, contract)
    if not (capped or inside) or (left is not None and amount > left):
        return None
    clockwork = replace(SYSTEM, organisation_id=landlord_id)
    return grant_variation(actor=clockwork, variation_id=variation_id)


@transaction.atomic
def reject_variation(*, actor: Actor, variation_id: UUID, reason: str, note: str = "") -> Variation:
    """Refuse extra works, with a coded reason. Raises Invalid without one."""
    _require_reason(reason, RejectReason.values)
    variation, order = _lock(variation_id)
    rejected = events_of(variation.kind).rejected
    moved = _move(
        "reject",
        variation,
        order,
        actor,
        event=rejected(number=variation.number, reason=reason),
        changes={"answered_at": clock.now(), "remind_at": None},
    )
    _answer(moved, actor, granted=Decimal(0), note=note, reason=reason)
    return moved


@transaction.atomic
def withdraw_variation(*, actor: Actor, variation_id: UUID) -> Variation:
    """Take a variation back, or drop its draft, which the landlord never saw."""
    variation, order = _lock(variation_id)
    kinds = events_of(variation.kind)
    event = kinds.withdrawn if variation.asked_at is not None else kinds.dropped
    return _move(
        "withdraw",
        variation,
        order,
        actor,
        event=event(number=variation.number),
        changes={"remind_at": None},
    )


@transaction.atomic
def acknowledge_variation(*, actor: Actor, variation_id: UUID) -> Variation:
    """Note that the company has read the answer."""
    variation, order = _lock(variation_id)
    event = events_of(variation.kind).acknowledged
    read = event(number=variation.number)
    return _move("acknowledge", variation, order, actor, event=read)


@transaction.atomic
def remind_variation(*, variation_id: UUID) -> Variation | None:
    """Tell the landlord's desk that an answer is late, or soon due, and set the next reminder.

    Runs as the system; locks the order. None when somebody was faster.
    """
    variation, order = _lock(variation_id)
    now = clock.now()
    if variation.remind_at is None or variation.remind_at > now:
        return None
    if order.closed_at is not None:  # a proposal of less that nobody needs to answer any more
        variation.remind_at = None
        variation.save(update_fields=["remind_at"])
        return None
    variation.reminders += 1
    event, following = reminding(variation, now, order.where)
    if variation.reminders >= MAX_REMINDERS:  # the direction hears of it, never nobody
        following = after_working_days(now, ESCALATED_DAYS, order.where)
    variation.remind_at = following
    variation.save(update_fields=["reminders", "remind_at"])
    clockwork = replace(SYSTEM, organisation_id=order.landlord_id)
    _record(event, variation, order, clockwork)
    return variation


def open_variation(
    order: Order, kind: str = VariationKind.VARIATION, *, drafts: bool = False
) -> Variation | None:
    """Return what waits for an answer, of a kind; with `drafts`, one not asked yet too."""
    states = variation_policies.OPEN if drafts else (VariationState.ASKED,)
    return Variation.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, kind=kind, state__in=states
    ).first()


def require_none_open(order: Order, *, gives_up: bool = False) -> None:
    """Raise Refused while a variation waits: the order is neither finished nor given up.

    gives_up: a regularisation counts too, its works are done and somebody has to answer for them.
    """
    found = open_variation(order)
    if found is not None:
        raise Refused(
            f"Le devis complémentaire n° {found.number} attend une réponse du bailleur : d’ici là,"
            " la commande ne peut être ni terminée ni annulée.",
            code="variation",
        )
    if gives_up:
        require_regularised(order, "la commande ne peut pas être close.")


def require_regularised(order: Order, until: str) -> None:
    """Raise Refused while a regularisation waits. until: what can't be done before."""
    found = open_variation(order, VariationKind.REGULARISATION)
    if found is not None:
        raise Refused(
            f"La régularisation n° {found.number} attend la réponse du bailleur :"
            f" d’ici là, {until}",
            code="regularisation",
        )


def obstacle(actor: Actor, order: Order, extra: Decimal) -> Refused | None:
    """Return why the actor can't let an order grow by `extra` euros; None when he can."""
    total = OrderBudget.objects.get(order_id=order.pk).total_without_vat + extra
    if not covers(actor, total):
        return Refused(
            f"La commande passerait à {money_text(total)} HT, au-dessus de votre limite de"
            f" {money_text(actor.limit)}. {_who_can(order, total)}",
            code="limit",
        )
    if order.contract_id is not None:
        left = ceiling_left(Contract.objects.get(pk=order.contract_id), excluding=order.pk)
        if left is not None and total > left:
            return Refused(
                f"Le plafond du marché serait dépassé : il reste {money_text(left)} HT pour cette"
                f" commande, qui passerait à {money_text(total)}.",
                code="ceiling",
            )
    return None


# --- inside -----------------------------------------------------------------------------------


def _lock(variation_id: UUID) -> tuple[Variation, Order]:
    order = lock_order(Variation.objects.get(pk=variation_id).order_id)
    locked = Variation.objects.select_for_update(of=("self",)).get(pk=variation_id)
    return locked, order


def _visits(actor: Actor, order: Order) -> bool:
    """Tell whether the actor, a technician, has a visit of the order."""
    if actor.membership_id is None:
        return False
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    return Visit.objects.filter(**own, technician_id=actor.membership_id).exists()


def _move(
    name: str,
    variation: Variation,
    order: Order,
    actor: Actor,
    *,
    event: EventType,
    changes: Mapping[str, Any] | None = None,
) -> Variation:
    def policy(who: Actor, row: Variation) -> Refused | None:
        if variation_policies.can_do(name, who, row, visits=_visits(who, order)):
            return None
        return Refused("Votre rôle ne le permet pas.", code="role")

    return apply(
        MACHINES[variation.kind],
        name,
        model=Variation,
        pk=variation.pk,
        actor=actor,
        policy=policy,
        changes=changes,
        event=event,
        order_id=order.pk,
        case_id=order.case_id,
    )


def _record(event: EventType, variation: Variation, order: Order, actor: Actor) -> None:
    record(
        event,
        actor=actor,
        subject=variation,
        subject_type="variation",
        order_id=order.pk,
        case_id=order.case_id,
    )


def _require_reason(reason: str, known: list[str]) -> None:
    if reason not in known:
        raise Invalid({"reason": ["Choisissez un motif."]})


def _require_whole(variation: Variation) -> None:
    missing = []
    if not variation.lines.exists():
        missing.append(("lines", "Au moins une ligne de prix"))
    if variation.terms.photo_id is None:
        if variation.kind == VariationKind.VARIATION:
            missing.append(("photo", "Une photo"))
        elif not variation.terms.urgency:
            missing.append(("photo", "Une preuve de l’urgence : une photo, ou quelques mots"))
    if missing:
        raise Incomplete("La demande ne peut pas partir : il manque des éléments.", missing=missing)


def _write(order: Order, variation: Variation, data: VariationInput, photo: bytes | None) -> None:
    """Write lines, note and photo of a draft anew."""
    lines = _lines(order, variation, data)
    asked = sum((line.total_without_vat for line in lines), Decimal(0))
    if asked > MAX_TOTAL:
        raise Invalid({"lines": ["Le montant dépasse 9 999 999,99 € : vérifiez les quantités."]})
    VariationLine.objects.filter(landlord_id=order.landlord_id, variation=variation).delete()
    VariationLine.objects.bulk_create(lines)
    terms = VariationTerms.objects.get(landlord_id=order.landlord_id, variation=variation)
    terms.note = data.note.strip()[:500]
    terms.urgency = data.urgency.strip()[:500]
    terms.asked = asked
    if photo is not None:
        terms.photo = files.store(
            photo,
            media_type="image/jpeg",
            name=f"{order.reference}-{variation.kind}-{variation.number}.jpg",
            landlord_id=order.landlord_id,
            contractor_id=order.contractor_id,
            tenant_id=None,
            reader_case_id=None,
            order_id=order.pk,
        )
    terms.save(update_fields=["note", "urgency", "asked", "photo"])


def _lines(order: Order, variation: Variation, data: VariationInput) -> list[VariationLine]:
    assert order.contractor_id is not None
    wanted = [line.price_item_id for line in data.lines if line.price_item_id]
    items = resolve(order.contract_id, wanted, price_date(order))
    return [
        VariationLine(
            landlord_id=order.landlord_id,
            contractor_id=order.contractor_id,
            variation=variation,
            **{name: getattr(line, name) for name in _OF_A_LINE},
        )
        for line in make_lines(order, data.lines, items)
    ]


def _quantities(
    lines: list[VariationLine], granted: Mapping[UUID, Decimal] | None
) -> dict[UUID, Decimal]:
    """Return what is granted of each line; all of it where nothing else is said."""
    asked = {line.pk: line.quantity for line in lines}
    given = {**asked, **(granted or {})}
    if set(given) != set(asked) or any(not 0 <= given[pk] <= asked[pk] for pk in asked):
        raise Invalid({"granted": ["On n’accorde pas plus que ce qui est demandé."]})
    if not any(given.values()):
        raise Invalid({"granted": ["Rien n’est accordé : refusez plutôt, avec un motif."]})
    return given


def _who_can(order: Order, total: Decimal) -> str:
    """Say which colleagues' limits cover it: the actor's own organisation, inside it only."""
    desk = Membership.objects.filter(
        organisation_id=order.landlord_id,
        is_active=True,
        roles__overlap=[role.value for role in policies.DESK],
    ).select_related("user")
    able = [member for member in desk if policies.within_limit(member, total)]
    names = sorted({str(member.user) for member in able})
    if not names:
        return "Personne chez vous n’a de limite suffisante : voyez votre administrateur."
    others = " ou un autre collègue" if len(names) > NAMED else ""
    shown = ", ".join(names[:NAMED]) + others
    return f"Peut l’accorder : {shown}."


def _answer(
    variation: Variation,
    actor: Actor,
    *,
    granted: Decimal,
    note: str,
    reason: str = "",
    automatic: bool = False,
) -> None:
    VariationTerms.objects.filter(
        landlord_id=variation.landlord_id, variation_id=variation.pk
    ).update(
        granted=granted,
        automatic=automatic,
        answer_reason=reason,
        answer_note=note.strip()[:500],
        answered_by_id=actor.user_id,
    )
