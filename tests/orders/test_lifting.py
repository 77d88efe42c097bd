"""The record that all reserves are lifted: written once, sealed, read by both and nobody else."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from nexxio.core import relay
from nexxio.core.errors import Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Event, Job, StoredFile
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import LiftingRecord, Reserve
from orders.services.certificate_content import fingerprint
from orders.services.lifting import SEAL
from orders.services.seal_states import verify_token
from tests.factories.acting import act
from tests.factories.certified import reserved_elsewhere
from tests.factories.full import worked


@pytest.fixture
def reserve(world):
    with system_scope("tests"):
        return Reserve.objects.select_related("order").get(pk=reserved_elsewhere(world.first).pk)


def lift(party, reserve) -> None:
    act(party, "desk", services.claim_reserve, reserve_id=reserve.pk, answer="Plafond repeint.")
    act(party, "manager", services.lift_reserve, reserve_id=reserve.pk)


def record_of(reserve) -> LiftingRecord:
    with system_scope("tests"):
        return LiftingRecord.objects.get(order_id=reserve.order_id)


def sealed(reserve) -> LiftingRecord:
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        jobs = list(Job.objects.filter(kind=SEAL, state="queued"))
    for job in jobs:
        worked(job)
    return record_of(reserve)


def test_the_last_reserve_writes_the_record_and_it_is_sealed(world, reserve):
    lift(world.first, reserve)
    row = sealed(reserve)
    assert (row.number, row.seal) == (1, "sealed")
    assert row.content_sha256 == fingerprint(row.content)
    assert row.content["reserves"][0]["answer"] == "Plafond repeint."
    with system_scope("tests"):
        stored = StoredFile.objects.get(pk=row.file_id)
        kinds = set(Event.objects.filter(subject_id=row.pk).values_list("kind", flat=True))
    assert kinds == {"reserves.lifting_recorded", "reserves.lifting_sealed"}
    reader = pypdf.PdfReader(io.BytesIO(default_storage.open(stored.storage_path).read()))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    for said in ("levée des réserves", reserve.text, "Plafond repeint.", row.content_sha256[:12]):
        assert said in text
    assert reader.get_fields()
    found = Client().get(reverse("orders:verify", args=[verify_token("lifting", row.pk)]))
    assert "Procès-verbal de levée des réserves n° 1" in found.content.decode()
    assert "constaté par le bailleur" in found.content.decode()


def test_nothing_is_written_while_one_is_left(world, reserve):
    with system_scope("tests"):
        second = Reserve.objects.get(pk=reserve.pk)
        second.pk, second.number = new_id(), 2
        second.save(force_insert=True)
    lift(world.first, reserve)
    with system_scope("tests"):
        assert not LiftingRecord.objects.exists()
    lift(world.first, second)
    assert len(record_of(reserve).content["reserves"]) == 2


def test_both_sides_read_it_and_nobody_else(world, reserve):
    party = world.first
    lift(party, reserve)
    urls = {
        "manager": reverse(
            "orders:landlord_lifting_pdf", args=[party.landlord.slug, reserve.order_id]
        ),
        "desk": reverse(
            "orders:contractor_lifting_pdf", args=[party.contractor.slug, reserve.order_id]
        ),
    }
    for who, url in urls.items():
        client = Client()
        client.force_login(getattr(party, who).user)
        assert client.get(url).status_code == 404
    sealed(reserve)
    for who, url in urls.items():
        client = Client()
        client.force_login(getattr(party, who).user)
        answer = client.get(url)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        page = client.get(url.replace("levee.pdf", "")).content.decode()
        assert "Procès-verbal de levée n° 1" in page
        stranger = Client()
        stranger.force_login(getattr(world.second, who).user)
        assert stranger.get(url).status_code == 404


def test_without_a_key_the_card_says_it_and_it_is_asked_again(world, reserve, settings):
    party = world.first
    kept, settings.SEAL_PATH = settings.SEAL_PATH, None
    lift(party, reserve)
    assert sealed(reserve).seal == "failed"
    pages = {
        "manager": reverse("orders:landlord_detail", args=[party.landlord.slug, reserve.order_id]),
        "desk": reverse("orders:contractor_detail", args=[party.contractor.slug, reserve.order_id]),
    }
    for who, url in pages.items():
        client = Client()
        client.force_login(getattr(party, who).user)
        page = client.get(url).content.decode()
        assert "Le procès-verbal n’a pas pu être scellé" in page
        assert ("Préparer à nouveau le PDF" in page) == (who == "manager")
    for who in ("desk", "reader"):
        with pytest.raises(Refused):
            act(party, who, services.ask_lifting_seal, order_id=reserve.order_id)
    settings.SEAL_PATH = kept
    client = Client()
    client.force_login(party.manager.user)
    assert client.post(f"{pages['manager']}sceller-la-levee/").status_code == 302
    with pytest.raises(Refused):
        act(party, "manager", services.ask_lifting_seal, order_id=reserve.order_id)
    assert sealed(reserve).seal == "sealed"
