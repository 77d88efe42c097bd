"""The demo's stories of these days: what follows from each is dated by it."""

from __future__ import annotations

from datetime import timedelta

from contractors import policies
from contractors.models import Block, InvoiceFile
from nexxio.core import clock, links
from nexxio.core.actors import scope_of
from nexxio.core.models import Link
from nexxio.core.scoping import system_scope
from nexxio.demo import world
from orders.models import Equipment, Order, Visit
from orders.windows import free_windows


def test_what_would_block_an_invoice_is_dated_by_its_fact(db, monkeypatch):
    told = next(one for one in world.STORIES if one.reach == "regularisation")
    monkeypatch.setattr(world, "STORIES", (told,))
    world.DemoWorld().build()
    with system_scope("tests: the demo's blocks"):
        waits = Block.objects.filter(order__title=told.title, closed_at__isnull=True)
        assert {block.cause for block in waits} >= {"B01", "B02"}
        latest = max(block.opened_at for block in waits)
        assert clock.now() - latest > timedelta(days=1)


def test_a_tenant_may_take_a_free_window_and_boilers_are_kept_up(db, monkeypatch):
    told = next(one for one in world.STORIES if one.reach == "confirmed_later")
    monkeypatch.setattr(world, "STORIES", (told,))
    world.DemoWorld().build()
    with system_scope("tests: the demo's appointment"):
        order = Order.objects.get(title=told.title)
        link = Link.objects.get(case_id=order.case_id, party="tenant")
        boilers = Equipment.objects.all()
        assert boilers.filter(due_on__lt=clock.today()).exists()
        assert boilers.filter(done_on__isnull=False, due_on__gt=clock.today()).exists()
        assert boilers.filter(missed__gt=0).exists()
    found = links.find(links.token_of(link.pk))
    assert found is not None
    with scope_of(links.actor_of(found)):
        order = Order.objects.get(pk=order.pk)
        assert free_windows(Visit.objects.get(order=order), order)


def test_an_invoice_filed_in_the_invented_past_is_being_made(db, monkeypatch):
    told = next(one for one in world.STORIES if one.reach == "invoiced")
    monkeypatch.setattr(world, "STORIES", (told,))
    world.DemoWorld().build()
    with system_scope("tests: the demo's invoice"):
        (file,) = InvoiceFile.objects.filter(invoice__order__title=told.title)
        assert file.state == "preparing"
        assert not policies.file_waits(file)
