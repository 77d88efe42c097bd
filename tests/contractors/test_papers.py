"""Compliance papers: sent, shared, answered, asked for, reminded of, and the block that follows."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contractors import services, tasks
from contractors.models import Block, Paper, PaperAsk, PaperShare
from contractors.papers import PaperState, PaperView, lacking, state_of, step_of
from nexxio.core import clock, relay
from nexxio.core.actors import Role, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, Job, LegalForm, Notification, Partnership, StoredFile
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act, photo_bytes
from tests.factories.certified import signed
from tests.factories.full import worked
from tests.factories.invoiced import again, becomes, filed, filed_elsewhere
from tests.factories.papered import demanded, papered, pdf_bytes

DAY = date(2026, 6, 30)


@pytest.fixture
def party(world, monkeypatch):
    """The first party; its landlord takes invoices directly."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def followed() -> None:
    """Deliver what happened, and let the worker look at the orders that it concerns."""
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        waiting = list(Job.objects.filter(kind="papers.look", state="queued"))
    for job in waiting:
        worked(job)
    relay.deliver_one_by_one()


def held(party) -> list[Block]:
    with system_scope("tests: blocks"):
        return list(Block.objects.filter(cause="B17", closed_at__isnull=True))


def aged(share: PaperShare, *, days: int) -> None:
    """Let a paper have its last day so many days from now."""
    with system_scope("tests: an older paper"):
        today = clock.today()
        Paper.objects.filter(pk=share.paper_id).update(
            issued_on=today - timedelta(days=400), expires_on=today + timedelta(days=days)
        )


def told(party, kind: str) -> list[str]:
    relay.deliver_one_by_one()
    with system_scope("tests: notices"):
        rows = Notification.objects.filter(kind=kind).order_by("created_at", "id")
        return list(rows.values_list("title", flat=True))


# --- Pure -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "state", "step"),
    [
        (31, PaperState.VALID, None),
        (30, PaperState.EXPIRING, 30),
        (7, PaperState.EXPIRING, 7),
        (0, PaperState.EXPIRING, 7),
        (-1, PaperState.EXPIRED, 0),
    ],
)
def test_the_last_day_still_counts(days, state, step):
    end = DAY + timedelta(days=days)
    assert state_of(PaperView("vigilance", end), DAY, steps=(30, 7)) == state
    assert step_of(end, DAY, (30, 7)) == step


def test_what_is_missing_over_or_refused_lacks():
    papers = [
        PaperView("vigilance", DAY),
        PaperView("fiscal", DAY - timedelta(days=1)),
        PaperView("liability", DAY, "refused"),
    ]
    asked = ("vigilance", "fiscal", "liability", "decennial")
    assert lacking(asked, papers, DAY) == ("fiscal", "liability", "decennial")
    assert lacking((), papers, DAY) == ()


# --- Sent -----------------------------------------------------------------------------------------


def test_a_paper_is_sent_once_and_read_by_its_landlord(party, world):
    desk, manager = client_of(party, "desk"), client_of(party, "manager")
    send = url(party, "contractor", "send_paper")
    assert 'value="vigilance" selected' in desk.get(f"{send}?piece=vigilance").text
    today = clock.today()
    typed = {"code": "vigilance", "issued_on": today.isoformat(), "expires_on": ""}
    data = pdf_bytes().read()
    response = desk.post(send, {**typed, "file": SimpleUploadedFile("a.pdf", data)})
    assert response.status_code == 302
    with system_scope("tests: papers"):
        paper = Paper.objects.get()
        share = PaperShare.objects.get()
        owners = set(
            StoredFile.objects.filter(name__startswith="vigilance").values_list("landlord")
        )
    assert paper.expires_on == clock.months_from(today, 6)
    assert owners == {(party.landlord.pk,), (party.contractor.pk,)}
    assert "À jour" in desk.get(response["Location"]).text
    page = manager.get(url(party, "landlord", "company_papers", party.contractor.pk)).text
    assert "pas encore vue" in page
    kept = manager.get(url(party, "landlord", "paper_file", share.pk))
    assert b"".join(kept.streaming_content).startswith(b"%PDF-")
    other = client_of(world.second, "manager")
    assert other.get(url(world.second, "landlord", "paper_file", share.pk)).status_code == 404
    assert (
        other.get(url(world.second, "landlord", "company_papers", party.contractor.pk)).status_code
        == 404
    )

    # A photo of a newer one takes its place; the former stays where it can be read.
    photo = SimpleUploadedFile("b.jpg", photo_bytes().read())
    desk.post(send, {**typed, "file": photo})
    with system_scope("tests: papers"):
        assert Paper.objects.filter(replaced_at__isnull=True).count() == 1
    assert "1 version précédente" in desk.get(url(party, "contractor", "papers")).text
    former = desk.get(url(party, "contractor", "paper_file", paper.pk))
    assert former.status_code == 200
    with pytest.raises(Conflict, match="plus récente"):
        act(party, "manager", services.accept_paper, share_id=share.pk)


