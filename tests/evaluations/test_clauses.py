"""A contract's clauses: measured from facts for both sides, printed without who holds it."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from django.db import DatabaseError, transaction

from contractors.models import MoneyRule
from evaluations import services
from evaluations.bonus_spans import Span
from evaluations.bonus_terms import BonusFact
from evaluations.clause_facts import NORMAL, Limits, clause_facts
from evaluations.models import ClauseAnnex, ReportState
from evaluations.pilot_book import PilotFact
from evaluations.quarters import Quarter
from evaluations.selectors.clauses import articles_of
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Job, LegalForm
from nexxio.core.scoping import system_scope
from orders.models import Contract
from tests.evaluations.steps import client_of, deliver, done, later, page
from tests.factories.acting import act
from tests.factories.bonused import bonused
from tests.factories.full import worked
from tests.factories.invoiced import becomes
from tests.factories.moneyed import held_by_contract

SPACES = re.compile(r"\s+")


def asked(party, who="manager") -> ClauseAnnex:
    return act(party, who, services.ask_annex, contract_id=party.contract.pk)


def printed() -> None:
    deliver()
    with system_scope("tests: jobs"):
        for job in Job.objects.filter(kind="evaluations.annex", state="queued"):
            worked(job)


def test_both_sides_read_the_same_measures_of_the_quarter(world):
    party = world.first
    order = done(party)
    quarter = Quarter.of(clock.day_of(order.done_at))
    found = []
    for who in ("manager", "desk"):
        with scope_of(party.actor(who)):
            found.append(clause_facts(party.contract, Span(quarter.first, 3), Limits()))
    assert found[0] == found[1]
    facts = found[0]
    for fact in (BonusFact.FIRST_TIME, NORMAL, PilotFact.COMPLETE):
        assert (facts[fact].value, facts[fact].n) == (100, 1), fact
    with later(100):
        texts = [
            client_of(party, who).get(page(party, side, "clauses", party.contract.pk)).text
            for who, side in (("manager", "landlord"), ("desk", "contractor"))
        ]
    for text in texts:
        assert "1.1 Statuts de passage" in text
        assert "Réparé du premier coup" in text
        assert "Engagements du bailleur" in text


def test_the_clauses_say_what_the_contract_says(world):
    party = world.first
    with scope_of(party.actor("manager")):
        contract = Contract.objects.select_related("landlord").get(pk=party.contract.pk)
        before = articles_of(contract)
        contract.tacit_clause, contract.pieces = "Silence vaut accord", ["photos_after"]
        contract.pieces_to_finish = True
        after = articles_of(contract)
    words = [
        " ".join(one.text for article in each for one in article.clauses)
        for each in (before, after)
    ]
    assert [article.number for article in after] == [1, 2, 3, 4, 5]
    assert "Le silence ne vaut jamais service fait" in words[0]
    assert "ne demande aucune pièce" in words[0]
    assert "le silence vaut service fait" in words[1]
    assert "avant de déclarer les travaux terminés : Photos après travaux" in words[1]
    assert f"sous {party.contract.target_days} jours ouvrés" in words[1]


@pytest.mark.parametrize(
    ("form", "said", "words"),
    [
        (LegalForm.OPH, None, "sous 30 jours, délai légal."),
        (LegalForm.OPH, {"payment_days": 20}, "sous 20 jours, délai du marché."),
        (LegalForm.COOPERATIVE, None, "dans le délai légal."),
        (LegalForm.PRIVATE, {"payment_days": 45}, "sous 45 jours, délai du marché."),
        (
            LegalForm.PRIVATE,
            {"is_month_end": True, "late_rate": Decimal("15.5")},
            "à 45 jours fin de mois, délai du marché. Le retard se paie au taux du marché, 15,5 %",
        ),
    ],
)
def test_the_clauses_say_when_this_contract_is_paid(world, form, said, words):
    party = world.first
    becomes(party, form)
    with system_scope("tests: the minimum"):
        MoneyRule.objects.create(
            code="private-rate-min", value=8, starts_on=date(2020, 1, 1), source="Essai"
        )
    if said is not None:
        held_by_contract(party, **said)
    with scope_of(party.actor("manager")):
        contract = Contract.objects.select_related("landlord").get(pk=party.contract.pk)
        text = " ".join(one.text for each in articles_of(contract) for one in each.clauses)
    assert words in SPACES.sub(" ", text)


def test_a_manager_asks_for_the_annex_and_a_worker_prints_it(world):
    party = world.first
    order = done(party)
    bonused(party, order)
    for who in ("clerk", "desk"):
        with pytest.raises(Refused):
            asked(party, who)
    with later(100):  # the rules apply by then
        asked(party)
        with pytest.raises(Refused):
            asked(party)
        printed()
    with system_scope("tests"):
        annex = ClauseAnnex.objects.select_related("file").get()
    assert annex.state == ReportState.READY
    client = client_of(party, "manager")
    url = page(party, "landlord", "annex", annex.pk)
    contract = f"/bailleur/{party.landlord.slug}/marches/{party.contract.pk}/"
    assert url in client.get(contract).text
    data = client.get(url).getvalue()
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    text = SPACES.sub(" ", " ".join(one.extract_text() for one in pages))
    assert "Aucune note d’évaluation n’est un critère d’attribution" in text
    assert "1.1 Statuts de passage" in text
    assert "15 min au plus" in text
    assert "5.5 Paiement" in text
    # Neither the company nor what was measured of it.
    assert party.contractor.name not in text
    # The landlord's alone, and nobody writes it from the site.
    with scope_of(party.actor("desk")):
        assert not ClauseAnnex.objects.exists()
    with scope_of(party.actor("manager")), pytest.raises(DatabaseError), transaction.atomic():
        ClauseAnnex.objects.update(state="failed", file=None)


def test_an_annex_that_fails_may_be_asked_for_again(world):
    party = world.first
    annex = asked(party)
    with system_scope("tests"):
        services.fail_annex(actor=SYSTEM, annex_id=annex.pk)
        services.fail_annex(actor=SYSTEM, annex_id=annex.pk)
    contract = f"/bailleur/{party.landlord.slug}/marches/{party.contract.pk}/"
    assert "demandez-la à nouveau" in client_of(party, "manager").get(contract).text
    again = asked(party)
    with system_scope("tests"):
        kept = services.keep_annex(actor=SYSTEM, annex_id=again.pk, pdf=b"%PDF-1.4", name="a.pdf")
        same = services.keep_annex(actor=SYSTEM, annex_id=again.pk, pdf=b"%PDF-2", name="b.pdf")
    assert kept.file_id == same.file_id
