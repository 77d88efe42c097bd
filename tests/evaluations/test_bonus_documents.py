"""A closed statement becomes a document of the company, and is unsettled until that is filed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from contractors import services as contractors
from contractors.models import Invoice
from contractors.selectors.accounts import Period
from contractors.selectors.unbilled import unbilled_rows
from evaluations import services
from evaluations.models import BonusDocument
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, deliver
from tests.evaluations.test_bonus_statements import MADE, at, invoiced, made, works
from tests.factories.acting import act
from tests.factories.bonused import accepted
from tests.factories.invoiced import handed_over


def settled(party, late: int):
    accepted(party)
    bill = invoiced(party, works(party, late=late))
    statement = made(party)
    with at(MADE + 1):
        statement = act(party, "desk", services.close_statement, statement_id=statement.pk)
    return party, bill, statement


@pytest.fixture
def malus(world):
    """A closed statement of −6 €, and the invoice of its works."""
    return settled(world.first, 40)


@pytest.fixture
def bonus(world):
    """A closed statement of +6 €, and the invoice of its works."""
    return settled(world.first, 0)


def owed(party, who: str, statement, *, on: int = 100) -> list[Decimal]:
    """What the file of what isn't invoiced says of a statement, so many days after its first."""
    actor = party.actor(who)
    with at(MADE + 3), scope_of(actor):
        rows = unbilled_rows(actor, Period(statement.first, statement.first + timedelta(days=on)))
    return [row.rest for row in rows if row.reference == statement.reference]


def seen(party, who: str, statement) -> str:
    side = "landlord" if who == "manager" else "contractor"
    url = reverse(
        f"evaluations:{side}_bonus_statement", args=[getattr(party, side).slug, statement.pk]
    )
    with at(MADE + 3):
        return client_of(party, who).get(url).text


def test_a_malus_becomes_a_credit_note_proposal_on_an_invoice_of_the_contract(malus):
    party, bill, statement = malus
    assert owed(party, "manager", statement) == owed(party, "desk", statement) == [-6]
    with at(MADE + 2):
        credit = act(party, "desk", services.prepare_document, statement_id=statement.pk)
        assert (credit.kind, credit.credits_id) == ("credit_note", bill.pk)
        assert (credit.total_without_vat, credit.filed_at) == (6, None)
        with system_scope("tests"):
            line = credit.lines.get()
            assert (statement.reference in line.label, line.credited_line) == (True, None)
            assert line.vat_rate == bill.lines.first().vat_rate
        with pytest.raises(Conflict):
            act(party, "desk", services.prepare_document, statement_id=statement.pk)
    # A draft settles nothing, and the landlord reads its number only.
    assert owed(party, "manager", statement) == [-6]
    assert f"{credit.number} : pas encore déposé" in seen(party, "manager", statement)
    with at(MADE + 2):
        handed_over(party, credit)
        deliver()
    with system_scope("tests"):
        assert Invoice.objects.get(pk=bill.pk).credited == credit.total_with_vat
    assert owed(party, "manager", statement) == owed(party, "desk", statement) == []
    assert owed(party, "manager", statement, on=31) == [-6]  # it was owed on that day all the same
    for who in ("manager", "desk"):
        assert f"Soldé par le document {credit.number}" in seen(party, who, statement)


def test_a_credit_note_thrown_away_leaves_the_statement_to_another(malus):
    party, _bill, statement = malus
    with at(MADE + 2):
        first = act(party, "desk", services.prepare_document, statement_id=statement.pk)
        act(party, "desk", contractors.discard_invoice, invoice_id=first.pk)
        second = act(party, "desk", services.prepare_document, statement_id=statement.pk)
    assert second.number != first.number
    with system_scope("tests"):
        assert BonusDocument.objects.count() == 2


