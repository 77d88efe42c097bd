"""The landlord types an order: place, trade, contract, lines, contact, access."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from nexxio.core import places
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Incomplete, Invalid, Refused
from nexxio.core.estate.residences import residences
from nexxio.core.http import PortalRequest, portal
from nexxio.core.ids import new_id
from nexxio.core.models import Group, Organisation, Unit, UnitKind
from orders import access, completeness, policies, services
from orders.forms import OrderForm, initial_of
from orders.line_forms import LineForm, LineFormSet, is_filled, line_inputs, price_of, typed_rows
from orders.models import Order, Trade, Warranty
from orders.selectors.similar import similar_to
from orders.selectors.warranties import warranties_on
from orders.services import ceiling_left
from orders.states import Priority, ReturnReason
from orders.views.common import add_errors

desk_only = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
GROUPS_SHOWN = 12
UNITS_SHOWN = 60


@require_http_methods(["GET", "POST"])
@desk_only
def new(request: PortalRequest) -> HttpResponseBase:
    """Type a new order; keep it as a draft or send it."""
    if request.method == "POST":
        return _save(request, order=None)
    initial = _from_unit(request.GET.get("logement", "")) | {"own_id": new_id()}
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
    return _show(request, OrderForm(initial=initial_of(order)), formset, order=order)


def _save(request: PortalRequest, *, order: Order | None) -> HttpResponseBase:
    form = OrderForm(request.POST)
    formset = _formset(request, order)
    if not (form.is_valid() & formset.is_valid()):
        return _show(request, form, formset, order=order)
    data = form.order_input(line_inputs(formset))
    actor = request.actor
    try:
        if order is None:
            own_id = form.cleaned_data["own_id"]
            saved = services.draft_order(actor=actor, data=data, order_id=own_id)
        else:
            version = form.cleaned_data["version"] or 0
            saved = services.update_order(
                actor=actor, order_id=order.pk, version=version, data=data
            )
    except Invalid as invalid:
        add_errors(form, invalid)
        return _show(request, form, formset, order=order)
    except services.AlreadyDrafted as repeated:
        return _sent_twice(request, repeated.order)
    except Refused as refused:
        form.add_error(None, refused.message)
        if refused.code == "version" and order is not None:
            fresh = access.get_order(actor, order.pk)
            typed = request.POST.copy()
            typed["version"] = str(fresh.version)
            form.data = typed
        return _show(request, form, formset, order=order)
    if "send" in request.POST:
        return _send(request, saved)
    messages.success(request, f"Commande {saved.reference} enregistrée en brouillon.")
    return redirect("orders:landlord_detail", request.organisation.slug, saved.pk)


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
        missing = ", ".join(sentence.lower() for _code, sentence in incomplete.missing)
        messages.error(
            request,
            f"La commande {order.reference} est enregistrée mais ne peut pas partir."
            f" Il manque : {missing}.",
        )
        return redirect("orders:landlord_edit", request.organisation.slug, order.pk)
    except Refused as refused:
        if refused.code != "limit":
            raise
        messages.warning(
            request, f"La commande {order.reference} est enregistrée. {refused.message}"
        )
        return redirect("orders:landlord_detail", request.organisation.slug, order.pk)
    messages.success(
        request,
        "La commande attend une validation : son montant dépasse votre limite."
        if sent.state == "pending_approval"
        else f"Commande {order.reference} transmise à l'entreprise.",
    )
    return redirect("orders:landlord_detail", request.organisation.slug, order.pk)


def _show(
    request: PortalRequest,
    form: OrderForm,
    formset: BaseFormSet[LineForm],
    *,
    order: Order | None,
) -> HttpResponseBase:
    unit_id = form["unit"].value()
    unit = _unit_or_none(str(unit_id)) if unit_id else None
    context = {
        "form": form,
        "formset": formset,
        "order": order,
        "unit": unit,
        "urgent": form["priority"].value() == Priority.URGENT,
        "returned_labels": _labels_of(order.returned_items) if order else [],
        "completeness": completeness.check(
            services.facts_of(order)
            if order is not None and not form.is_bound
            else _facts(form, formset, order_id=order.pk if order else None),
            returned=order.returned_items if order else (),
        ),
        "similar": _similar(form, unit, order),
        "warranties": _warranties(form, unit),
        "urgent_company": _urgent_company(form),
        "page": residences(request.actor, size=GROUPS_SHOWN) if unit is None else None,
    }
    wrong = form.is_bound and (form.errors or formset.total_error_count())
    return render(request, "orders/landlord/form.html", context, status=422 if wrong else 200)


@require_POST
@desk_only
def check_form(request: PortalRequest) -> HttpResponseBase:
    """The completeness of what is typed so far. Reads only."""
    form = OrderForm(request.POST)
    formset = _formset(request, _edited_order(request))
    returned = request.POST.getlist("returned")
    found = completeness.check(_facts(form, formset, order_id=_edited(request)), returned=returned)
    unit_id = form.cleaned_data.get("unit")
    unit = places.find_unit(unit_id) if unit_id else None
    context = {
        "completeness": found,
        "similar": _similar(form, unit, _edited_order(request)),
        "warranties": _warranties(form, unit),
        "urgent_company": _urgent_company(form),
    }
    return render(request, "orders/landlord/completeness.html", context)


@require_http_methods(["GET", "POST"])
@desk_only
def units(request: PortalRequest) -> HttpResponseBase:
    """Search the estate: groups first, then the group's units. POST makes a missing unit."""
    asked = request.POST if request.method == "POST" else request.GET
    group_id = asked.get("groupe", "")
    if group_id:
        try:
            group = places.find_group(UUID(group_id))
        except ValueError:
            group = None
        if group is None:
            raise Http404
        if request.method == "POST":
            number = asked.get("numero", "").strip()[:20]
            kind = UnitKind.COMMON_AREA if asked.get("commune") else UnitKind.DWELLING
            try:
                unit = places.get_or_make_unit(
                    actor=request.actor, group_id=group.pk, kind=kind, number=number
                )
            except Invalid as invalid:
                context = _unit_context(group, "") | {
                    "errors": invalid.errors["number"],
                    "number": number,
                }
                return render(request, "orders/landlord/units.html", context, status=422)
            return redirect(f"{_new_url(request)}?logement={unit.pk}")
        return render(
            request, "orders/landlord/units.html", _unit_context(group, asked.get("apres", ""))
        )
    page = residences(
        request.actor,
        q=asked.get("q", "").strip()[:80],
        after=asked.get("apres", "")[:2000],
        before=asked.get("avant", "")[:2000],
        size=GROUPS_SHOWN,
    )
    return render(request, "orders/landlord/groups.html", {"page": page})


