"""Natures of an order: each asks for its own, its company reads it, the paper says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from contractors.services.facts import facts_of_order, proof_missing
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Incomplete, Invalid, Refused
from nexxio.core.models import Notification, Unit
from nexxio.core.scoping import system_scope
from orders import services
from orders.completeness import check
from orders.models import (
    Certificate,
    Order,
    OrderBudget,
    OrderClauses,
    OrderDocument,
    OrderPiece,
    PieceAnswer,
    Variation,
)
from orders.selectors.parapheur import series
from orders.selectors.sheet import sheet
from orders.services import ClausesInput
from orders.terms import InvoicePiece
from tests.factories.acting import photo_bytes
from tests.factories.attributed import attached, contract_beside
from tests.factories.extras import asked
from tests.factories.full import act, visited


@pytest.fixture
def party(world):
    return world.first


def _draft(party, **changes) -> Order:
    return act(party, "manager", services.draft_order, data=party.order_input(**changes))


def _missing(party, order: Order) -> set[str]:
    with scope_of(party.actor("manager")):
        found = check(services.facts_of(Order.objects.get(pk=order.pk)))
    return {rule.code for rule in found.missing}


def _warnings(party, order: Order) -> set[str]:
    with scope_of(party.actor("manager")):
        found = check(services.facts_of(Order.objects.get(pk=order.pk)))
    return {rule.code for rule in found.warnings}


def _own(party, order: Order, who: str = "desk") -> OrderClauses:
    with scope_of(party.actor(who)):
        return services.clauses_of(Order.objects.get(pk=order.pk))


def test_a_claim_names_insurer_and_number_and_its_company_reads_them(world, party):
    order = _draft(party, nature="claim")
    assert _missing(party, order) == {"claim"}
    clauses = ClausesInput(
        insurer="Mutuelle du Sud", claim_number="S-42", awaits_expert=True, off_reason="small"
    )
    data = party.order_input(nature="claim", clauses=clauses)
    act(party, "manager", services.update_order, order_id=order.pk, version=1, data=data)
    issued = act(party, "manager", services.issue_order, order_id=order.pk)
    assert issued.reader_case_id == issued.case_id  # somebody lives there
    found = _own(party, order)
    assert (found.claim_number, found.awaits_expert, found.off_reason) == ("S-42", True, "")
    with scope_of(world.second.actor("desk")):
        assert not OrderClauses.objects.filter(order_id=order.pk).exists()


def test_off_contract_asks_for_company_reason_and_quote(party):
    line = services.LineInput(None, Decimal(1), "Motorisation", "u", Decimal(900))
    bare = party.order_input(nature="off_contract", contract_id=None, lines=(line,))
    with pytest.raises(Invalid, match="hors marché"):
        _draft(party, nature="off_contract")
    order = act(party, "manager", services.draft_order, data=bare)
    assert _missing(party, order) == {"company", "off_reason", "purchase_family", "quote"}
    with pytest.raises(Incomplete):
        act(party, "manager", services.issue_order, order_id=order.pk)
    stranger = replace(bare, clauses=ClausesInput(company_id=party.landlord.pk))
    with pytest.raises(Invalid):
        act(party, "manager", services.update_order, order_id=order.pk, version=1, data=stranger)
    data = replace(
        bare,
        clauses=replace(
            bare.clauses,
            company_id=party.contractor.pk,
            off_reason="skill",
            purchase_family="Portes",
        ),
    )
    act(party, "manager", services.update_order, order_id=order.pk, version=1, data=data)
    attached(party, order_id=order.pk, kind="quote")
    issued = act(party, "manager", services.issue_order, order_id=order.pk)
    assert (issued.contractor_id, issued.contract_id) == (party.contractor.pk, None)
    assert act(party, "desk", services.accept_order, order_id=order.pk).state == "accepted"
    start = clock.now() + timedelta(hours=3)
    visit = act(
        party,
        "desk",
        services.propose_visit,
        order_id=order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        call_noted=True,
        off_hours=True,
    )
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Moteur changé")
    relay.deliver_one_by_one()
    for who in ("manager", "desk"):
        page = Client()
        page.force_login(getattr(party, who).user)
        side = "landlord" if who == "manager" else "contractor"
        slug = (party.landlord if who == "manager" else party.contractor).slug
        shown = page.get(reverse(f"orders:{side}_detail", args=[slug, order.pk]))
        assert "Hors marché" in shown.content.decode()
    with system_scope("tests: state"):
        assert Order.objects.get(pk=order.pk).state == "done"


def test_without_a_contract_too_an_order_that_has_left_keeps_its_company(world, party):
    line = services.LineInput(None, Decimal(1), "Motorisation", "u", Decimal(900))
    clauses = ClausesInput(
        company_id=party.contractor.pk, off_reason="skill", purchase_family="Portes"
    )
    data = party.order_input(
        nature="off_contract", contract_id=None, lines=(line,), clauses=clauses
    )
    order = act(party, "manager", services.draft_order, data=data)
    attached(party, order_id=order.pk, kind="quote")
    act(party, "manager", services.issue_order, order_id=order.pk)
    order = act(party, "desk", services.return_order, order_id=order.pk, items=["phone"])
    other = contract_beside(party, world.second.contractor)
    for wrong in (
        replace(data, clauses=replace(clauses, company_id=world.second.contractor.pk)),
        replace(data, nature="completion", clauses=ClausesInput(company_id=other.contractor_id)),
        replace(data, nature="maintenance", contract_id=other.pk, lines=()),
        replace(data, nature="maintenance"),
    ):
        with pytest.raises(Invalid, match="garde son marché et son entreprise"):
            act(
                party,
                "manager",
                services.update_order,
                order_id=order.pk,
                version=order.version,
                data=wrong,
            )
    # Were it written all the same, it would not leave.
    own = {"order_id": order.pk}
    with system_scope("tests: behind the service's back"):
        OrderClauses.objects.filter(**own).update(company_id=world.second.contractor.pk)
    with pytest.raises(Refused, match="garde son entreprise"):
        act(party, "manager", services.reissue_order, **own)
    with system_scope("tests: and back"):
        OrderClauses.objects.filter(**own).update(company_id=party.contractor.pk)
    act(party, "manager", services.update_order, **own, version=order.version, data=data)
    assert act(party, "manager", services.reissue_order, **own).state == "issued"


def test_the_builders_guarantee_has_no_price_and_upkeep_has_its_period(party):
    order = _draft(party, nature="completion", lines=())
    assert not _missing(party, order)
    assert "unpriced" in _warnings(party, _draft(party, nature="completion"))
    today = clock.today()
    upkeep = _draft(party, nature="upkeep")
    assert _missing(party, upkeep) == {"period"}
    backwards = ClausesInput(period_from=today, period_to=today - timedelta(days=1))
    with pytest.raises(Invalid):
        _draft(party, nature="upkeep", clauses=backwards)
    year = ClausesInput(period_from=today, period_to=today + timedelta(days=365))
    assert not _missing(party, _draft(party, nature="upkeep", clauses=year))
    with system_scope("tests: clauses"), pytest.raises(IntegrityError):
        OrderClauses.objects.filter(period_to__isnull=False).update(
            period_to=today - timedelta(days=1)
        )


def test_works_by_the_hour_need_their_signed_sheet_before_they_end(party):
    with system_scope("tests: nature"):
        Order.objects.filter(pk=party.order.pk).update(nature="by_the_hour")
    visit = visited(party, state="confirmed")
    with pytest.raises(Refused, match="ttachement"):
        act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Fait")


def test_the_signed_sheet_of_hours_is_asked_for_on_paper_and_before_the_invoice(party):
    with system_scope("tests: nature"):
        Order.objects.filter(pk=party.order.pk).update(nature="by_the_hour")
        party.order.refresh_from_db()
        sheet_of_hours = str(InvoicePiece.MEASUREMENTS.label)
        document = OrderDocument(order=party.order, number=1)
        assert sheet_of_hours in sheet(document, "").pieces
        assert "measurements" in facts_of_order(party.order).pieces
        assert sheet_of_hours in proof_missing([party.order])[party.order.pk]


def test_a_reduced_rate_takes_its_ground_and_the_mention(party):
    """It doesn't leave without. What a landlord says once for all is written as it leaves."""
    silent = replace(party.order_input(), clauses=ClausesInput())
    order = act(party, "manager", services.draft_order, data=silent)
    assert _missing(party, order) == {"vat"}
    assert not _missing(party, _draft(party))
    normal = ClausesInput(vat_reason="normal")
    assert _missing(party, _draft(party, clauses=normal)) == {"vat", "vat_rate"}
    act(
        party,
        "manager",
        services.write_house_rules,
        version=0,
        billing_address="",
        needs_commitment=False,
        vat_mention=True,
    )
    assert not _missing(party, order)
    assert _missing(party, _draft(party, clauses=normal)) == {"vat", "vat_rate"}
    act(party, "manager", services.issue_order, order_id=order.pk)
    found = _own(party, order)
    assert (found.vat_reason, found.vat_certified) == ("improvement", True)


