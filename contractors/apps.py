"""The contractors app."""

from django.apps import AppConfig


class ContractorsConfig(AppConfig):
    """The relation between landlord and contractor: invoices, blocks, the legal clock."""

    name = "contractors"
    verbose_name = "Prestataires"
