"""The contractors app."""

from importlib import import_module

from django.apps import AppConfig


class ContractorsConfig(AppConfig):
    """The relation between landlord and contractor: invoices, blocks, the legal clock."""

    name = "contractors"
    verbose_name = "Prestataires"

    def ready(self) -> None:
        """Load all that registers itself: event types, imports, notices, parts of pages."""
        for module in (
            "events",
            "money_events",
            "desk_events",
            "deduction_events",
            "received_events",
            "paper_events",
            "bank_events",
            "subcontract_events",
            "transfer_events",
            "final_events",
            "imports",
            "notices",
            "paper_notices",
            "bank_notices",
            "transfer_notices",
            "subcontract_notices",
            "final_notices",
            "subscribers",
            "navigation",
            "slots",
        ):
            import_module(f"contractors.{module}")
