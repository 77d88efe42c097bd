"""The tabs below Évaluations."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.http import PortalRequest

_OFFERED: tuple[tuple[str, Any, str], ...] = (
    ("home", _("À donner et reçues"), "message-star"),
    ("results", _("Résultats"), "chart-radar"),
    ("reports", _("Fiches mensuelles"), "file-text"),
    ("reviews", _("Revues de contrat"), "users"),
    ("bonus", _("Bonus et malus"), "scale"),
    ("staff", _("Équipes"), "users-group"),
    ("references", _("Références"), "award"),
)
_OWN: dict[Side, tuple[tuple[str, Any, str], ...]] = {
    Side.LANDLORD: (
        ("steering", _("Pilotage"), "chart-bar"),
        ("impact", _("Impact"), "chart-line"),
        ("pilots", _("Pilotes"), "flag"),
    ),
    Side.CONTRACTOR: (("balance", _("Balance de la transparence"), "scale"),),
}
"""What one side alone has."""


def url_of(request: PortalRequest, name: str, *args: object) -> str:
    """Return the address of a page of the reader's side."""
    side, slug = request.actor.side.value, request.organisation.slug
    return reverse(f"evaluations:{side}_{name}", args=[slug, *args])


def tabs(request: PortalRequest, current: str) -> list[dict[str, Any]]:
    """Return the tabs; `current` is the name of the page that is read."""
    return [
        {"label": label, "url": url_of(request, name), "current": name == current, "icon": icon}
        for name, label, icon in (*_OFFERED, *_OWN[request.actor.side])
    ]
