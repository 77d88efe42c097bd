"""What a certificate says, and the fingerprint that a signature stands for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from orders.models import Order, OrderBudget, Photo, PhotoMoment, Visit
from orders.services.amounts import Due, Priced, due_of, total_of, totals_by_rate
from orders.services.signed import last_sign_off
from orders.states import VisitState


@dataclass(frozen=True)
class _Certified:
    """A line of a content, for its totals."""

    vat_rate: Decimal
    total_without_vat: Decimal


def content_of(
    order: Order, *, number: int, report: str, quantities: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return all that a version says, as JSON values; sums as text, in euros.

    quantities: what was done of the lines of which less was done than is due, by their key.
    order_without_vat: what the order comes to, which is more where less was done.
    Read once, when it is submitted: what is signed later is this, whatever else changes.
    """
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    lines = [_line(due, _done(due, quantities or {})) for due in due_of(order)]
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
        "lines": lines,
        **_totals(lines),
        "order_without_vat": str(budget.total_without_vat),
        "photos": sorted(photo.file.sha256 for photo in photos),
        "sign_off": _sign_off(order),
    }


def certified_less(
    content: Mapping[str, Any], quantities: Mapping[str, Decimal], *, note: str
) -> dict[str, Any]:
    """Return a content of which the landlord certifies less: both numbers of a line, and why."""
    lines = []
    for line in content["lines"]:
        said, certified = Decimal(line["quantity"]), quantities.get(line.get("key", ""))
        if certified is None or certified == said:
            lines.append(line)
            continue
        total = min(total_of(certified, Decimal(line["unit_price"])), Decimal(line["total"]))
        lines.append(
            {**line, "claimed": line["quantity"], "quantity": str(certified), "total": str(total)}
        )
    return {**content, "lines": lines, **_totals(lines), "cut_note": note}


def kept_of(content: Mapping[str, Any]) -> dict[UUID, Decimal]:
    """Return the quantity of each line of a content, by its key; versions from before have none."""
    return {
        UUID(line["key"]): Decimal(line["quantity"])
        for line in content.get("lines", [])
        if "key" in line
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


def _done(due: Due, quantities: Mapping[str, str]) -> Decimal:
    """Return what was done of a line: what the company says, never more than is due."""
    said = quantities.get(str(due.key))
    return due.quantity if said is None else min(Decimal(said), due.quantity)


def _line(due: Due, quantity: Decimal) -> dict[str, Any]:
    """source: which request it was granted on; versions from before don't say it, nor the key."""
    line, extra = due.line, due.extra
    return {
        "key": str(due.key),
        "code": line.code,
        "label": line.label,
        "unit": line.unit,
        "quantity": str(quantity),
        "unit_price": str(line.unit_price),
        "vat_rate": str(line.vat_rate),
        "total": str(due.total_for(quantity)),
        "variation": extra.variation_number if extra else None,
        **({"source": extra.source} if extra else {}),
        **({"ordered": str(due.ordered)} if due.ordered != quantity else {}),
    }


def _totals(lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    priced: list[Priced] = [
        _Certified(Decimal(line["vat_rate"]), Decimal(line["total"])) for line in lines
    ]
    rates = totals_by_rate(priced)
    without_vat = sum((found.without_vat for found in rates), Decimal("0.00"))
    vat = sum((found.vat for found in rates), Decimal("0.00"))
    return {
        "rates": [
            {"rate": str(found.rate), "without_vat": str(found.without_vat), "vat": str(found.vat)}
            for found in rates
        ],
        "total_without_vat": str(without_vat),
        "total_vat": str(vat),
        "total_with_vat": str(without_vat + vat),
    }


def _sign_off(order: Order) -> dict[str, Any] | None:
    """Return what the tenant signed at the last visit; no name: that is on the sign-off."""
    found = last_sign_off(order)
    if found is None:
        return None
    return {
        "satisfied": found.satisfied,
        "reason": found.reason,
        "how": found.how,
        "at": found.created_at.isoformat(),
        "sha256": found.sha256,
    }
