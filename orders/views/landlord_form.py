"""The landlord types an order: place, trade, contract, lines, contact, access."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from nexxio.core import places
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Incomplete, Invalid, Refused
from nexxio.core.estate.residences import residences
from nexxio.core.http import PortalRequest, portal
from nexxio.core.ids import new_id
from nexxio.core.models import Organisation, Unit
from orders import access, completeness, order_facts, policies, services
from orders.attribution import Due
from orders.file_forms import AttachForm
from orders.forms import OrderForm, initial_of
from orders.line_forms import (
    LineForm,
    LineFormSet,
    is_filled,
    line_inputs,
    price_of,
    rate_of,
    typed_rows,
)
from orders.models import Order, Trade, Warranty
from orders.natures import IN_HOMES
from orders.selectors.approvals import managers_of
from orders.selectors.attribution import choices_of
from orders.selectors.criteria import read_key
from orders.selectors.similar import similar_orders, similar_to
from orders.selectors.warranties import warranties_on
from orders.services import ceiling_left
from orders.states import Nature, OrderState, Priority, ReturnReason, presses
from orders.views.asked import asked_of
from orders.views.common import add_errors, lacks_text
from orders.views.pick_place import GROUPS_SHOWN, former_of, from_former, from_unit, unit_or_none
from orders.working_days import department_of

desk_only = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)


@require_http_methods(["GET", "POST"])
@desk_only
def new(request: PortalRequest) -> HttpResponseBase:
    """Type a new order; keep it as a draft or send it."""
    if request.method == "POST":
        return _save(request, order=None)
    former = request.GET.get("suite", "")
    known = from_former(request.actor, former) if former else None
    initial = (known or from_unit(request.GET.get("logement", ""))) | {"own_id": new_id()}
    if request.GET.get("urgence") == "1":
        initial["priority"] = Priority.URGENT.value
    blank = LineFormSet(prefix="lignes", form_kwargs={"contract_id": None})
    return _show(request, OrderForm(initial=initial), blank, order=None)


@require_http_methods(["GET", "POST"])
@desk_only
def edit(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Complete a draft, or an order that was returned."""
    order = access.get_order(request.actor, pk, to="edit")
    if not policies.can_edit(request.actor, order):
        messages.warning(request, "Cette commande ne peut plus être modifiée.")
        return redirect("orders:landlord_detail", request.organisation.slug, pk)
    if request.method == "POST":
        return _save(request, order=order)
    on = services.price_date(order)
    lines = services.typed_lines(order)
    ids = [line.price_item_id for line in lines if line.price_item_id]
    now = services.resolve(order.contract_id, ids, on)
    formset = LineFormSet(
        initial=typed_rows(lines, now),
        prefix="lignes",
        form_kwargs={"contract_id": order.contract_id, "on": on},
    )
    form = OrderForm(initial=initial_of(order) | _moved(request, order), order=order)
    return _show(request, form, formset, order=order)


def _save(request: PortalRequest, *, order: Order | None) -> HttpResponseBase:
    form = OrderForm(request.POST, request.FILES, order=order)
    formset = _formset(request, order)
    attach = AttachForm(request.POST, request.FILES, prefix="pieces")
    if not (form.is_valid() & formset.is_valid() & attach.is_valid()):
        return _show(request, form, formset, order=order, attach=attach)
    data = form.order_input(line_inputs(formset))
    actor = request.actor
    try:
        if order is None:
            own_id, follows = form.cleaned_data["own_id"], form.cleaned_data["follows"]
            if follows:
                saved = services.draft_follow_up(
                    actor=actor, former_id=follows, data=data, order_id=own_id
                )
            else:
                saved = services.draft_order(actor=actor, data=data, order_id=own_id)
        else:
            version = form.cleaned_data["version"] or 0
            saved = services.update_order(
                actor=actor, order_id=order.pk, version=version, data=data
            )
    except Invalid as invalid:
        add_errors(form, invalid)
        return _show(request, form, formset, order=order, attach=attach)
    except services.AlreadyDrafted as repeated:
        return _sent_twice(request, repeated.order)
    except Refused as refused:
        form.add_error(None, refused.message)
        if refused.code == "version" and order is not None:
            fresh = access.get_order(actor, order.pk)
            typed = request.POST.copy()
            typed["version"] = str(fresh.version)
            form.data = typed
        return _show(request, form, formset, order=order, attach=attach)
    return _saved(request, saved, attach)


