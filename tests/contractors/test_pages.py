"""Pages of invoices and blocks, on both portals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from contractors import services
from contractors.models import Block, Invoice
from contractors.selectors.blocks import board
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.models import Event, LegalForm, Notification
from nexxio.core.scoping import system_scope
from orders import services as orders
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import finished, signed
from tests.factories.extras import regularised
from tests.factories.invoiced import again, becomes, blocks_of, filed, filed_elsewhere, prepared
from tests.factories.papered import pdf_bytes


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


@pytest.fixture
def private(party):
    becomes(party, LegalForm.PRIVATE)
    return party


def order_page(party, side: str) -> str:
    house = party.landlord if side == "landlord" else party.contractor
    return reverse(f"orders:{side}_detail", args=[house.slug, party.order.pk])


def delivered() -> None:
    relay.drain_batches()
    relay.deliver_one_by_one()


def test_the_whole_path_in_the_browser(private):
    finished(private)
    delivered()
    desk, manager = client_of(private, "desk"), client_of(private, "manager")
    page = desk.get(order_page(private, "contractor")).text
    assert "Ce qui bloquerait une facture déposée aujourd’hui" in page
    assert "Constat de service fait non signé" in page
    assert "Préparer la facture" in page
    answer = desk.post(url(private, "contractor", "prepare", private.order.pk), follow=True)
    assert "Facture préparée" in answer.text
    with system_scope("tests: invoice"):
        invoice = Invoice.objects.get(order=private.order)
    own = (private, "contractor", "invoice_act", invoice.pk)
    assert read_first(desk, url(*own, "deposer")) == "B01.landlord"
    answer = desk.post(url(*own, "deposer"), {"vu": "B01.landlord"}, follow=True)
    assert "Facture déposée" in answer.text
    theirs = (private, "landlord", "invoice_act", invoice.pk)
    shown = manager.get(url(private, "landlord", "invoice", invoice.pk)).text
    assert "À vous de jouer" in shown
    assert "Elle ne peut pas encore être approuvée en entier" in shown
    assert manager.post(url(*theirs, "approuver")).status_code == 409
    with system_scope("tests: certificate"):
        pk = private.order.certificates.get().pk
    act(private, "manager", orders.sign_certificate, certificate_id=pk)
    delivered()
    assert blocks_of(private) == []
    assert "Facture approuvée" in manager.post(url(*theirs, "approuver"), follow=True).text
    today = {"paid_on": f"{clock.today():%d/%m/%Y}"}
    assert "Paiement annoncé" in manager.post(url(*theirs, "payer"), today, follow=True).text
    answer = desk.post(url(*own, "encaisser"), today, follow=True)
    assert "Encaissement enregistré" in answer.text
    assert again(invoice).state == "paid"


def read_first(desk, address: str) -> str:
    """Read what lacks before an invoice is filed; it isn't without. Return what was said."""
    asked = desk.get(address)
    assert asked.status_code == 200
    assert desk.post(address).status_code == 422
    return str(asked.context["check"].key)


def test_what_cannot_be_filed_says_so_and_offers_no_way_round(private):
    finished(private)
    regularised(private)
    invoice = act(private, "desk", services.prepare_invoice, order_id=private.order.pk)
    desk = client_of(private, "desk")
    filing = url(private, "contractor", "invoice_act", invoice.pk, "deposer")
    read = read_first(desk, filing)
    shown = desk.get(filing).text
    assert "Elle ne peut pas être déposée aujourd’hui" in shown
    assert "une régularisation attend une réponse" in shown
    assert "Déposer quand même" not in shown
    assert desk.post(filing, {"vu": read}, follow=True).status_code in (200, 409)
    assert again(invoice).state == "prepared"