@pytest.mark.parametrize(
    "nature", ["maintenance", "vacant", "claim", "by_the_hour", "upkeep", "completion"]
)
def test_a_dwelling_has_its_floor_and_door_whatever_is_done_there(party, nature):
    bare = {"floor": "", "door": "Gauche", "entrance": ""}
    order = _draft(party, nature=nature, **bare)
    assert "floor" in _missing(party, order)
    assert "entrance_home" in _warnings(party, order)
    with system_scope("tests: it is a garage"):
        Unit.objects.filter(pk=party.unit.pk).update(kind="parking")
    assert not {"floor", "entrance"} & _missing(party, order)
    with system_scope("tests: it is a landing"):
        Unit.objects.filter(pk=party.unit.pk).update(kind="common_area")
    assert {"floor", "entrance"} & _missing(party, order) == {"entrance"}


def test_somebody_lets_in_to_an_empty_dwelling(party):
    order = _draft(party, nature="vacant", phone="", contact_name="")
    assert _missing(party, order) == {"phone_on_site"}
    assert not _missing(party, _draft(party, nature="vacant", contact_name="Loge B"))


def test_a_date_before_what_the_contract_owes_says_why(party):
    """Counted when it was typed: an order that waited for its approval still leaves."""
    soon = {"target_date": clock.today() + timedelta(days=3), "target_note": ""}
    assert _missing(party, _draft(party, **soon)) == {"target_date_sla"}
    assert not _missing(party, _draft(party, **{**soon, "target_note": "Bébé au foyer"}))
    urgent = _draft(party, **{**soon, "target_date": clock.today()}, priority="urgent")
    assert not _missing(party, urgent)
    assert "target_date_now" in _warnings(party, urgent)
    owed = _draft(party, target_date=None, target_note="")
    with clock.moved_to(clock.now() + timedelta(days=4)):
        assert not _missing(party, owed)
        assert "target_date_now" in _warnings(party, owed)


