"""The demo world's app: commands only."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Commands that make the demo world and print its log-ins."""

    name = "nexxio.demo"
    label = "demo"
    verbose_name = "Démonstration"