def test_pieces_are_ticked_and_what_lacks_is_asked_about_before_filing(private):
    with system_scope("tests: contract"):
        private.contract.pieces = ["photos_after", "certificate", "compliance"]
        private.contract.save(update_fields=["pieces"])
    invoice = prepared(private)
    delivered()
    desk = client_of(private, "desk")
    page_url = url(private, "contractor", "invoice", invoice.pk)
    filing = url(private, "contractor", "invoice_act", invoice.pk, "deposer")
    page = desk.get(page_url).text
    assert "Pièces que le marché demande" in page
    assert f'href="{filing}"' in page
    assert 'data-confirm="Déposer cette facture' not in page
    said = read_first(desk, filing)
    assert said == "B07.contractor compliance photos_after"
    shown = desk.get(filing).text
    for words in ("serait bloquée", "(B07)", "à vous de jouer", "Certificat de conformité"):
        assert words in shown
    assert again(invoice).state == "prepared"
    sheet = pdf_bytes()
    act(
        private,
        "desk",
        orders.add_piece,
        order_id=private.order.pk,
        kind="compliance",
        upload=sheet,
    )
    stale = desk.post(filing, {"vu": said})  # something else lacks than what was read
    assert stale.status_code == 422
    assert again(invoice).state == "prepared"
    (block,) = blocks_of(private)
    act(private, "manager", services.close_block_by_hand, block_id=block.pk, note="Vu sur place")
    assert "sans bloquer la facture" in desk.get(page_url).text
    assert "Rien ne bloque la facture" in desk.get(filing).text
    answer = desk.post(filing, {"vu": "photos_after"}, follow=True)
    assert "Facture déposée" in answer.text
    assert desk.get(filing).status_code == 404
    assert desk.post(filing).status_code == 409
    theirs = client_of(private, "manager").get(url(private, "landlord", "invoice", invoice.pk)).text
    assert "Pièces que le marché demande" in theirs
    assert f"/{private.landlord.slug}/pieces-jointes/" in theirs
    assert "Compléter la commande" not in theirs


def test_an_invoice_to_a_public_landlord_waits_for_chorus(party):
    invoice = prepared(party)
    desk = client_of(party, "desk")
    own = (party, "contractor", "invoice_act", invoice.pk)
    assert "À déposer sur Chorus Pro" in desk.post(url(*own, "deposer"), follow=True).text
    assert (
        client_of(party, "manager").get(url(party, "landlord", "invoice", invoice.pk)).status_code
        == 404
    )
    wrong = desk.post(url(*own, "chorus"), {"chorus_number": "CPP-9", "filed_on": "01/01/2001"})
    assert wrong.status_code == 422
    assert "n’existait pas encore" in wrong.text
    assert 'value="CPP-9"' in wrong.text
    typed = {"chorus_number": "CPP-9", "filed_on": f"{clock.today():%d/%m/%Y}"}
    assert "Dépôt enregistré" in desk.post(url(*own, "chorus"), typed, follow=True).text


