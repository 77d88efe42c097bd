"""The tabs below Factures: what each side finds there."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors import policies
from nexxio.core.actors import Side
from nexxio.core.http import PortalRequest

# Address, label, icon.
_LANDLORD = (
    ("invoices", _("Factures"), "file-invoice"),
    ("interest", _("Intérêts de retard"), "clock"),
    ("delays", _("Délais de paiement"), "calendar-event"),
    ("retentions", _("Retenues"), "lock"),
    ("accounts", _("Comptabilité"), "download"),
)
_CONTRACTOR = (
    ("invoices", _("Factures"), "file-invoice"),
    ("forecast", _("Trésorerie attendue"), "cash"),
    ("claims", _("Retards et réclamations"), "clock"),
    ("retentions", _("Retenues"), "lock"),
    ("accounts", _("Comptabilité"), "download"),
)
_OF_THE_DESK = {"claims"}


def tabs(request: PortalRequest, current: str) -> list[dict[str, Any]]:
    """Return the tabs of the reader's side; `current` is the name of the page that he reads."""
    side, slug = request.actor.side, request.organisation.slug
    offered = _LANDLORD if side is Side.LANDLORD else _CONTRACTOR
    return [
        {
            "label": label,
            "url": reverse(f"contractors:{side.value}_{name}", args=[slug]),
            "current": name == current,
            "icon": icon,
        }
        for name, label, icon in offered
        if name not in _OF_THE_DESK or policies.desk(request.actor)
    ]
