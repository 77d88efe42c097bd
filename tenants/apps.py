"""The tenants app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """The extranet: what a tenant follows."""

    name = "tenants"
    verbose_name = "Locataires"
