"""Import a landlord's orders from a workbook or CSV, without a browser."""

from __future__ import annotations

from typing import Any

from nexxio.core.imports.registry import get_kind
from nexxio.core.imports.terminal import ImportCommand


class Command(ImportCommand):
    """`import_orders FILE --landlord NAME --map NAME [--dry-run] [--json]`."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Rehearse or apply, and print every verdict. Orders stay drafts."""
        self.import_file(get_kind("orders"), options)
