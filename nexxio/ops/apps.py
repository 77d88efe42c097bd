"""The app of operations."""

from importlib import import_module

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Connects the tasks' references and loads the checks of a deployment."""

    name = "nexxio.ops"
    label = "ops"
    verbose_name = "Exploitation"

    def ready(self) -> None:
        """Load what registers itself."""
        for module in ("tracing", "checks"):
            import_module(f"nexxio.ops.{module}")
