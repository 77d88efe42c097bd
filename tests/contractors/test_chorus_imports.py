"""What Chorus Pro gave, from a company's own list: the same engine, the other portal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from contractors import services
from nexxio.core import clock
from nexxio.core.errors import Refused
from nexxio.core.models import LegalForm
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import finished_elsewhere, signed
from tests.factories.invoiced import SELLER, again, becomes, billed, handed_over
from tests.imports.books import book_of
from tests.imports.steps import applied, counts, lines, rehearsed, sent

SPACES = re.compile(r"\s+")


@pytest.fixture
def party(world, monkeypatch):
    """The first party: its landlord takes invoices by Chorus Pro, its order is certified."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.OPH)
    billed(world.first)
    signed(world.first)
    return world.first


def test_a_company_notes_its_own_list_of_chorus_pro_and_only_what_waits(party):
    invoice = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    desk = client_of(party, "desk")
    start = reverse("contractor_imports:start", args=[party.contractor.slug, "mes-depots-chorus"])
    for name, *args in (("invoices",), ("invoice", invoice.pk)):
        assert f'href="{start}"' in desk.get(url(party, "contractor", name, *args)).text
    assert "Importer : Mes dépôts Chorus Pro" in SPACES.sub(" ", desk.get(start).text)
    on = clock.today()
    head = ("Numéro de facture", "Numéro Chorus Pro", "Date de dépôt")
    rows = (
        (invoice.number, "CPP-1", on + timedelta(days=1)),
        ("INCONNUE", "CPP-2", on),
    )
    wrong = rehearsed(party, "chorus-company", book_of(head, *rows), who="desk")
    assert [reason for _line, _column, reason in lines(wrong)] == [
        "cette date n’est pas encore passée",
        "aucune de vos factures n’a ce numéro",
    ]
    file = book_of(head, (invoice.number, "CPP-1", on))
    done = applied(party, "chorus-company", file, who="desk")
    assert counts(done) == (0, 1, 0, 0, 0)
    found = again(invoice)
    assert (found.state, found.chorus_number, found.received_on) == ("received", "CPP-1", on)
    assert counts(applied(party, "chorus-company", file, who="desk")) == (0, 0, 1, 0, 0)
    other = book_of(head, (invoice.number, "CPP-9", on))
    said = lines(applied(party, "chorus-company", other, who="desk"))
    assert said[0][2] == "dépôt déjà noté : CPP-1"
    # The import is the company's own: its pages stay in its portal, and its landlord sees none.
    page = desk.get(reverse("contractor_imports:run", args=[party.contractor.slug, done.pk])).text
    assert reverse("contractor_imports:index", args=[party.contractor.slug]) in page
    assert "/bailleur/" not in page
    theirs = reverse("imports:run", args=[party.landlord.slug, done.pk])
    assert client_of(party, "manager").get(theirs).status_code == 404


def test_a_number_of_chorus_pro_is_given_once_whoever_imports_it(party):
    made = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    first = handed_over(party, made)
    order = finished_elsewhere(party)
    second = act(party, "desk", services.prepare_invoice, order_id=order.order_id)
    act(party, "desk", services.file_invoice, invoice_id=second.pk)
    on = clock.today()
    taken_already = again(first).chorus_number
    head = ("Numéro de facture", "SIRET", "Numéro Chorus Pro", "Date de dépôt")
    file = book_of(head, (second.number, SELLER["siret"], taken_already, on))
    for kind, who in (("chorus", "manager"), ("chorus-company", "desk")):
        run = applied(party, kind, file, who=who)
        assert lines(run)[0][2] == "une autre facture a ce numéro de Chorus Pro"
    assert again(second).state == "to_file"


def test_nobody_imports_what_is_the_other_sides(party):
    for kind, who in (("chorus-company", "manager"), ("payments", "desk"), ("chorus", "desk")):
        with pytest.raises(Refused):
            sent(party, kind, b"a;b\n1;2\n", who=who)