def _unit_context(group: Group, after: str) -> dict[str, object]:
    units, next_key = places.units_after(group, after, UNITS_SHOWN)
    return {"group": group, "units": units, "next_key": next_key, "is_later": bool(after)}


def _new_url(request: PortalRequest) -> str:
    return f"/bailleur/{request.organisation.slug}/commandes/nouvelle/"


@require_POST
@desk_only
def lines(request: PortalRequest) -> HttpResponseBase:
    """The price lines again, for another contract."""
    formset = _formset(request, _edited_order(request))
    return render(request, "orders/landlord/lines.html", {"formset": formset})


# --- inside -----------------------------------------------------------------------------------


def _similar(form: OrderForm, unit: Unit | None, order: Order | None) -> list[Order]:
    """Return open orders near what is typed, before another one leaves."""
    trade = form["trade"].value()
    if unit is None or not trade:
        return []
    return similar_to(unit, str(trade)[:20], excluding=order.pk if order else None)


def _warranties(form: OrderForm, unit: Unit | None) -> list[Warranty]:
    """Return what runs on the place that is typed: somebody else may owe the works."""
    return [] if unit is None else warranties_on(unit, str(form["trade"].value() or "")[:20])


def _labels_of(items: list[str]) -> list[str]:
    known = dict(ReturnReason.choices)
    return [str(known.get(item, item)) for item in items]


def _unit_or_none(text: str) -> Unit | None:
    try:
        return places.find_unit(UUID(text))
    except ValueError:
        return None


def _from_unit(text: str) -> dict[str, object]:
    """Prefill place and contact from the unit and who lives there now."""
    unit = _unit_or_none(text)
    if unit is None:
        return {}
    common = unit.kind == UnitKind.COMMON_AREA
    initial: dict[str, object] = {
        "unit": unit.pk,
        "entrance": unit.entrance,
        "floor": unit.floor,
        "door": unit.door,
        "nature": "common_parts" if common else "maintenance",
    }
    tenant = places.tenant_of(unit)
    if tenant is not None:
        initial |= {"contact_name": str(tenant), "phone": tenant.phone, "email": tenant.email}
    return initial


def _contract_id(request: PortalRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("contract", ""))
    except ValueError:
        return None


def _formset(request: PortalRequest, order: Order | None = None) -> BaseFormSet[LineForm]:
    kwargs = {"contract_id": _contract_id(request), "on": services.price_date(order)}
    return LineFormSet(request.POST, prefix="lignes", form_kwargs=kwargs)


def _facts(
    form: OrderForm, formset: BaseFormSet[LineForm], *, order_id: UUID | None
) -> completeness.Facts:
    """Return the facts of what is typed, valid or not: bad fields count as missing.

    order_id: the order that is edited. It may have drawn on the ceiling already, which must not
    count twice.
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
    chosen = [line for line in chosen if is_filled(line) and line.get("quantity")]
    trade: Trade | None = data.get("trade")
    return completeness.facts_from(
        {**data, "trade": trade and trade.pk},
        contract=contract,
        ceiling_left=ceiling_left(contract, excluding=order_id) if contract else None,
        line_count=len(chosen),
        total=sum((price_of(line) * line["quantity"] for line in chosen), Decimal(0)),
    )


def _urgent_company(form: OrderForm) -> Organisation | None:
    """Return whom an urgent order is for: before sending, what is held of his is shown."""
    if form.is_bound:
        form.is_valid()
    data = form.cleaned_data if form.is_bound else form.initial
    contract = data.get("contract")
    urgent = data.get("priority") == Priority.URGENT
    return contract.contractor if contract is not None and urgent else None


def _edited(request: PortalRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("order", ""))
    except ValueError:
        return None


def _edited_order(request: PortalRequest) -> Order | None:
    """Return the order that is edited, for the day whose prices it takes."""
    pk = _edited(request)
    return access.get_order(request.actor, pk) if pk else None