def test_a_bonus_becomes_an_invoice_of_no_order_that_lives_like_any_other(bonus):
    party, bill, statement = bonus
    assert owed(party, "manager", statement) == [6]
    prepare = reverse(
        "evaluations:contractor_bonus_act", args=[party.contractor.slug, statement.pk, "preparer"]
    )
    with at(MADE + 2):
        answer = client_of(party, "desk").post(prepare)
    with system_scope("tests"):
        document = BonusDocument.objects.select_related("invoice").get()
    invoice = document.invoice
    assert answer.url.endswith(f"/{invoice.pk}/")
    assert (invoice.kind, invoice.order_id, invoice.total_without_vat) == ("invoice", None, 6)
    assert invoice.number > bill.number
    with at(MADE + 2):
        assert client_of(party, "desk").get(answer.url).status_code == 200
        handed_over(party, invoice)
        deliver()
    with system_scope("tests"):
        assert Invoice.objects.get(pk=invoice.pk).due_on is not None
    assert owed(party, "manager", statement) == []
    with at(MADE + 2):
        client = client_of(party, "manager")
        house = party.landlord.slug
        page = reverse("contractors:landlord_invoice", args=[house, invoice.pk])
        assert statement.reference in client.get(page).text
        assert client.get(reverse("contractors:landlord_invoices", args=[house])).status_code == 200
        act(party, "manager", contractors.approve, invoice_id=invoice.pk)
        for table in ("journal", "non-facture"):
            url = reverse("contractors:landlord_accounts_file", args=[house, table, "csv"])
            days = {"du": statement.first.isoformat(), "au": "2027-12-31"}
            assert client.get(url, days).status_code == 200
    with system_scope("tests"):
        assert Invoice.objects.get(pk=invoice.pk).state == "approved"


def test_a_noted_document_is_one_of_the_two_houses_and_of_the_sum(malus):
    party, bill, statement = malus
    note = {"statement_id": statement.pk}
    with at(MADE + 2):
        for number in ("AV-2027-1", bill.number):  # no such document; an invoice is no credit note
            with pytest.raises(Invalid):
                act(party, "desk", services.note_document, **note, number=number)
        with system_scope("tests"):
            line = bill.lines.first()
        credit = act(
            party,
            "desk",
            contractors.prepare_credit_note,
            invoice_id=bill.pk,
            reason="other",
            note="Malus",
            quantities={line.pk: line.quantity},
        )
        with pytest.raises(Invalid):
            act(party, "desk", services.note_document, **note, number=credit.number)  # not filed
        handed_over(party, credit)
        with pytest.raises(Invalid, match="62,50"):
            act(party, "desk", services.note_document, **note, number=credit.number)  # not 6 €
        with system_scope("tests"):
            vat = credit.total_vat
            rows = Invoice.objects.filter(pk=credit.pk)
            rows.update(total_without_vat=6, total_with_vat=6 + vat, issued_on=statement.last)
        with pytest.raises(Invalid, match="depuis ce relevé"):  # another reason's
            act(party, "desk", services.note_document, **note, number=credit.number)
        with system_scope("tests"):
            rows.update(issued_on=credit.issued_on)
        noted = act(party, "desk", services.note_document, **note, number=credit.number)
        assert noted.invoice_id == credit.pk
        with pytest.raises(Conflict):
            act(party, "desk", services.note_document, **note, number=credit.number)
    assert owed(party, "desk", statement) == []


def test_nobody_else_prepares_it_and_nothing_before_the_statement_is_closed(world):
    party = world.first
    accepted(party)
    invoiced(party, works(party, late=40))
    statement = made(party)
    with at(MADE + 1), pytest.raises(Refused):
        act(party, "desk", services.prepare_document, statement_id=statement.pk)
    with at(MADE + 1):
        act(party, "desk", services.close_statement, statement_id=statement.pk)
        with pytest.raises(Refused):
            act(party, "manager", services.prepare_document, statement_id=statement.pk)


def test_where_no_invoice_bears_it_the_company_is_told_so(malus):
    party, bill, statement = malus
    with system_scope("tests"):
        Invoice.objects.filter(pk=bill.pk).update(state="refused")
    with at(MADE + 2), pytest.raises(Refused, match="avoir"):
        act(party, "desk", services.prepare_document, statement_id=statement.pk)
