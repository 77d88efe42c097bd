"""The entries of invoices and blocks in the frame of each portal."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors import policies
from nexxio.core.actors import Actor
from nexxio.core.shell import NavItem, nav, nav_item


@nav(order=12)
def money_entries(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entries for an actor."""
    if not policies.reads(actor):
        return []
    side = actor.side.value
    return [
        nav_item(
            _("Factures"),
            reverse(f"contractors:{side}_invoices", args=[slug]),
            "file-invoice",
            path,
        ),
        nav_item(_("Blocages"), reverse(f"contractors:{side}_blocks", args=[slug]), "lock", path),
        nav_item(
            _("Attestations"),
            reverse(f"contractors:{side}_papers", args=[slug]),
            "file-check",
            path,
        ),
    ]


@nav(order=82)
def billing_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entry of billing details, for managers."""
    if not policies.manages_billing(actor):
        return []
    url = reverse(f"contractors:{actor.side.value}_billing", args=[slug])
    return [nav_item(_("Facturation"), url, "building", path)]


@nav(order=83)
def bank_entry(actor: Actor, slug: str, path: str) -> list[NavItem]:
    """Return the entry of bank details, for the desks of both sides."""
    if not policies.desk(actor):
        return []
    url = reverse(f"contractors:{actor.side.value}_bank", args=[slug])
    return [nav_item(_("Coordonnées bancaires"), url, "credit-card", path)]
