"""Keep what companies gave of quarters that were published before that was kept (ADR 62)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from evaluations import tasks


class Command(BaseCommand):
    """`keep_given`: once after an upgrade; run again it finds nothing to do."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill them, and say how many there were."""
        self.stdout.write(f"{tasks.keep_given_of_before()} quarters kept")