def test_a_date_that_is_over_blocks(party):
    late = _draft(party, target_date=clock.today() - timedelta(days=1))
    assert _missing(party, late) == {"target_date"}


def test_a_capped_quote_commits_its_cap_and_grants_up_to_it(party):
    with pytest.raises(Invalid):
        _draft(party, quote_cap=Decimal(0))
    order = _draft(party, lines=(), quote_cap=Decimal(600))
    assert not _missing(party, order)
    # A clerk's limit is 500: the cap counts, not the lines.
    data = party.order_input(lines=(), quote_cap=Decimal(600))
    typed = act(party, "clerk", services.draft_order, data=data)
    sent = act(party, "clerk", services.issue_order, order_id=typed.pk)
    assert sent.state == "pending_approval"
    act(party, "manager", services.approve_order, order_id=typed.pk)
    # 62.50 of lines, 62.50 and a free line asked on top: inside the cap nobody is asked.
    with system_scope("tests: cap"):
        OrderBudget.objects.filter(order=party.order).update(quote_cap=Decimal(400))
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    relay.deliver_one_by_one()
    variation = asked(party)
    relay.deliver_one_by_one()
    with system_scope("tests: answer"):
        found = Variation.objects.get(pk=variation.pk)
        assert (found.state, found.terms.automatic) == ("granted", True)