@pytest.mark.parametrize(
    ("action", "typed", "field"),
    [
        ("approuver-en-partie", {"admitted": "900", "cause": "B08", "note": "x"}, "admitted"),
        ("suspendre", {"cause": "", "note": "Taux faux", "pieces": "Facture"}, "cause"),
        ("mettre-en-litige", {"cause": "B18", "note": ""}, "note"),
        ("refuser", {"cause": "B99", "note": "x"}, "cause"),
        ("payer", {"paid_on": "demain"}, "paid_on"),
        ("bloquer", {"cause": "B20", "note": "x", "amount": "9000"}, "amount"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(private, action, typed, field):
    invoice = filed(private)
    if action == "payer":
        act(private, "manager", services.approve, invoice_id=invoice.pk)
    path = url(private, "landlord", "invoice_act", invoice.pk, action)
    manager = client_of(private, "manager")
    assert manager.get(path).status_code == 200
    answer = manager.post(path, typed)
    assert answer.status_code == 422
    assert f'id="id_{field}"' in answer.text
    assert typed.get("note", "") in answer.text


def test_a_block_is_opened_and_lifted_by_hand_and_both_sides_read_why(private):
    invoice = filed(private)
    desk, manager = client_of(private, "desk"), client_of(private, "manager")
    typed = {"cause": "B20", "note": "Circuit interne", "amount": ""}
    path = url(private, "contractor", "invoice_act", invoice.pk, "bloquer")
    assert "Blocage ouvert" in desk.post(path, typed, follow=True).text
    (block,) = blocks_of(private)
    assert (block.side, block.department, block.opened_side) == (
        "landlord",
        "comptabilite",
        "contractor",
    )
    shown = manager.get(url(private, "landlord", "invoice", invoice.pk)).text
    assert "« Circuit interne »" in shown
    path = url(private, "landlord", "block_act", block.pk, "lever")
    assert manager.post(path, {"note": " "}).status_code == 422
    assert "Blocage levé." in manager.post(path, {"note": "Visa donné"}, follow=True).text
    assert "« Visa donné »" in desk.get(url(private, "contractor", "invoice", invoice.pk)).text


def test_a_block_that_only_a_signature_ends_is_not_lifted_by_hand(private):
    invoice = filed(private, certified=False)
    (block,) = blocks_of(private)
    path = url(private, "landlord", "block_act", block.pk, "lever")
    answer = client_of(private, "manager").post(path, {"note": "Ça ira"})
    assert answer.status_code == 409
    assert invoice.pk == block.invoice_id


def test_lists_filter_search_and_export(private):
    first, second = filed(private), filed_elsewhere(private)
    manager = client_of(private, "manager")
    path = url(private, "landlord", "invoices")
    for query, wanted in (
        ("", {first.number, second.number}),
        ("?etat=bloquees", {second.number}),
        ("?cause=B01", {second.number}),
        ("?cause=B20", {first.number}),
        ("?tenu=landlord", {first.number, second.number}),
        ("?tenu=contractor", set()),
        ("?etat=received", {first.number, second.number}),
        ("?etat=paid", set()),
        (f"?q={first.number.lower()}", {first.number}),
        (f"?q={again(second).order.reference}", {second.number}),
        ("?q=introuvable", set()),
        ("?etat=nimporte&apres=nimporte", {first.number, second.number}),
    ):
        text = manager.get(path + query).text
        assert {number for number in (first.number, second.number) if f">{number}<" in text} == (
            wanted
        ), query
        export = manager.get(url(private, "landlord", "invoices_export") + query).text
        assert {number for number in (first.number, second.number) if number in export} == wanted


def test_pages_of_the_list_follow_each_other(private, monkeypatch):
    numbers = [filed(private).number, filed_elsewhere(private).number]
    monkeypatch.setattr("contractors.selectors.invoices.PAGE", 1)
    desk = client_of(private, "desk")
    path = url(private, "contractor", "invoices")
    page = desk.get(path)
    assert (f">{numbers[1]}<" in page.text, f">{numbers[0]}<" in page.text) == (True, False)
    key = page.context["page"].next_key
    after = desk.get(path, {"apres": key})
    assert f">{numbers[0]}<" in after.text
    back = desk.get(path, {"avant": after.context["page"].previous_key})
    assert f">{numbers[1]}<" in back.text


def test_both_sides_read_the_same_board(private):
    filed(private, certified=False)
    filed_elsewhere(private)
    boards = {}
    for who in ("manager", "desk"):
        with scope_of(private.actor(who)):
            boards[who] = board(private.actor(who))
    one, other = boards["manager"], boards["desk"]
    assert one.blocked == other.blocked == Decimal("137.50")
    assert one.invoices == other.invoices == 2
    assert [(s.label, s.count, s.euros) for s in one.by_cause] == [
        ("B01 · Constat de service fait non signé", 2, Decimal("137.50"))
    ]
    assert one.by_cause == other.by_cause
    assert one.by_age == other.by_age
    assert [card.block.pk for card in one.oldest] == [card.block.pk for card in other.oldest]
    assert (len(one.desk), len(other.desk)) == (2, 0)
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        text = client_of(private, who).get(url(private, side, "blocks")).text
        assert "137,50" in text


def test_what_would_block_is_counted_apart(private):
    signed(private)
    with system_scope("tests: board"):
        private.contract.pieces = ["report", "photos_after"]
        private.contract.save(update_fields=["pieces"])
    delivered()
    with scope_of(private.actor("desk")):
        found = board(private.actor("desk"))
    assert (found.blocked, found.foreseen, found.orders) == (Decimal(0), Decimal("68.75"), 1)
    assert [card.block.cause for card in found.desk] == ["B07"]


def test_opening_a_block_rings_the_service_that_holds_it(private):
    filed(private, certified=False)
    delivered()
    with system_scope("tests: bells"):
        found = Notification.objects.filter(kind="block_desk")
        told = {(bell.user_id, bell.organisation_id) for bell in found}
        titles = {bell.title for bell in found}
    ours = {(who.user_id, private.landlord.pk) for who in (private.manager, private.clerk)}
    assert told == ours
    assert all("signez-le" in title and "€" not in title for title in titles)


def test_what_has_not_changed_opens_no_second_row(private):
    filed(private, certified=False)
    for _twice in range(2):
        with system_scope("tests: the relay"):
            actor = private.actor("desk")
            services.look_at_order(actor=actor, order_id=private.order.pk)
    with system_scope("tests: blocks"):
        assert Block.objects.filter(order=private.order).count() == 1


def test_a_technician_and_a_reader_do_less(private):
    invoice = filed(private)
    assert (
        client_of(private, "technician")
        .get(url(private, "contractor", "invoice", invoice.pk))
        .status_code
        == 403
    )
    shown = client_of(private, "reader").get(url(private, "landlord", "invoice", invoice.pk)).text
    assert "Approuver" not in shown


def test_before_a_suspension_the_page_says_what_the_law_does_with_it(private):
    becomes(private, LegalForm.ESH)
    invoice = filed(private)
    manager = client_of(private, "manager")
    path = url(private, "landlord", "invoice_act", invoice.pk, "suspendre")
    typed = {"cause": "B20", "note": "Notre circuit est long", "pieces": "Visa"}
    warned = manager.post(path, typed)
    assert warned.status_code == 422
    assert "Le délai légal continue de courir" in warned.text
    assert "Notre circuit est long" in warned.text
    assert again(invoice).state == "received"
    assert manager.post(path, {**typed, "cause": "B21", "averti": "B20"}).status_code == 422
    done = manager.post(path, {**typed, "averti": "B20"}, follow=True)
    assert "Facture suspendue" in done.text
    with system_scope("tests: event"):
        event = Event.objects.get(kind="invoice.suspended", subject_id=invoice.pk)
    assert event.payload["cautions"] == ["clock_runs"]


def test_a_suspension_that_the_law_knows_is_not_warned_of(private):
    becomes(private, LegalForm.ESH)
    invoice = filed(private)
    path = url(private, "landlord", "invoice_act", invoice.pk, "suspendre")
    typed = {"cause": "B11", "note": "Taux à corriger", "pieces": "Facture corrigée"}
    answer = client_of(private, "manager").post(path, typed, follow=True)
    assert "Facture suspendue" in answer.text
    assert again(invoice).state == "suspended"
    assert "pièces demandées\u00a0: taux de TVA (B11)" in answer.text


def test_before_an_urgent_order_leaves_its_author_reads_what_is_blocked_of_that_company(private):
    draft = act(private, "manager", orders.draft_order, data=private.order_input(priority="urgent"))
    shown = reverse("orders:landlord_detail", args=[private.landlord.slug, draft.pk])
    typed = reverse("orders:landlord_check", args=[private.landlord.slug])
    form = {"priority": "urgent", "contract": private.contract.pk, "unit": private.unit.pk}
    manager = client_of(private, "manager")
    assert "Avant d’envoyer en urgence" not in manager.get(shown).content.decode()
    invoice = filed(private, certified=False)
    delivered()
    for page in (manager.get(shown), manager.post(typed, form)):
        text = page.content.decode()
        assert "Avant d’envoyer en urgence à Plomberie Lutèce" in text
        assert "Vous bloquez 1 facture de cette entreprise" in text
        assert invoice.number in text
    calm = manager.post(typed, {**form, "priority": "normal"}).content.decode()
    assert "Avant d’envoyer" not in calm
