"""The demo's stories of these days: what follows from each is dated by it."""

from __future__ import annotations

from datetime import timedelta

from contractors.models import Block
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from nexxio.demo import world


def test_what_would_block_an_invoice_is_dated_by_its_fact(db, monkeypatch):
    told = next(one for one in world.STORIES if one.reach == "regularisation")
    monkeypatch.setattr(world, "STORIES", (told,))
    world.DemoWorld().build()
    with system_scope("tests: the demo's blocks"):
        waits = Block.objects.filter(order__title=told.title, closed_at__isnull=True)
        assert {block.cause for block in waits} >= {"B01", "B02"}
        latest = max(block.opened_at for block in waits)
        assert clock.now() - latest > timedelta(days=1)
