"""Make the demo world."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from nexxio.demo.world import DemoWorld


class Command(BaseCommand):
    """`demo_world --if-empty`: invented people and orders on real addresses."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --if-empty and --year."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing if there is data")
        parser.add_argument("--year", action="store_true", help="with the year before (minutes)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build it once."""
        if not DemoWorld.exists():
            count = DemoWorld().build(year=options["year"], tell=self.stdout.write)
            self.stdout.write(f"Demo world: {count} orders.")
        elif not options["if_empty"]:
            self.stderr.write("There is data already; nothing was made.")