def _saved(request: PortalRequest, saved: Order, attach: AttachForm) -> HttpResponseBase:
    """Attach what was chosen to an order that is kept, and send it where that was asked."""
    if attach.cleaned_data["uploads"]:
        try:
            services.attach_files(actor=request.actor, order_id=saved.pk, **attach.asked())
        except Invalid as invalid:
            said = " ".join(text for found in invalid.errors.values() for text in found)
            messages.error(request, f"{saved.reference} : enregistrée sans la pièce. {said}")
            return redirect("orders:landlord_edit", request.organisation.slug, saved.pk)
    if "send" in request.POST:
        return _unseen(request, saved) or _send(request, saved)
    messages.success(request, f"Commande {saved.reference} enregistrée en brouillon.")
    return redirect("orders:landlord_detail", request.organisation.slug, saved.pk)


def _unseen(request: PortalRequest, saved: Order) -> HttpResponseBase | None:
    """Keep a draft that looks like an order which the form didn't show; None where it leaves.

    What is urgent leaves; it has left already where it was returned.
    """
    if saved.state != OrderState.DRAFT or saved.priority == Priority.URGENT:
        return None
    seen = set(request.POST.getlist("seen"))
    found = [one for one in similar_orders(saved) if str(one.pk) not in seen]
    if not found:
        return None
    named = ", ".join(f"{one.reference} {one.title}" for one in found)
    messages.warning(
        request,
        f"La commande {saved.reference} est gardée en brouillon : il y en a une semblable au même"
        f" endroit ({named}). Si ce n’est pas un doublon, transmettez-la.",
    )
    return redirect("orders:landlord_edit", request.organisation.slug, saved.pk)


def _sent_twice(request: PortalRequest, order: Order) -> HttpResponseBase:
    """A double click, or "back" and once more: show what the first time made."""
    messages.warning(
        request,
        f"La commande {order.reference} était déjà enregistrée : la voici. Pour la changer,"
        " modifiez-la.",
    )
    return redirect("orders:landlord_detail", request.organisation.slug, order.pk)


def _send(request: PortalRequest, order: Order) -> HttpResponseBase:
    again = order.state == "returned"
    send = services.reissue_order if again else services.issue_order
    try:
        sent = send(actor=request.actor, order_id=order.pk)
    except Incomplete as incomplete:
        missing = lacks_text(incomplete)
        messages.error(
            request,
            f"La commande {order.reference} est enregistrée mais ne peut pas partir."
            f" Il manque : {missing}.",
        )
        return redirect("orders:landlord_edit", request.organisation.slug, order.pk)
    except Refused as refused:
        if refused.code != "limit":
            raise
        _ask_reissue(request, order)
        return redirect("orders:landlord_detail", request.organisation.slug, order.pk)
    messages.success(
        request,
        "La commande attend une validation : son montant dépasse votre limite."
        if sent.state == "pending_approval"
        else f"Commande {order.reference} transmise à l’entreprise.",
    )
    return redirect("orders:landlord_detail", request.organisation.slug, order.pk)


def _ask_reissue(request: PortalRequest, order: Order) -> None:
    """Have a colleague send what is over the reader's limit, unless one is asked already."""
    if not policies.awaits_reissue(access.get_order(request.actor, order.pk)):
        services.ask_reissue(actor=request.actor, order_id=order.pk)
    messages.warning(
        request,
        f"La commande {order.reference} est enregistrée. Son montant dépasse votre limite : un"
        " collègue dont la limite le couvre est prévenu, et la transmettra.",
    )


def _show(
    request: PortalRequest,
    form: OrderForm,
    formset: BaseFormSet[LineForm],
    *,
    order: Order | None,
    attach: AttachForm | None = None,
) -> HttpResponseBase:
    unit_id = form["unit"].value()
    unit = unit_or_none(str(unit_id)) if unit_id else None
    due = _due(form, unit, order)
    former = former_of(request.actor, form["follows"].value())
    context = {
        **_by_whom(form, due, order),
        "formset": formset,
        "attach": attach or AttachForm(prefix="pieces"),
        "attached": services.files_of(order) if order else [],
        "order": order,
        "former": former,
        "moved": former is not None and services.contact_since(former) is not None,
        "unit": unit,
        "urgent": form["priority"].value() == Priority.URGENT,
        "asked": asked_of(form, formset, order),
        "can_correct": order is not None and policies.can_correct(request.actor, order),
        "can_move": order is not None and not services.why_it_stays(order),
        "families": services.families_of(unit.landlord_id) if unit else [],
        "managers": _managers(request, order),
        **_judged(
            request.actor,
            services.facts_of(order)
            if order is not None and not form.is_bound
            else _facts(form, formset, order=order, due=due, unit=unit),
            order=order,
            returned=order.returned_items if order else (),
        ),
        "similar": _similar(form, unit, order),
        "warranties": _warranties(form, unit),
        "urgent_company": _urgent_company(form, order),
        "page": residences(request.actor, size=GROUPS_SHOWN) if unit is None else None,
    }
    wrong = form.is_bound and (
        form.errors or formset.total_error_count() or (attach is not None and attach.errors)
    )
    return render(request, "orders/landlord/form.html", context, status=422 if wrong else 200)