def test_form_page_and_paper_say_it(party):
    client = Client()
    client.force_login(party.manager.user)
    clauses = ClausesInput(
        insurer="Mutuelle du Sud",
        claim_number="S-42",
        awaits_expert=True,
        vat_reason="improvement",
        vat_certified=True,
    )
    order = _draft(party, nature="claim", clauses=clauses, quote_cap=Decimal(400))
    slug = party.landlord.slug
    for name in ("landlord_edit", "landlord_detail"):
        page = client.get(reverse(f"orders:{name}", args=[slug, order.pk])).content.decode()
        assert "S-42" in page
        assert "avant expertise" in page
    assert "279-0 bis" in page
    assert "plafonné" in page


def _off_contract(party, amount: int, family: str) -> Order:
    line = services.LineInput(None, Decimal(1), "Motorisation", "u", Decimal(amount))
    clauses = ClausesInput(
        company_id=party.contractor.pk, off_reason="skill", purchase_family=family
    )
    order = _draft(party, nature="off_contract", contract_id=None, lines=(line,), clauses=clauses)
    attached(party, order_id=order.pk, kind="quote")
    return order


def test_a_family_of_purchases_adds_up_over_the_year_against_the_threshold(world, party):
    rules = {"billing_address": "", "needs_commitment": False, "family_threshold": Decimal(1000)}
    wrong = {**rules, "family_threshold": Decimal(0)}
    with pytest.raises(Invalid):
        act(party, "manager", services.write_house_rules, version=0, **wrong)
    act(party, "manager", services.write_house_rules, version=0, **rules)
    first = _off_contract(party, 600, "Portes")
    act(party, "manager", services.issue_order, order_id=first.pk)
    with scope_of(party.actor("manager")):
        today = clock.today()
        landlord_id = party.landlord.pk
        assert services.family_spent(landlord_id, "portes ", today) == 600
        before = today.replace(year=today.year - 1, day=1)
        assert services.family_spent(landlord_id, "Portes", before) == 0
    second = _off_contract(party, 500, "PORTES")  # counts with what was written first
    assert _own(party, second, "manager").purchase_family == "Portes"
    assert not _missing(party, second)
    assert "family_threshold" in _warnings(party, second)
    assert "family_threshold" not in _warnings(party, _off_contract(party, 500, "Toitures"))
    with scope_of(party.actor("manager")):
        assert services.families_of(landlord_id) == ["Portes", "Toitures"]
    act(party, "manager", services.issue_order, order_id=second.pk)
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_detail", args=[party.landlord.slug, second.pk])
    page = client.get(url).content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert f"cumul {today.year} : 1 100,00 € HT" in page
    assert "seuil dépassé" in page
    client.force_login(party.desk.user)  # what a landlord buys elsewhere is its own
    url = reverse("orders:contractor_detail", args=[party.contractor.slug, second.pk])
    assert "Famille d’achat" not in client.get(url).content.decode()
    with scope_of(world.second.actor("manager")):
        assert services.family_spent(landlord_id, "Portes", today) == 0


def test_an_empty_dwelling_says_when_it_is_let_and_what_the_former_tenant_owes(party):
    assert "relet_on" in _warnings(party, _draft(party, nature="vacant"))
    with pytest.raises(Invalid):
        _draft(party, nature="vacant", clauses=ClausesInput(former_share=101))
    soon = clock.today() + timedelta(days=40)
    said = ClausesInput(relet_on=soon, former_share=40)
    other = _draft(party, nature="maintenance", clauses=said)
    assert _own(party, other, "manager").relet_on is None  # not of this nature
    order = _draft(party, nature="vacant", clauses=said)
    assert "relet_on" not in _warnings(party, order)
    act(party, "manager", services.issue_order, order_id=order.pk)
    for who, side, slug, reads in (
        ("manager", "landlord", party.landlord.slug, True),
        ("desk", "contractor", party.contractor.slug, False),
    ):
        client = Client()
        client.force_login(getattr(party, who).user)
        url = reverse(f"orders:{side}_detail", args=[slug, order.pk])
        page = client.get(url).content.decode()
        assert "Remise en location visée" in page
        assert ("Part de l’ancien locataire" in page) is reads
    form = reverse("orders:landlord_edit", args=[party.landlord.slug, order.pk])
    act(party, "desk", services.return_order, order_id=order.pk, items=["phone"])
    client.force_login(party.manager.user)
    assert client.get(form).context["form"].initial["former_share"] == 40


