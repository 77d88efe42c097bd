"""Platform staff: trades; contracts and orders, read-only."""

from django.contrib import admin

from nexxio.core.admin import ReadOnly
from orders.models import Contract, Order, Trade


@admin.register(Trade)
class TradeAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Trades, the same for all landlords."""

    list_display = ("code", "label")


@admin.register(Contract)
class ContractAdmin(ReadOnly):
    """Contracts."""

    list_display = ("number", "landlord", "contractor", "title", "starts_on", "ends_on")
    list_select_related = ("landlord", "contractor")


@admin.register(Order)
class OrderAdmin(ReadOnly):
    """Orders: where they stand, nothing of what people wrote."""

    list_display = ("reference", "landlord", "contractor", "state", "priority", "created_at")
    list_filter = ("state", "priority")
    list_select_related = ("landlord", "contractor")
    search_fields = ("reference", "external_number")
    fields = ("reference", "landlord", "contractor", "state", "priority", "issued_at", "done_at")
    show_full_result_count = False