@require_POST
@desk_only
def check_form(request: PortalRequest) -> HttpResponseBase:
    """The completeness of what is typed so far. Reads only."""
    order = _edited_order(request)
    form = OrderForm(request.POST, order=order)
    formset = _formset(request, order)
    returned = request.POST.getlist("returned")
    form.is_valid()
    unit_id = form.cleaned_data.get("unit")
    unit = places.find_unit(unit_id) if unit_id else None
    facts = _facts(form, formset, order=order, due=_due(form, unit, order), unit=unit)
    context = {
        **_judged(request.actor, facts, order=order, returned=returned),
        "similar": _similar(form, unit, order),
        "warranties": _warranties(form, unit),
        "urgent_company": _urgent_company(form, order),
    }
    return render(request, "orders/landlord/completeness.html", context)


@require_POST
@desk_only
def lines(request: PortalRequest) -> HttpResponseBase:
    """Contracts and price lines again, for another contract or trade: whose turn is proposed."""
    order = _edited_order(request)
    typed = request.POST.copy()
    form = OrderForm(typed, order=order)
    due = _due(form, unit_or_none(typed.get("unit", "")), order)
    offered = {str(one.pk) for one in (*due.fitting, *due.others)}
    asks_trade = request.headers.get("HX-Trigger-Name") == "trade"
    if asks_trade and due.first is not None and typed.get("contract", "") not in offered:
        typed["contract"] = str(due.first.pk)
        form = OrderForm(typed, order=order)
    context = {**_by_whom(form, due, order), "formset": _formset(request, order, typed)}
    # What is typed so far is not judged here, but asked to be: the contract has just changed.
    form.errors.clear()
    answer = render(request, "orders/landlord/by_whom.html", context)
    answer.headers["HX-Trigger-After-Settle"] = "lines-offered"
    return answer


# --- inside -----------------------------------------------------------------------------------


def _judged(
    actor: Actor, facts: order_facts.Facts, *, order: Order | None, returned: Sequence[str]
) -> dict[str, object]:
    """Return what is missing of what is typed, what it comes to, and whether that is too much."""
    return {
        "completeness": completeness.check(facts, returned=returned),
        "total": facts.total,
        "limit": actor.limit,
        "is_over": not policies.within_limit(actor, facts.total),
        "has_left": order is not None and order.contractor_id is not None,
    }


def _due(form: OrderForm, unit: Unit | None, order: Order | None) -> Due:
    """Return whose turn it is for the trade and the place that are typed."""
    if unit is None or (order is not None and order.issued_at is not None):
        return Due()
    return services.due_at(
        unit.landlord_id,
        trade=str(form["trade"].value() or "")[:20],
        where=services.where_of_unit(unit),
        excluding=services.gave_up(order) if order else (),
    )


def _moved(request: PortalRequest, order: Order) -> dict[str, object]:
    """Return place and contact of another dwelling that was chosen for a draft; {} for none."""
    chosen = request.GET.get("logement", "")
    found = from_unit(chosen) if chosen and not services.why_it_stays(order) else {}
    if not found or found["unit"] == order.unit_id:
        return {}
    if order.nature in IN_HOMES and found["nature"] == Nature.MAINTENANCE:
        found["nature"] = order.nature
    nobody = ("contact_name", "phone", "email", "second_phone", "access_code")
    return {**dict.fromkeys(nobody, ""), **found}


def _managers(request: PortalRequest, order: Order | None) -> str:
    """Return who writes the billing address that is asked for, where the reader can't; "" else."""
    asked = order is not None and ReturnReason.BILLING in order.returned_items
    if not asked or policies.manages_contracts(request.actor):
        return ""
    return managers_of(request.actor)


def _by_whom(form: OrderForm, due: Due, order: Order | None) -> dict[str, object]:
    """Offer contracts, whose turn it is first; tell whether the one that is chosen leaves that."""
    form.offer(choices_of(due, order.contract if order else None))
    chosen = read_key(str(form["contract"].value() or ""))
    leaves = due.leaves_rule(chosen) or bool(form["rule_reason"].errors)
    has_left = order is not None and order.contractor_id is not None
    has_trade = bool(form["trade"].value())
    held = next((one for one in (*due.fitting, *due.others) if one.pk == chosen), None)
    urgent = form["priority"].value() == Priority.URGENT
    return {
        "form": form,
        "due": due.first,
        "leaves_rule": leaves,
        "nobody": has_trade and not (due.fitting or due.others) and not has_left,
        "has_left": has_left,
        "on_call_phone": held.on_call_phone if held and urgent else "",
    }


