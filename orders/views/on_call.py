"""Works on call, from the phone or the desk: which residence, then the emergency."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import clock
from nexxio.core.actors import Channel, Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.htmx import is_outbox
from nexxio.core.http import PortalRequest, portal
from nexxio.core.ids import new_id
from orders import on_call, policies, services
from orders.models import Contract, Order
from orders.on_call_forms import OnCallForm
from orders.selectors.planning import own_visit
from orders.selectors.trades import trade_choices
from orders.views.common import add_errors, posted, told
from orders.views.talk import owner_of, refusal
from orders.working_days import department_of

_OPENED = _("Astreinte ouverte : le bailleur est prévenu et doit la régulariser.")
crew = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.TECHNICIAN, channel=Channel.PHONE_APP)


@require_GET
@crew
def pick(request: PortalRequest) -> HttpResponseBase:
    """The contracts that have us on call, and a residence of one of them."""
    contracts = list(on_call.contracts_of(request.actor))
    asked = request.GET.get("marche", "")
    chosen = next((one for one in contracts if str(one.pk) == asked), None)
    if chosen is None and len(contracts) == 1:
        chosen = contracts[0]
    q = request.GET.get("q", "").strip()[:80]
    places = on_call.find_places(request.actor, chosen.pk, q) if chosen and q else []
    context = {
        "contracts": contracts,
        "chosen": chosen,
        "q": q,
        "places": places,
        "most": on_call.MOST_FOUND,
        "back": _home(request),
    }
    return render(request, "orders/field/on_call_pick.html", context)


@require_http_methods(["GET", "POST"])
@crew
def open_order(request: PortalRequest, contract: UUID, group: UUID) -> HttpResponseBase:
    """The short form, in a residence."""
    found = on_call.find_contract(request.actor, contract)
    place = on_call.find_place(request.actor, contract, group) if found else None
    if found is None or place is None:
        raise Http404
    form = OnCallForm(
        posted(request), contract=found, trades=trade_choices(), initial={"send_key": new_id()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            order = services.open_on_call(
                actor=request.actor,
                contract_id=found.pk,
                data=form.on_call_input(place.pk),
                order_id=form.cleaned_data["send_key"],
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        except services.AlreadyDrafted as repeated:
            if is_outbox(request):
                return told(request, str(_OPENED), _home(request))
            return redirect(_order_url(request, repeated.order))
        else:
            return told(request, str(_OPENED), _order_url(request, order))
    return refusal(form) if is_outbox(request) else _form(request, form, found, place)


# --- inside -----------------------------------------------------------------------------------


def _form(
    request: PortalRequest, form: OnCallForm, contract: Contract, place: on_call.Place
) -> HttpResponseBase:
    back = reverse("orders:field_on_call", args=[request.organisation.slug])
    where = department_of(place.city)
    context = {
        "form": form,
        "contract": contract,
        "place": place,
        "back": back,
        "done": _home(request),
        "outbox_owner": owner_of(request.actor),
        "off_hours": not on_call.covers(contract, clock.now(), where),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/field/on_call_form.html", context, status=status)


def _home(request: PortalRequest) -> str:
    name = "contractor_home" if policies.acts(request.actor) else "field_day"
    return reverse(f"orders:{name}", args=[request.organisation.slug])


def _order_url(request: PortalRequest, order: Order) -> str:
    """Return where to go on: a technician to his visit, a desk to the order."""
    slug = request.organisation.slug
    visit = own_visit(request.actor, order)
    if visit is not None:
        return reverse("orders:field_visit", args=[slug, visit.pk])
    return reverse("orders:contractor_detail", args=[slug, order.pk])