@pytest.mark.parametrize(
    ("changes", "data", "said"),
    [
        ({"expires_on": "2020-01-01", "issued_on": "2019-06-01"}, None, "périmée depuis"),
        ({"expires_on": "2019-01-01", "issued_on": "2019-06-01"}, None, "précède"),
        ({"expires_on": "2120-01-01"}, None, "trop lointaine"),
        ({"issued_on": "2120-01-01"}, None, "pas encore venue"),
        ({"code": "autre"}, None, "Sélectionnez un choix valide"),
        ({"code": "decennial", "expires_on": ""}, None, "fin de validité"),
        ({}, b"GIF89a", "photo lisible"),
        ({}, b"", "Le fichier est vide"),
    ],
)
def test_what_cannot_be_a_paper_is_said_beside_its_field(party, changes, data, said):
    typed = {"code": "vigilance", "issued_on": "2026-01-01", "expires_on": "2030-01-01", **changes}
    content = pdf_bytes().read() if data is None else data
    answer = client_of(party, "desk").post(
        url(party, "contractor", "send_paper"),
        {**typed, "file": SimpleUploadedFile("a.pdf", content)},
    )
    assert answer.status_code == 422
    assert said in answer.text
    with system_scope("tests: papers"):
        assert not Paper.objects.exists()


def test_only_the_desk_sends_and_answers(party):
    with pytest.raises(Refused):
        act(
            party,
            "manager",
            services.send_paper,
            code="vigilance",
            issued_on=clock.today(),
            expires_on=None,
            upload=pdf_bytes(),
        )
    share = papered(party)
    with pytest.raises(Refused):
        act(party, "reader", services.accept_paper, share_id=share.pk)
    with pytest.raises(Refused):
        act(
            party,
            "clerk",
            services.save_paper_demand,
            is_on=True,
            codes=["vigilance"],
            counts_from=clock.today(),
            notice_days=1,
        )


# --- Asked, answered, blocked ---------------------------------------------------------------------


def test_nothing_is_blocked_before_a_landlord_asks_and_before_its_day(party):
    filed(party)
    followed()
    assert held(party) == []
    demanded(party, counts_from=clock.today() + timedelta(days=20))
    followed()
    assert held(party) == []
    assert told(party, "papers_asked") == [
        f"{party.landlord.name} demande vos attestations, avant le"
        f" {clock.today() + timedelta(days=20):%d/%m/%Y}"
    ]
    page = client_of(party, "desk").get(url(party, "contractor", "papers")).text
    assert "attend des pièces avant le" in page
    with pytest.raises(Invalid, match="passé"):
        demanded(party, "fiscal", counts_from=clock.today() - timedelta(days=1))
    with pytest.raises(Invalid, match="au moins une"):
        act(
            party,
            "manager",
            services.save_paper_demand,
            is_on=True,
            codes=[],
            counts_from=clock.today(),
            notice_days=1,
        )