def _similar(form: OrderForm, unit: Unit | None, order: Order | None) -> list[Order]:
    """Return orders near what is typed, open or being drafted, before another one leaves."""
    trade = form["trade"].value()
    if unit is None or not trade:
        return []
    return similar_to(unit, str(trade)[:20], beside=order)


def _warranties(form: OrderForm, unit: Unit | None) -> list[Warranty]:
    """Return what runs on the place that is typed: somebody else may owe the works."""
    return [] if unit is None else warranties_on(unit, str(form["trade"].value() or "")[:20])


def _formset(
    request: PortalRequest, order: Order | None = None, typed: QueryDict | None = None
) -> BaseFormSet[LineForm]:
    """Return the lines that are typed. typed: where it isn't all as it was posted."""
    data = request.POST if typed is None else typed
    has_left = order is not None and order.contractor_id is not None
    chosen = order.contract_id if order and has_left else read_key(data.get("contract", ""))
    kwargs = {"contract_id": chosen, "on": services.price_date(order)}
    return LineFormSet(data, prefix="lignes", form_kwargs=kwargs)


def _facts(
    form: OrderForm,
    formset: BaseFormSet[LineForm],
    *,
    order: Order | None,
    due: Due,
    unit: Unit | None,
) -> order_facts.Facts:
    """Return the facts of what is typed, valid or not: bad fields count as missing.

    order: the one that is edited. It may have drawn on the ceiling already, which must not count
    twice. due: whose turn it is. unit: the one that is chosen, with its group.
    """
    if form.is_bound:
        form.is_valid()
        formset.is_valid()
        data = dict(form.cleaned_data)
        chosen = [
            dict(f.cleaned_data)
            for f in formset.forms
            if f.is_valid() and not f.cleaned_data.get("DELETE")
        ]
    else:
        data = dict(form.initial)
        chosen = []
    contract = data.get("contract")
    order_id = order.pk if order else None
    house = services.house_rules(unit.landlord_id) if unit else None
    chosen = [line for line in chosen if is_filled(line) and line.get("quantity")]
    trade: Trade | None = data.get("trade")
    return order_facts.facts_from(
        {**data, "trade": trade and trade.pk},
        contract=contract,
        ceiling_left=ceiling_left(contract, excluding=order_id) if contract else None,
        line_count=len(chosen),
        total=max(
            sum((price_of(line) * line["quantity"] for line in chosen), Decimal(0)),
            data.get("quote_cap") or Decimal(0),
        ),
        due=due,
        file_kinds=_kinds(form, order),
        house_needs_commitment=house is not None and house.needs_commitment,
        house_mentions_vat=house is not None and house.vat_mention,
        family_threshold=house.family_threshold if house else None,
        family_spent=_family_spent(data, unit, order),
        unit_kind=unit.kind if unit else "",
        typed_at=order.created_at if order else None,
        vat_rates=[rate_of(line) for line in chosen],
        where=department_of(unit.group.postcode) if unit else "",
        on=services.price_date(order),
    )


def _family_spent(data: dict[str, Any], unit: Unit | None, order: Order | None) -> Decimal:
    """Return what other orders of the family that is typed came to this year."""
    if unit is None or data.get("nature") != Nature.OFF_CONTRACT:
        return Decimal(0)
    on, excluding = services.price_date(order), order.pk if order else None
    name = data.get("purchase_family") or ""
    return services.family_spent(unit.landlord_id, name, on, excluding=excluding)


def _urgent_company(form: OrderForm, order: Order | None) -> Organisation | None:
    """Return whom an urgent order is for: before sending, what is held of his is shown."""
    if form.is_bound:
        form.is_valid()
        contract = form.cleaned_data.get("contract")
    else:
        contract = order.contract if order else None
    pressing = presses(*(form[name].value() or "" for name in ("priority", "nature", "hazard")))
    return contract.contractor if contract is not None and pressing else None


def _kinds(form: OrderForm, order: Order | None) -> list[str]:
    """Return the kinds of what is attached, and of what is chosen on the form."""
    found = [row.kind for row in services.files_of(order)] if order else []
    # A file that is chosen comes with the form when it is sent, by its name while it is checked.
    if form.data.get("pieces-uploads") or "pieces-uploads" in form.files:
        found.append(str(form.data.get("pieces-kind", "")))
    return found


def _edited_order(request: PortalRequest) -> Order | None:
    """Return the order that is edited, for the day whose prices it takes."""
    pk = read_key(request.POST.get("order", ""))
    return access.get_order(request.actor, pk) if pk else None
