"""The landlord's parapheur: what waits for my signature, signed one by one or many at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core.actors import Role, Side
from nexxio.core.errors import Refused
from nexxio.core.http import PortalRequest, portal, posted_id, posted_ids
from nexxio.core.templatetags.ui import number
from orders import access, services
from orders.certificate_forms import RefuseForm
from orders.models import Certificate
from orders.selectors import parapheur as selectors
from orders.selectors import territory
from orders.views import shapes
from orders.views.common import posted

MOST = 200
"""How many one confirmation may hold."""


@dataclass(frozen=True)
class Result:
    """What became of a line. problem: why it wasn't signed; ""."""

    certificate: Certificate
    problem: str


@require_GET
@portal(Side.LANDLORD)
def show(request: PortalRequest) -> HttpResponseBase:
    """What waits, the oldest first."""
    reach = territory.reach_of(request.actor, request.GET)
    wanted = selectors.Wanted.read(request.GET)
    found = selectors.parapheur(
        request.actor,
        reach,
        kind=request.GET.get("genre", ""),
        scope=request.GET.get("montre", ""),
        after=request.GET.get("apres", "")[:100],
        wanted=wanted,
    )
    context = {
        "page": found,
        "tabs": _tabs(found, reach),
        "wanted": wanted,
        "reach": shapes.reach_chips(reach, request.GET),
        "is_narrow": reach.is_narrow,
        "signs": request.actor.has(Role.MANAGER, Role.CLERK),
        "limit": found.limit,
    }
    return render(request, "orders/parapheur/list.html", context)


def _tabs(page: selectors.Parapheur, reach: territory.Reach) -> list[dict[str, Any]]:
    """Return a tab for each kind; the part of the estate stays, filters are of one kind."""
    kept = {territory.KEY: reach.asked} if reach.asked else {}
    return [
        {
            "label": heap.kind.label,
            "url": "?" + urlencode({"genre": heap.kind.code, **kept}),
            "current": heap is page.heap,
            "count": _more_than(heap),
        }
        for heap in page.heaps
    ]


def _more_than(heap: selectors.Heap) -> str:
    return f"{number(heap.count)}{'+' if heap.is_capped else ''}"


@require_POST
@portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
def sign(request: PortalRequest) -> HttpResponseBase:
    """Ask for a confirmation of what was chosen; confirmed, sign each in its own transaction."""
    keys = posted_ids(request, "constat", most=MOST)
    rows = selectors.chosen(request.actor, keys)
    if not rows:
        messages.warning(request, _("Cochez au moins un constat à signer."))
        return redirect("orders:landlord_parapheur", request.organisation.slug)
    if "confirme" not in request.POST:
        ready = [row for row in rows if not row.obstacle]
        total = sum((row.certificate.total_without_vat for row in ready), Decimal(0))
        context = {"rows": rows, "ready": ready, "total": total}
        return render(request, "orders/parapheur/confirm.html", context)
    results = [_sign_one(request, row.certificate) for row in rows]
    context = {"results": results, "signed": sum(1 for each in results if not each.problem)}
    return render(request, "orders/parapheur/results.html", context)


@require_http_methods(["GET", "POST"])
@portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
def series(request: PortalRequest) -> HttpResponseBase:
    """Sign or refuse one after the other; what is passed over stays, the address says how far."""
    form = RefuseForm(posted(request) if "refuse" in request.POST else None)
    if request.method == "POST" and not (form.is_bound and not form.is_valid()):
        _decide(request, form)
        return redirect(request.get_full_path())
    reach = territory.reach_of(request.actor, request.GET)
    found = selectors.series(
        request.actor,
        reach,
        after=request.GET.get("apres", "")[:100],
        wanted=selectors.Wanted.read(request.GET),
    )
    again = request.GET.copy()
    again.pop("apres", None)
    context = {
        "series": found,
        "page": found.page,
        "form": form,
        "reach": shapes.reach_chips(reach, request.GET),
        "again": f"{request.path}?{again.urlencode()}",
    }
    return render(
        request, "orders/parapheur/series.html", context, status=422 if form.errors else 200
    )


def _decide(request: PortalRequest, form: RefuseForm) -> None:
    """Sign or refuse what the page showed. What can't be done is said, and the series goes on."""
    found = access.get_certificate(request.actor, posted_id(request, "constat"), to="edit")
    reference = found.order.reference
    try:
        if form.is_bound:
            services.refuse_certificate(
                actor=request.actor, certificate_id=found.pk, **form.cleaned_data
            )
            messages.success(
                request, _("Constat %s refusé : l’entreprise est prévenue.") % reference
            )
        else:
            services.sign_certificate(actor=request.actor, certificate_id=found.pk)
    except Refused as refusal:
        messages.warning(request, f"{reference} : {refusal.message}")


def _sign_one(request: PortalRequest, certificate: Certificate) -> Result:
    try:
        services.sign_certificate(actor=request.actor, certificate_id=certificate.pk)
    except Refused as refusal:
        return Result(certificate, refusal.message)
    return Result(certificate, "")