def test_a_missing_paper_holds_invoices_until_it_comes(party):
    invoice = filed(party)
    foreseen = filed_elsewhere(party)
    demanded(party)
    followed()
    assert {(block.invoice_id, block.side) for block in held(party)} == {
        (invoice.pk, "contractor"),
        (foreseen.pk, "contractor"),
    }
    with pytest.raises(Refused):
        act(party, "manager", services.approve, invoice_id=invoice.pk)
    due_before = invoice.due_on
    board = client_of(party, "desk").get(url(party, "contractor", "blocks")).text
    assert "Renouveler les attestations" in board

    share = papered(party)
    followed()
    assert held(party) == []
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    assert again(invoice).due_on == due_before

    act(party, "manager", services.refuse_paper, share_id=share.pk, note="Nom d’une autre société")
    followed()
    assert [block.invoice_id for block in held(party)] == [foreseen.pk]
    shown = client_of(party, "desk").get(url(party, "contractor", "papers")).text
    assert "Nom d’une autre société" in shown
    assert "sont bloquées" in shown
    assert told(party, "paper_refused") == [
        f"Attestation de vigilance refusée par {party.landlord.name}"
    ]
    with pytest.raises(Conflict, match="déjà refusée"):
        act(party, "manager", services.refuse_paper, share_id=share.pk, note="Encore")
    act(party, "manager", services.accept_paper, share_id=share.pk)
    followed()
    assert held(party) == []

    # It runs out without an event: the clock finds it, and what was lifted by hand stays lifted.
    aged(share, days=-1)
    with system_scope("tests: yesterday"):
        PaperAsk.objects.update(looked_on=clock.today() - timedelta(days=1))
    tasks.chase_old_papers()
    followed()
    (block,) = held(party)
    act(party, "manager", services.close_block_by_hand, block_id=block.pk, note="Payée quand même")
    act(party, "manager", services.look_at_order, order_id=block.order_id)
    assert held(party) == []
    demanded(party, is_on=False)
    followed()
    with system_scope("tests: asks"):
        assert not PaperAsk.objects.filter(is_lacking=True).exists()


def test_an_order_to_be_invoiced_says_what_would_block(party):
    signed(party)
    demanded(party)
    followed()
    (block,) = held(party)
    assert (block.invoice_id, block.order_id) == (None, party.order.pk)
    page = client_of(party, "desk").get(f"/prestataire/{party.contractor.slug}/blocages/").text
    assert "Renouveler les attestations" in page


# --- The clock ------------------------------------------------------------------------------------


def test_a_company_is_reminded_once_at_each_step(party):
    share = papered(party)
    for days in (25, 24, 6, 5, 0, -1, -3):
        aged(share, days=days)
        tasks.chase_old_papers()
        tasks.chase_old_papers()
    assert "périmée depuis" in told(party, "paper_expiring")[-1]
    with system_scope("tests: events"):
        steps = Event.objects.filter(kind="paper.expiring").order_by("recorded_at")
        assert [event.payload["days"] for event in steps] == [30, 7, 0]
    act(party, "manager", services.accept_paper, share_id=share.pk)
    late = papered(party, code="fiscal", days=5)
    with system_scope("tests: papers"):
        assert Paper.objects.get(pk=late.paper_id).reminded == 7


def test_a_landlord_who_comes_later_gets_copies_and_asks_with_notice(party, world):
    papered(party)
    newcomer = world.second.landlord
    demanded(world.second, "fiscal", notice_days=10)
    with system_scope("tests: partners"):
        Partnership.objects.create(landlord=newcomer, contractor=party.contractor)
    tasks.chase_old_papers()
    tasks.chase_old_papers()
    with system_scope("tests: copies"):
        share = PaperShare.objects.get(landlord=newcomer)
        ask = PaperAsk.objects.get(landlord=newcomer, contractor=party.contractor)
        assert share.file.landlord_id == newcomer.pk
    assert ask.counts_from == clock.today() + timedelta(days=10)
    assert not ask.is_lacking
    client = client_of(world.second, "manager")
    page = client.get(url(world.second, "landlord", "papers") + "?voir=a-fournir").text
    assert party.contractor.name in page
    assert "Attestation de régularité fiscale" in page


def test_the_list_shows_what_lacks_and_what_is_soon_over(party):
    demanded(party, "vigilance", "fiscal")
    share = papered(party)
    aged(share, days=10)
    client = client_of(party, "manager")
    soon = client.get(url(party, "landlord", "papers") + "?voir=bientot&q=lutece").text
    assert "Aucune ne correspond" in soon  # the name is written with an accent
    soon = client.get(url(party, "landlord", "papers") + "?voir=bientot").text
    assert "Attestation de vigilance" in soon
    form = client.get(url(party, "landlord", "paper_demand")).text
    assert "Assurance décennale" in form
    answer = client.post(url(party, "landlord", "paper_demand"), {"is_on": "on", "notice_days": 5})
    assert answer.status_code == 422


def test_a_technician_and_another_company_see_nothing(party, world):
    share = papered(party)
    with scope_of(world.second.actor("desk")):
        assert not Paper.objects.exists()
        assert not PaperShare.objects.exists()
    assert client_of(party, "technician").get(url(party, "contractor", "papers")).status_code == 403
    with scope_of(party.actor("reader")):
        assert PaperShare.objects.get().pk == share.pk
    assert party.actor("reader").has(Role.READER)