def _sheet(party, width: int = 40) -> OrderPiece:
    own = {"order_id": party.order.pk, "kind": InvoicePiece.MEASUREMENTS}
    return act(party, "desk", services.add_piece, **own, upload=photo_bytes((width, 30)))


def test_both_sides_sign_the_sheet_of_hours_before_the_certificate(world, party):
    with system_scope("tests: nature"):
        Order.objects.filter(pk=party.order.pk).update(nature="by_the_hour")
    visit = visited(party, state="confirmed")
    piece = _sheet(party)
    relay.deliver_one_by_one()
    with system_scope("tests: bells"):
        rung = Notification.objects.filter(title__startswith="Attachement à signer")
        assert rung.filter(user_id=party.manager.user_id).exists()
    answer = {"piece_id": piece.pk}
    for who in ("reader", "desk", "technician"):
        with pytest.raises(Refused):
            act(party, who, services.answer_sheet, **answer, accepted=True)
    with pytest.raises(OrderPiece.DoesNotExist):
        act(world.second, "manager", services.answer_sheet, **answer, accepted=True)
    with pytest.raises(Invalid):
        act(party, "manager", services.answer_sheet, **answer, accepted=False, note=" ")
    client = Client()
    client.force_login(party.clerk.user)
    slug = party.landlord.slug
    detail = reverse("orders:landlord_detail", args=[slug, party.order.pk])
    refuse = reverse("orders:landlord_act", args=[slug, party.order.pk, "refuser-l-attachement"])
    assert "Signer l’attachement" in client.get(detail).content.decode()
    sent = client.post(f"{refuse}?piece={piece.pk}", {"reason": "Deux heures de trop"})
    assert sent.status_code == 302
    assert "« Deux heures de trop »" in client.get(detail).content.decode()
    with pytest.raises(Conflict):  # twice
        act(party, "manager", services.answer_sheet, **answer, accepted=True)
    with pytest.raises(Refused, match="ttachement"):  # a refused one is no sheet
        act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Fait")
    another = _sheet(party, 60)
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Fait")
    relay.deliver_one_by_one()
    with system_scope("tests: certificate"):
        certificate = Certificate.objects.get(order=party.order)
    sign = {"certificate_id": certificate.pk}
    with pytest.raises(Refused) as refused:
        act(party, "manager", services.sign_certificate, **sign)
    assert refused.value.code == "sheet"
    parapheur = reverse("orders:landlord_parapheur", args=[slug])
    waiting = client.get(parapheur).content.decode()
    assert "attachement à signer d’abord" in waiting
    assert f'href="{detail}#pieces"' in waiting
    assert f'value="{certificate.pk}"' not in waiting
    with scope_of(party.actor("manager")):
        assert series(party.actor("manager")).page is None
    accept = reverse("orders:landlord_act", args=[slug, party.order.pk, "signer-l-attachement"])
    assert client.post(accept, {"piece": another.pk}).status_code == 302
    assert "attachement à signer d’abord" not in client.get(parapheur).content.decode()
    with scope_of(party.actor("manager")):
        assert series(party.actor("manager")).page is not None
    with scope_of(party.actor("desk")):
        found = PieceAnswer.objects.get(piece_id=another.pk)
    assert (found.accepted, found.answered_by_id) == (True, party.clerk.user_id)
    client.force_login(party.desk.user)
    url = reverse("orders:contractor_detail", args=[party.contractor.slug, party.order.pk])
    page = client.get(url).content.decode()
    assert "Signé pour le bailleur" in page
    assert "signer-l-attachement" not in page
    act(party, "manager", services.sign_certificate, **sign)
    with pytest.raises(Refused):  # certified: it is answered for good
        act(party, "manager", services.answer_sheet, piece_id=another.pk, accepted=True)
