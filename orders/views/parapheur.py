"""The landlord's parapheur: what waits for my signature, signed one by one or many at once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nexxio.core.actors import Role, Side
from nexxio.core.errors import Refused
from nexxio.core.http import PortalRequest, portal, posted_ids
from orders import services
from orders.models import Certificate
from orders.selectors import parapheur as selectors
from orders.selectors import territory
from orders.views import shapes

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
    found = selectors.parapheur(
        request.actor,
        reach,
        scope=request.GET.get("montre", ""),
        after=request.GET.get("apres", "")[:100],
    )
    context = {
        "page": found,
        "reach": shapes.reach_chips(reach, request.GET),
        "is_narrow": reach.is_narrow,
        "signs": request.actor.has(Role.MANAGER, Role.CLERK),
        "limit": found.limit,
    }
    return render(request, "orders/parapheur/list.html", context)


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


def _sign_one(request: PortalRequest, certificate: Certificate) -> Result:
    try:
        services.sign_certificate(actor=request.actor, certificate_id=certificate.pk)
    except Refused as refusal:
        return Result(certificate, refusal.message)
    return Result(certificate, "")
