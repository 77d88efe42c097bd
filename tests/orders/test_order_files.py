"""What a landlord attaches to an order: who reads it, and the report before works."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import StoredFile
from nexxio.core.scoping import system_scope
from orders import services
from orders.completeness import check
from orders.models import Order, OrderFile
from tests.access.test_hostile import order_form
from tests.factories.attributed import attached
from tests.factories.full import act, photo_bytes, visited


@pytest.fixture
def party(world):
    return world.first


def _check(party, order_id):
    with scope_of(party.actor("manager")):
        return check(services.facts_of(Order.objects.get(pk=order_id)))


def _opens(party, who: str, row: OrderFile) -> int:
    side, house = (
        ("contractor", party.contractor)
        if who in ("desk", "technician")
        else ("landlord", party.landlord)
    )
    client = Client()
    client.force_login(getattr(party, who).user)
    return client.get(reverse(f"orders:{side}_file", args=[house.slug, row.pk])).status_code


def test_a_declared_report_is_attached_or_the_order_stays(party):
    data = party.order_input(asbestos="report")
    order = act(party, "manager", services.draft_order, data=data)
    assert [rule.code for rule in _check(party, order.pk).missing] == ["asbestos"]
    attached(party, order_id=order.pk, kind="asbestos")
    assert _check(party, order.pk).is_complete
    bare = act(party, "manager", services.draft_order, data=party.order_input(asbestos=""))
    attached(party, order_id=bare.pk, kind="asbestos")
    with system_scope("tests: order"):
        assert Order.objects.get(pk=bare.pk).asbestos == "report"


def test_the_company_reads_what_is_for_it_from_issue_on(party, world):
    order = act(party, "manager", services.draft_order, data=party.order_input())
    shown = attached(party, order_id=order.pk)
    own = attached(party, order_id=order.pk, kind="other", for_contractor=False)
    assert "photo" not in [rule.code for rule in _check(party, order.pk).warnings]
    assert [_opens(party, "desk", row) for row in (shown, own)] == [404, 404]
    act(party, "manager", services.issue_order, order_id=order.pk)
    assert [_opens(party, "desk", row) for row in (shown, own)] == [200, 404]
    assert [_opens(party, "reader", row) for row in (shown, own)] == [200, 200]
    assert _opens(party, "technician", shown) == 404
    assert _opens(world.second, "manager", shown) == 404
    act(party, "manager", services.withdraw_file, order_id=order.pk, file_id=shown.pk)
    assert _opens(party, "desk", shown) == 404
    with scope_of(party.actor("desk")):
        assert not StoredFile.objects.filter(pk=shown.file_id).exists()


def test_a_technician_opens_the_files_of_his_visit(party):
    row = attached(party, note="Vue du palier")
    visit = visited(party, state="confirmed")
    assert _opens(party, "technician", row) == 200
    client = Client()
    client.force_login(party.technician.user)
    page = client.get(reverse("orders:field_visit", args=[party.contractor.slug, visit.pk]))
    assert "Vue du palier" in page.content.decode()


def test_nobody_else_attaches_and_never_too_many(party):
    typed = {"order_id": party.order.pk, "cleaned": [object()], "kind": "photo"}
    for who in ("reader", "desk"):
        with pytest.raises(Refused):
            act(party, who, services.attach_files, **typed)
    for wrong in ({"kind": "autre-chose", "cleaned": [object()]}, {"kind": "photo", "cleaned": []}):
        with pytest.raises(Invalid):
            act(party, "manager", services.attach_files, order_id=party.order.pk, **wrong)


def test_the_form_keeps_a_file_with_its_order(party):
    client = Client()
    client.force_login(party.manager.user)
    photo = SimpleUploadedFile("fuite.jpg", photo_bytes().read(), "image/jpeg")
    typed = {**order_form(party), "pieces-uploads": photo, "pieces-kind": "photo", "keep": "1"}
    url = reverse("orders:landlord_new", args=[party.landlord.slug])
    assert client.post(url, typed).status_code == 302
    with system_scope("tests: files"):
        row = OrderFile.objects.select_related("order").get()
    assert (row.order.state, row.kind, row.contractor_id) == ("draft", "photo", None)
    wrong = SimpleUploadedFile("fuite.jpg", b"rien", "image/jpeg")
    again = client.post(url, {**order_form(party), "pieces-uploads": wrong})
    assert again.status_code == 422
    assert "ni une photo lisible" in again.content.decode()
