"""Platform staff: trades; contracts, orders and visits, read-only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nexxio.core.admin_base import Arranged, ReadOnly, titled
from nexxio.core.coded import list_codes
from orders.hold_states import HoldReason
from orders.models import Contract, FileKind, Order, Trade, Visit, WarrantyKind
from orders.states import (
    AccessCode,
    Asbestos,
    CancelReason,
    ClosedHow,
    DeclineReason,
    Hazard,
    Nature,
    Priority,
    ReturnReason,
    SupersedeReason,
)
from orders.terms import AttributionReason
from orders.variation_states import RejectReason, UrgencyReason, VariationReason

for title, codes in (
    ("Commande renvoyée à compléter", ReturnReason),
    ("Réserves du titulaire", DeclineReason),
    ("Commande annulée", CancelReason),
    ("Commande en attente", HoldReason),
    ("Devis complémentaire demandé", VariationReason),
    ("Régularisation demandée", UrgencyReason),
    ("Devis complémentaire ou régularisation refusé", RejectReason),
    ("Confiée à une autre entreprise", SupersedeReason),
    ("Marché choisi hors de la règle d’attribution", AttributionReason),
    ("Pièce jointe à une commande", FileKind),
    ("Commande close", ClosedHow),
    ("Danger pour la santé", Hazard),
    ("Garantie ou sinistre", WarrantyKind),
    ("Nature de la commande", Nature),
    ("Priorité", Priority),
    ("Amiante", Asbestos),
    ("Accès", AccessCode),
):
    list_codes(title, codes)


@admin.register(Trade)
class TradeAdmin(Arranged):
    """Trades, the same for all landlords. A code that stands on contracts never changes."""

    list_display = ("label", "code", "icon")
    search_fields = ("label", "code")
    ordering = ("label",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the code once it is there."""
        return ("code",) if obj else ()


@admin.register(Contract)
class ContractAdmin(ReadOnly):
    """Contracts: parties and dates."""

    list_display = ("number", "landlord", "contractor", "title", "starts_on", "ends_on")
    list_select_related = ("landlord", "contractor")
    search_fields = ("number__exact", "landlord__name", "contractor__name")
    search_help_text = "Numéro exact, ou nom d’une partie"
    fields = (
        ("number", "title"),
        ("landlord", "contractor"),
        "trades",
        ("starts_on", "ends_on"),
        "ceiling",
    )
    ordering = ("-id",)


@admin.register(Order)
class OrderAdmin(ReadOnly):
    """Orders: where they stand, nothing of what people wrote."""

    list_display = ("reference", "landlord", "contractor", "state", "priority", "created_at")
    list_filter = (("state", titled(_("état"))), ("priority", titled(_("priorité"))))
    list_select_related = ("landlord", "contractor")
    search_fields = ("reference__exact", "external_number__exact")
    search_help_text = "Référence exacte (C26-…), ou numéro exact du bailleur"
    fields = (
        ("reference", "external_number"),
        ("landlord", "contractor"),
        ("state", "priority"),
        ("issued_at", "accepted_at", "done_at"),
    )
    ordering = ("-id",)


@admin.register(Visit)
class VisitAdmin(ReadOnly):
    """Visits: when, and how they ended; neither who came nor where."""

    title = _("Passages")
    one = _("passage")
    list_display = ("order", "landlord", "contractor", "number", "state", "window_start")
    list_filter = (("state", titled(_("état"))),)
    list_select_related = ("order", "landlord", "contractor")
    search_fields = ("order__reference__exact",)
    search_help_text = "Référence exacte de la commande"
    fields = (
        "order",
        ("landlord", "contractor"),
        ("number", "state"),
        ("window_start", "window_end"),
        ("confirmed_at", "left_at", "arrived_at", "finished_at"),
    )
    ordering = ("-id",)
