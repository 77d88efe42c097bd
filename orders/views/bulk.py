"""Acts on many orders of the list at once: what will happen, then what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from nexxio.core import saved_views
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Incomplete, Refused
from nexxio.core.http import PortalRequest, portal, posted_ids
from orders import access, services
from orders.models import Order
from orders.selectors import bulk as selectors
from orders.selectors.bulk import ACCEPT, APPROVE, ISSUE, MOST, TICKED, Ticked
from orders.states import OrderState
from orders.views.order_list import KEYS


@dataclass(frozen=True)
class BulkAct:
    """An act on many. verb: of the button; done: what a line says afterwards."""

    service: Callable[..., Order]
    verb: Any
    icon: str
    done: Any


ACTS: dict[str, BulkAct] = {
    ISSUE: BulkAct(
        services.issue_order, gettext_lazy("Transmettre"), "send", gettext_lazy("transmise")
    ),
    APPROVE: BulkAct(
        services.approve_order,
        gettext_lazy("Valider et transmettre"),
        "circle-check",
        gettext_lazy("validée et transmise"),
    ),
    ACCEPT: BulkAct(
        services.accept_order, gettext_lazy("Accepter"), "circle-check", gettext_lazy("acceptée")
    ),
}


@dataclass(frozen=True)
class Result:
    """What became of a line. problem: why it was left alone; ""."""

    row: Ticked
    done: str
    problem: str = ""


def _bulk(request: PortalRequest) -> HttpResponseBase:
    """Ask for a confirmation; confirmed, do each in its own transaction, through its own door."""
    name = request.POST.get("acte", "")
    if name not in TICKED[request.actor.side]:
        raise Http404
    query = saved_views.canonical(request.POST.get("retour", "")[:600], KEYS)
    back = reverse(f"orders:{request.actor.side.value}_list", args=[request.organisation.slug])
    if query:
        back += f"?{query}"
    rows = selectors.ticked(request.actor, posted_ids(request, "commande", most=MOST), name)
    if not rows:
        messages.warning(request, _("Cochez au moins une commande."))
        return redirect(back)
    context = {"act": ACTS[name], "name": name, "back": back, "query": query}
    if "confirme" in request.POST:
        results = [_one(request, row, ACTS[name]) for row in rows]
        done = [each for each in results if not each.problem]
        counts = {"done": len(done), "refused": len(results) - len(done)}
        return render(request, "orders/bulk/results.html", {**context, **counts, "rows": results})
    ready = [row for row in rows if not row.obstacle]
    total = sum((row.total for row in ready), Decimal(0))
    return render(
        request, "orders/bulk/confirm.html", {**context, "rows": rows, "ready": ready, "sum": total}
    )


landlord_bulk = require_POST(portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)(_bulk))
contractor_bulk = require_POST(portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)(_bulk))


def _one(request: PortalRequest, row: Ticked, act: BulkAct) -> Result:
    try:
        order = access.get_order(request.actor, row.order.pk, to="edit")
        moved = act.service(actor=request.actor, order_id=order.pk)
    except Incomplete as incomplete:
        missing = ", ".join(sentence.lower() for _code, sentence in incomplete.missing)
        return Result(row, "", _("incomplète (%(missing)s)") % {"missing": missing})
    except Refused as refusal:
        return Result(row, "", refusal.message)
    except (Http404, Order.DoesNotExist):
        return Result(row, "", _("cette commande n’existe plus"))
    if moved.state == OrderState.PENDING_APPROVAL:
        return Result(row, _("envoyée en validation"))
    return Result(row, str(act.done))
