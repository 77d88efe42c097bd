"""The contractors app."""

from importlib import import_module

from django.apps import AppConfig


class ContractorsConfig(AppConfig):
    """The relation between landlord and contractor: invoices, blocks, the legal clock."""

    name = "contractors"
    verbose_name = "Prestataires"

    def ready(self) -> None:
        """Load event types, notices, subscribers, navigation and what fills the orders' pages."""
        for module in (
            "events",
            "received_events",
            "notices",
            "subscribers",
            "navigation",
            "slots",
        ):
            import_module(f"contractors.{module}")
