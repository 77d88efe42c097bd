"""The orders app."""

from importlib import import_module

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Contracts, price items, orders, visits."""

    name = "orders"
    verbose_name = "Commandes"

    def ready(self) -> None:
        """Load event types, notices and navigation."""
        for module in (
            "events",
            "document_events",
            "contract_events",
            "variation_events",
            "reduction_events",
            "regularisation_events",
            "on_call_events",
            "appointment_events",
            "hold_events",
            "access_events",
            "certificate_events",
            "photo_events",
            "piece_events",
            "talk_events",
            "upkeep_events",
            "chase_events",
            "export_events",
            "notices",
            "tenant_notices",
            "chase_notices",
            "export_notices",
            "issue_notices",
            "talk_notices",
            "subscribers",
            "services.holders",
            "navigation",
            "imports",
        ):
            import_module(f"orders.{module}")
