"""The kernel app."""

from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Registers what must be known before the first request: grants, checks, subscribers."""

    name = "nexxio.core"
    label = "core"
    verbose_name = "Noyau"

    def ready(self) -> None:
        """Connect grants to migrations, and load system checks and subscribers."""
        from nexxio.core.db.grants import grant
        from nexxio.core.typography import count_in_french

        post_migrate.connect(grant, sender=self)
        count_in_french()
        for module in (
            "accounts",
            "checks",
            "relay",
            "push",
            "notifications.subscriber",
            "estate.tasks",
            "estate.navigation",
            "imports.events",
            "imports.kinds",
            "imports.tasks",
            "imports.navigation",
            "platform.events",
            "platform.notices",
            "members.events",
            "members.notices",
            "members.navigation",
            "identity.events",
            "identity.gate",
        ):
            import_module(f"nexxio.core.{module}")
