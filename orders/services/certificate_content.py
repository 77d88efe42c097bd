"""What a certificate says, and the fingerprint that a signature stands for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from orders.models import Order, OrderBudget, OrderLine, Photo, PhotoMoment, SignOff, Visit
from orders.services.amounts import Extra, extras_of, totals_by_rate
from orders.states import VisitState


def content_of(order: Order, *, number: int, report: str) -> dict[str, Any]:
    """Return all that a version says, as JSON values; sums as text, in euros.

    Read once, when it is submitted: what is signed later is this, whatever else changes.
    """
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    lines = list(OrderLine.objects.filter(**own).order_by("rank"))
    extras = extras_of(order)
    budget = OrderBudget.objects.get(**own)
    done_on = [
        visit.finished_at.isoformat()
        for visit in Visit.objects.filter(
            **own, state__in=[VisitState.DONE, VisitState.PARTLY_DONE]
        ).order_by("number")
        if visit.finished_at
    ]
    photos = (
        Photo.objects.filter(**own, withdrawn_at__isnull=True)
        .exclude(moment=PhotoMoment.DOOR)
        .select_related("file")
    )
    return {
        "reference": order.reference,
        "number": number,
        "title": order.title,
        "place": ", ".join(filter(None, (order.place_address, order.place_city, order.place_unit))),
        "landlord": order.landlord.name,
        "contractor": order.contractor.name if order.contractor else "",
        "contract": order.contract.number if order.contract else "",
        "report": report,
        "visits": done_on,
        "lines": [_line(line) for line in lines]
        + [_line(extra, variation=extra.variation_number, source=extra.source) for extra in extras],
        "rates": [
            {"rate": str(found.rate), "without_vat": str(found.without_vat), "vat": str(found.vat)}
            for found in totals_by_rate([*lines, *extras])
        ],
        "total_without_vat": str(budget.total_without_vat),
        "total_vat": str(budget.total_vat),
        "total_with_vat": str(budget.total_with_vat),
        "photos": sorted(photo.file.sha256 for photo in photos),
        "sign_off": _sign_off(order),
    }


def report_of(order: Order) -> str:
    """Return what the company noted on its visits, one line each, as a first report."""
    noted = (
        Visit.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
        .exclude(report="")
        .order_by("number")
    )
    return "\n".join(noted.values_list("report", flat=True))[:1000]


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a content in its canonical form (sorted keys, no spaces, UTF-8)."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _line(
    line: OrderLine | Extra, *, variation: int | None = None, source: str = ""
) -> dict[str, Any]:
    """source: which request it was granted on; versions from before don't say it."""
    return {
        "code": line.code,
        "label": line.label,
        "unit": line.unit,
        "quantity": str(line.quantity),
        "unit_price": str(line.unit_price),
        "vat_rate": str(line.vat_rate),
        "total": str(line.total_without_vat),
        "variation": variation,
        **({"source": source} if source else {}),
    }


def _sign_off(order: Order) -> dict[str, Any] | None:
    """Return what the tenant signed last on this order; no name: that is on the sign-off."""
    found = (
        SignOff.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
        .order_by("-created_at")
        .first()
    )
    if found is None:
        return None
    return {
        "satisfied": found.satisfied,
        "reason": found.reason,
        "how": found.how,
        "at": found.created_at.isoformat(),
        "sha256": found.sha256,
    }
