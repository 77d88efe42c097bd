"""The developers' app: commands only."""

from django.apps import AppConfig


class DevtoolsConfig(AppConfig):
    """The command that writes walls; docgen is a module of its own."""

    name = "nexxio.devtools"
    label = "devtools"
