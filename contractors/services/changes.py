"""What a look at facts finds to be written: collected first, written at once, or left unwritten."""

from __future__ import annotations

from contractors import events
from contractors.models import Block, BlockHow, Invoice
from contractors.services.circuit import is_silent
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.events import EventType
from nexxio.core.outbox import Entry, record_all


class Changes:
    """Rows to be opened or saved, and what is told of them, in their order.

    True as soon as there is one. The rows are changed in memory at once; `write` brings them to the
    database, and whoever only asks whether something differs lets them go.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[Block | Invoice, tuple[str, ...]]] = []
        self._told: list[tuple[EventType, Block]] = []

    def __bool__(self) -> bool:
        return bool(self._rows)

    def opens(self, block: Block) -> None:
        """Insert a row, as it is in the end."""
        self._rows.append((block, ()))

    def saves(self, row: Block | Invoice, *fields: str) -> None:
        """Save some fields of a row, as they are in the end."""
        if not any(row is other and not saved for other, saved in self._rows):
            self._rows.append((row, fields))

    def closes(self, block: Block, how: BlockHow, *, is_told: bool = True) -> None:
        """Close a block."""
        block.closed_at = clock.now()
        block.closed_how = how
        block.remind_at = None
        self.saves(block, "closed_at", "closed_how", "closed_by", "close_note", "remind_at")
        if is_told and not is_silent(block):
            self.tells(events.BlockClosed(cause=block.cause, side=block.side, how=how), block)

    def tells(self, event: EventType, block: Block) -> None:
        """Record an event of a block."""
        self._told.append((event, block))

    def write(self, actor: Actor) -> None:
        """Write all of it, in the caller's transaction."""
        for row, fields in self._rows:
            if fields:
                row.save(update_fields=fields)
            else:
                row.save(force_insert=True)
        told = [
            Entry(event, block, "block", order_id=block.order_id) for event, block in self._told
        ]
        if told:
            record_all(told, actor=actor)
