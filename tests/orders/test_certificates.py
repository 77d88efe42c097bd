"""The landlord's certificate: made when the works are done, signed, refused, taken as given."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services, tasks
from orders.models import Certificate, Contract, Order, Photo, Reserve
from orders.selectors.certificates import certificate_card
from orders.selectors.desks import landlord_desk
from orders.selectors.parapheur import parapheur
from orders.services.certificate_content import fingerprint
from orders.services.certificates import expire_certificate
from tests.factories.acting import act
from tests.factories.certified import finished, newest, signed

CLAUSE = "CCAP, article 9.2 : sans réponse sous 15 jours, le service fait est réputé acquis."


@pytest.fixture
def first(world):
    return world.first


def _clause(party, *, days: int = 15, text: str = CLAUSE) -> None:
    with system_scope("tests: terms"):
        Contract.objects.filter(pk=party.contract.pk).update(
            certificate_days=days, tacit_clause=text
        )


def _order(party) -> Order:
    with system_scope("tests: order"):
        return Order.objects.get(pk=party.order.pk)


def _kinds(prefix: str) -> list[str]:
    with system_scope("tests: events"):
        rows = Event.objects.filter(kind__startswith=prefix).order_by("recorded_at", "id")
        return list(rows.values_list("kind", flat=True))


def _after(days: int, minutes: int = 1):
    return clock.moved_to(clock.now() + timedelta(days=days, minutes=minutes))


def test_finished_works_make_a_certificate_that_waits(first):
    certificate = finished(first)
    assert certificate.state == "to_sign"
    assert certificate.report == "Joint remplacé."
    assert certificate.total_without_vat == Decimal("62.50")
    assert certificate.content["lines"][0]["total"] == "62.50"
    assert len(certificate.content["photos"]) == 1
    assert certificate.content_sha256 == fingerprint(certificate.content)
    assert certificate.due_at - certificate.asked_at == timedelta(days=30)


def test_one_that_waits_is_on_the_landlords_desk_until_it_is_signed(first):
    def waiting() -> list[str]:
        actor = first.actor("manager")
        with scope_of(actor):
            groups = {group.code: group for group in landlord_desk(actor).groups}
        return [row.order.reference for row in groups["a-signer"].rows]

    finished(first)
    assert waiting() == [first.order.reference]
    act(first, "manager", services.sign_certificate, certificate_id=newest(first).pk)
    assert waiting() == []


def test_signing_certifies_the_order(first):
    certificate = signed(first)
    assert certificate.state == "signed"
    assert certificate.decided_by_id == first.manager.user_id
    assert _order(first).state == "certified"
    assert _kinds("order.certified") == ["order.certified"]
    with pytest.raises(Conflict):
        act(first, "manager", services.sign_certificate, certificate_id=certificate.pk)


def test_a_signature_over_the_limit_is_refused_and_says_so(first):
    certificate = finished(first)
    actor = replace(first.actor("clerk"), limit=Decimal(10))
    with scope_of(actor), pytest.raises(Refused, match="dépasse votre limite"):
        services.sign_certificate(actor=actor, certificate_id=certificate.pk)
    assert newest(first).state == "to_sign"
    with scope_of(actor):
        assert parapheur(actor).rows == []
        assert parapheur(actor).heap.above == 1
        (row,) = parapheur(actor, scope="audessus").rows
        assert row.obstacle == "au-dessus de votre limite"


@pytest.mark.parametrize("who", ["reader", "desk", "technician", "paper"])
def test_nobody_else_signs(first, who):
    certificate = finished(first)
    with pytest.raises(Refused):
        act(first, who, services.sign_certificate, certificate_id=certificate.pk)


def test_the_company_can_write_no_signature_even_in_the_database(first):
    certificate = finished(first)
    with scope_of(first.actor("desk")), pytest.raises(ProgrammingError, match="row-level"):
        Certificate.objects.filter(pk=certificate.pk).update(
            state="signed", decided_at=clock.now(), remind_at=None
        )


def test_a_tenant_reads_nothing_of_it(first):
    finished(first)
    with scope_of(first.actor("tenant")):
        assert not Certificate.objects.exists()
    with connection.cursor() as cursor, scope_of(first.actor("tenant")):
        cursor.execute("SELECT count(*) FROM orders_certificate")
        assert cursor.fetchone() == (0,)


def test_a_refusal_is_corrected_and_submitted_again(first):
    certificate = finished(first)
    refuse = {"certificate_id": certificate.pk, "reason": "report", "note": "Quel joint ?"}
    with pytest.raises(Invalid) as wrong:
        act(first, "clerk", services.refuse_certificate, **{**refuse, "note": " "})
    assert "note" in wrong.value.errors
    act(first, "clerk", services.refuse_certificate, **refuse)
    assert _order(first).state == "done"
    with scope_of(first.actor("desk")):
        assert certificate_card(first.actor("desk"), _order(first)).can_correct
    text = "Joint de siphon de 40 remplacé, essai d’étanchéité fait."
    correct = {"order_id": first.order.pk, "report": text}
    draft = act(first, "desk", services.correct_certificate, **correct, submit=False)
    with scope_of(first.actor("manager")):  # nobody else meets the draft
        assert not Certificate.objects.filter(pk=draft.pk).exists()
    again = act(first, "desk", services.correct_certificate, **correct, submit=True)
    assert (again.pk, again.number, again.state) == (draft.pk, 2, "to_sign")
    assert again.content["report"] == text
    assert again.content_sha256 != certificate.content_sha256
    with pytest.raises(Conflict):
        act(first, "desk", services.correct_certificate, **correct, submit=True)
    act(first, "manager", services.sign_certificate, certificate_id=again.pk)
    assert _order(first).state == "certified"


def test_silence_counts_only_by_a_clause(first):
    _clause(first)
    certificate = finished(first)
    assert certificate.clause == CLAUSE
    with _after(10):
        assert tasks.remind_due() == 1  # five days before
    with _after(14):
        assert tasks.remind_due() == 1  # one day before
        assert newest(first).state == "to_sign"
    with _after(15):
        assert tasks.remind_due() == 1
        assert tasks.remind_due() == 0
    found = newest(first)
    assert found.state == "tacit"
    assert found.decided_by_id is None
    assert _order(first).state == "certified"
    assert _kinds("certificate.tacit") == ["certificate.tacit"]
    with system_scope("tests: events"):
        event = Event.objects.get(kind="certificate.tacit")
    assert event.actor_side == "system"


def test_without_a_clause_the_desk_is_only_reminded(first):
    finished(first)
    for day in (25, 29, 30):
        with _after(day):
            assert tasks.remind_due() == 1
    assert newest(first).state == "to_sign"
    for day in range(31, 60):
        with _after(day):
            tasks.remind_due()
    assert newest(first).remind_at is None
    assert len(_kinds("certificate.reminded")) == 2 + 5


def test_nothing_is_taken_as_given_while_the_tenant_contests(first):
    _clause(first)
    certificate = finished(first)
    data = services.SignOffInput(name="Amina", satisfied=False, reason="remains")
    act(first, "tenant", services.sign_from_afar, data=data)
    with pytest.raises(Refused, match="vérifiez"):
        act(first, "manager", services.sign_certificate, certificate_id=certificate.pk)
    for day in (10, 14, 15, 18, 19):
        with _after(day):
            tasks.remind_due()
    assert newest(first).state == "to_sign"
    act(
        first,
        "manager",
        services.settle_check,
        order_id=first.order.pk,
        outcome="fixed",
        note="Vu avec elle",
    )
    with _after(23):
        tasks.remind_due()
    assert newest(first).state == "tacit"


def test_a_reopened_order_voids_what_waits(first):
    certificate = finished(first)
    act(first, "tenant", services.reopen_order, order_id=first.order.pk, reason="Ça coule")
    with pytest.raises(Conflict):
        act(first, "manager", services.sign_certificate, certificate_id=certificate.pk)
    relay.deliver_one_by_one()
    assert newest(first).state == "expired"
    with system_scope("tests: again"):
        assert expire_certificate(order_id=first.order.pk) is None


def test_its_page_shows_the_photos_and_that_it_was_signed_with_reserves(first):
    certificate = finished(first)
    browser = Client()
    browser.force_login(first.manager.user)
    page = reverse("orders:landlord_certificate", args=[first.landlord.slug, certificate.pk])
    with system_scope("tests: photo"):
        photo = Photo.objects.get()
    assert f"/photos/{photo.pk}/" in browser.get(page).text
    typed = services.ReserveInput(text="Joint à reprendre", due_on=clock.today())
    act(
        first,
        "manager",
        services.sign_certificate,
        certificate_id=certificate.pk,
        reserves=[typed],
    )
    assert browser.get(page).context["page"].status.label == "Signé avec réserves"


def test_reserves_are_claimed_kept_and_lifted(first):
    day = clock.today() + timedelta(days=10)
    typed = [services.ReserveInput(text=text, due_on=day) for text in ("Trace", "Joint")]
    signed(first, reserves=typed)
    assert _order(first).state == "with_reserves"
    with system_scope("tests: reserves"):
        one, two = Reserve.objects.filter(order=first.order)
    act(first, "desk", services.claim_reserve, reserve_id=one.pk, answer="Nettoyé")
    with pytest.raises(Refused):
        act(first, "desk", services.lift_reserve, reserve_id=one.pk)
    act(first, "manager", services.keep_reserve, reserve_id=one.pk, objection="Encore là")
    act(first, "desk", services.claim_reserve, reserve_id=one.pk, answer="Repeint")
    act(first, "manager", services.lift_reserve, reserve_id=one.pk)
    assert _order(first).state == "with_reserves"
    act(first, "clerk", services.lift_reserve, reserve_id=two.pk)
    assert _order(first).state == "certified"


def test_a_reserve_needs_words_and_a_day_to_come(first):
    certificate = finished(first)
    past = services.ReserveInput(text="Trace", due_on=clock.today() - timedelta(days=1))
    for typed in (past, services.ReserveInput(text=" ", due_on=clock.today())):
        with pytest.raises(Invalid):
            act(
                first,
                "manager",
                services.sign_certificate,
                certificate_id=certificate.pk,
                reserves=[typed],
            )
    assert newest(first).state == "to_sign"
