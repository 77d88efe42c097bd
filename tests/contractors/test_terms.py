"""What an invoice's page says of its legal clock, and what its contract says of it."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from contractors import services
from contractors.models import Invoice, Suspension
from nexxio.core import clock
from nexxio.core.models import LegalForm
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.invoiced import again, aged, becomes, filed, suspended

E = Decimal
SPACES = re.compile(r"\s+")


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.OPH)
    return world.first


def shown(party, invoice, who: str = "desk") -> str:
    side = "landlord" if who == "manager" else "contractor"
    return SPACES.sub(" ", client_of(party, who).get(url(party, side, "invoice", invoice.pk)).text)


def noted(invoice: Invoice, first: date, last: date) -> None:
    """Let an invoice's suspension have been of some days of the past."""
    with system_scope("tests: suspension"):
        Suspension.objects.filter(invoice=invoice).update(
            notified_at=datetime.combine(first, time(9), clock.PARIS),
            completed_at=datetime.combine(last, time(9), clock.PARIS),
        )


# --- The page -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "desk"])
def test_the_page_names_start_and_delay_and_marks_a_provisional_rate(party, who):
    invoice = aged(filed(party), date(2026, 1, 12), E("8000.00"))
    page = shown(party, invoice, who)
    for words in (
        "30 jours, à partir du",
        "il court",
        "Taux provisoire : calculé, pas encore publié",
        "exigibles 45 jours après le paiement du principal.",
    ):
        assert words in page, words


def test_a_published_rate_is_not_marked_and_what_is_paid_says_when_interest_is_due(party):
    invoice = aged(filed(party), date(2024, 5, 13), E("12450.00"))
    assert "Taux provisoire" not in shown(party, invoice)
    with system_scope("tests: paid"):
        invoice.payments.create(
            landlord=party.landlord,
            contractor=party.contractor,
            amount=E("12450.00"),
            paid_on=date(2024, 9, 2),
            confirmed_at=clock.now(),
        )
        Invoice.objects.filter(pk=invoice.pk).update(state="paid")
    page = shown(party, invoice)
    assert "eux-mêmes exigibles le 17/10/2024." in page
    assert "terminé" in page
    assert "il court" not in page


def test_a_suspension_is_named_with_its_effect_or_why_it_has_none(party):
    invoice = suspended(party, filed(party))
    assert "interrompu" in shown(party, invoice)
    act(party, "desk", services.complete, invoice_id=invoice.pk, answer="Facture corrigée")
    aged(invoice, date(2025, 1, 6), E("8000.00"))
    noted(invoice, date(2025, 1, 20), date(2025, 2, 3))
    page = shown(party, again(invoice))
    assert "suspension du 20/01/2025 au 03/02/2025 (B11)" in page
    assert "Sans effet sur le délai" not in page
    noted(invoice, date(2025, 2, 20), date(2025, 3, 3))
    page = shown(party, again(invoice))
    assert "Sans effet sur le délai" in page
    assert "suspension du 20/02/2025 au 03/03/2025 (B11) : le délai était déjà écoulé" in page
