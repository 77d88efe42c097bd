"""Money of both sides: claim letters, forecast, interest, payment days, accounts, many payments."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from contractors import services
from contractors.models import Block, ClaimLetter, ClaimState, Invoice, Payment
from contractors.selectors.accounts import Period, journal_of
from contractors.selectors.delays import payment_delays
from contractors.selectors.forecast import forecast
from contractors.selectors.interest import interest_owed
from contractors.selectors.unbilled import unbilled_of
from contractors.services.due_dates import Clocks, clock_of
from contractors.tasks import watch_totals
from nexxio.core import clock, jobs, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.imports import running
from nexxio.core.imports import services as imports
from nexxio.core.models import Event, Job, Notification, Rate, StoredFile
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import finished
from tests.factories.full import worked
from tests.factories.invoiced import SELLER, again, aged, billed, filed, filed_elsewhere
from tests.imports.books import book_of
from tests.imports.steps import applied, counts, fresh, lines, rehearsed, undone

ESTIMATE = "Estimation, sans valeur juridique"
CENT = Decimal("0.01")
SPACES = re.compile(r"\s+")
OLD = date(2024, 5, 13)
DUE = date(2024, 6, 12)


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def interest_of(amount: str, percent: str, days: int) -> Decimal:
    exact = Decimal(amount) * Decimal(percent) * days / 36500
    return exact.quantize(CENT, ROUND_HALF_UP)


def french(amount: Decimal) -> str:
    whole, cents = f"{amount:,.2f}".split(".")
    return f"{whole.replace(',', ' ')},{cents} €"


def approved(party, invoice) -> Invoice:
    """Let the landlord approve an invoice, whatever still waits on its order."""
    with system_scope("tests: blocks"):
        for block in Block.objects.filter(invoice=invoice, closed_at__isnull=True):
            Block.objects.filter(pk=block.pk).update(
                closed_at=clock.now(), closed_how="hand", close_note="Essai"
            )
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    return again(invoice)


def test_a_letter_claims_what_is_late_and_only_its_company_reads_it(party):
    billed(party)
    old = aged(filed(party), OLD, Decimal("12450.00"))
    newer = aged(filed_elsewhere(party), date(2026, 7, 1), Decimal("1100.00"))
    desk, manager = client_of(party, "desk"), client_of(party, "manager")
    page = desk.get(url(party, "contractor", "invoice", old.pk)).text
    assert "Préparer une lettre de réclamation" in page
    assert (
        "lettre de réclamation" not in manager.get(url(party, "landlord", "invoice", old.pk)).text
    )
    claims = url(party, "contractor", "claims")
    asked = desk.post(claims, {"bailleur": str(party.landlord.pk)}, follow=True)
    assert "en préparation" in asked.text
    with pytest.raises(Refused, match="déjà en préparation"):
        act(party, "desk", services.ask_claim, debtor_id=party.landlord.pk)

    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        (job,) = Job.objects.filter(kind="claim.pdf")
    worked(job)
    with system_scope("tests: letters"):
        letter = ClaimLetter.objects.select_related("file").get()
    assert letter.state == ClaimState.READY
    address = url(party, "contractor", "claim_letter", letter.pk)
    assert address in desk.get(claims).text
    data = b"".join(desk.get(address).streaming_content)
    text = SPACES.sub(
        " ", " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(data)).pages)
    )
    days = (clock.today() - DUE).days
    late = interest_of("12450.00", "12.50", days)
    for words in (
        "2 factures arrivées à échéance",
        "il reste à régler 13 550,00 € TTC",
        f"{french(late)} d’intérêts et 40,00 € d’indemnité forfaitaire ({ESTIMATE})",
        f"12 450,00 € × 12,50 % × {days} / 365, du 13/06/2024",
        "article R2192-10 du code de la commande publique",
        "Taux inconnu pour le semestre qui commence le 01/07/2026 : aucun montant n’est calculé.",
        "le taux ou le délai applicable n’est pas encore connu",
        newer.number,
    ):
        assert words in text, words
    assert manager.get(address.replace("prestataire", "bailleur")).status_code == 404
    with scope_of(party.actor("manager")):
        assert not StoredFile.objects.filter(pk=letter.file_id).exists()
        assert not Event.objects.filter(kind__startswith="claim.").exists()


def test_nothing_late_is_not_claimed(party):
    invoice = filed(party)
    answer = client_of(party, "desk").post(
        url(party, "contractor", "invoice_act", invoice.pk, "reclamer")
    )
    assert answer.status_code == 409


def test_many_clocks_say_what_one_says(party):
    found = [
        aged(filed(party), OLD, Decimal("12450.00")),
        aged(filed_elsewhere(party), date(2026, 7, 1), Decimal("1100.00")),
    ]
    with scope_of(party.actor("manager")):
        rows = list(Invoice.objects.select_related("landlord", "order__contract"))
        clocks = Clocks.of(rows)
        assert len(rows) == len(found)
        for invoice in rows:
            one = clock_of(invoice, as_of=clock.today())
            assert clocks.at(invoice, clock.today()) == one
            assert one.late


def test_the_forecast_counts_each_euro_once(party):
    today = clock.today()
    late = aged(filed(party), OLD, Decimal("1000.00"))
    blocked = aged(filed_elsewhere(party), today, Decimal("500.00"))
    coming = approved(party, aged(filed_elsewhere(party), today, Decimal("200.00"), days=10))
    said = approved(party, aged(filed_elsewhere(party), today, Decimal("100.00")))
    act(party, "manager", services.announce_payment, invoice_id=said.pk, paid_on=today)
    with system_scope("tests: blocks"):
        Block.objects.filter(invoice=late).update(
            closed_at=clock.now(), closed_how="hand", close_note="Essai"
        )
        Block.objects.filter(invoice=blocked, closed_at__isnull=True).update(amount=Decimal(300))
    with scope_of(party.actor("desk")):
        found = forecast(party.actor("desk"))
    weeks = {week.first: (week.due, week.announced) for week in found.weeks if week.total}
    monday = today - timedelta(days=today.weekday())
    there = coming.due_on - timedelta(days=coming.due_on.weekday())
    later = blocked.due_on - timedelta(days=blocked.due_on.weekday())
    assert weeks == {
        monday: (0, Decimal(100)),
        there: (Decimal(200), 0),
        later: (Decimal(200), 0),
    }
    assert (found.late, found.blocked, found.total) == (1000, 300, 1800)
    assert [(house.name, house.total) for house in found.landlords] == [(party.landlord.name, 1800)]
    page = client_of(party, "desk").get(url(party, "contractor", "forecast")).text
    assert '<svg class="bars"' in page
    assert "style=" not in page.partition('<svg class="bars"')[2].partition("</svg>")[0]


def test_a_landlord_reads_what_lateness_costs_it_and_what_has_no_rate(party):
    aged(filed(party), OLD, Decimal("12450.00"))
    unknown = aged(filed_elsewhere(party), date(2026, 7, 1), Decimal("1100.00"))
    soon = aged(filed_elsewhere(party), clock.today() - timedelta(days=25), Decimal("300.00"))
    actor = party.actor("manager")
    with scope_of(actor):
        found = interest_owed(actor)
    days = (clock.today() - DUE).days
    owed, then = (interest_of("12450.00", "12.50", n) for n in (days, days + 10))
    total = found.total
    assert (total.late, total.late_euros) == (2, Decimal("13550.00"))
    assert (total.owed, total.indemnities, total.unknown) == (owed, Decimal("40.00"), 1)
    assert (total.soon, total.soon_euros, total.soon_unknown) == (1, Decimal("300.00"), 2)
    assert total.added == then - owed
    page = client_of(party, "manager").get(url(party, "landlord", "interest")).text
    assert page.count(ESTIMATE) >= 3
    assert "Taux inconnu pour le semestre qui commence le" in page

    # Platform staff adds the rate: nothing else is needed.
    with system_scope("tests: rates"):
        Rate.objects.create(
            kind="late_public", value=10, starts_on=date(2026, 7, 1), source="Essai"
        )
    with scope_of(actor):
        total = interest_owed(actor).total
    late = interest_of("1100.00", "10", (clock.today() - unknown.due_on).days)
    assert (total.owed, total.unknown, total.indemnities) == (owed + late, 0, Decimal(80))
    assert soon.due_on <= clock.today() + timedelta(days=10)


def test_payment_days_by_month_against_the_legal_delay(party):
    today = clock.today()
    quick = approved(party, aged(filed(party), today - timedelta(days=20), Decimal("300.00")))
    slow = approved(
        party, aged(filed_elsewhere(party), today - timedelta(days=50), Decimal("100.00"))
    )
    for invoice in (quick, slow):
        act(party, "manager", services.announce_payment, invoice_id=invoice.pk, paid_on=today)
    actor = party.actor("manager")
    with scope_of(actor):
        found = payment_delays(actor, party.landlord)
    month = found.months[-1]
    assert (month.count, month.euros, month.days) == (2, Decimal("400.00"), Decimal("27.5"))
    assert (month.delay, month.in_time, month.is_over) == (30, 1, False)
    assert [one.count for one in found.months[:-1]] == [0] * 11
    page = client_of(party, "manager").get(url(party, "landlord", "delays")).text
    assert "délai à tenir : 30 jours" in page
    assert "27,5" in page


def test_accounts_balance_and_are_refused_rather_than_cut(party, monkeypatch):
    invoice = approved(party, filed(party))
    today = clock.today()
    act(party, "manager", services.announce_payment, invoice_id=invoice.pk, paid_on=today)
    period = Period(today, today)
    for who, journal in (("manager", "ACH"), ("desk", "VTE")):
        with scope_of(party.actor(who)):
            entries = journal_of(party.actor(who), period)
        assert {entry.journal for entry in entries} == {journal, "BQ"}
        for name in (journal, "BQ"):
            rows = [entry for entry in entries if entry.journal == name]
            assert sum(row.debit or 0 for row in rows) == invoice.total_with_vat
            assert sum(row.credit or 0 for row in rows) == invoice.total_with_vat
    manager = client_of(party, "manager")
    asked = {"du": f"{today:%Y-%m-%d}", "au": f"{today:%Y-%m-%d}"}
    book = manager.get(url(party, "landlord", "accounts_file", "paiements", "xlsx"), asked)
    heads, row = openpyxl.load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True)
    paid = dict(zip(heads, row, strict=True))
    assert (paid["Facture"], paid["Montant TTC"]) == (invoice.number, float(invoice.total_with_vat))
    text = manager.get(url(party, "landlord", "accounts_file", "journal", "csv"), asked).text
    assert text.count(invoice.number) >= 5
    wrong = manager.get(
        url(party, "landlord", "accounts"), {"du": "2026-02-01", "au": "2026-01-01"}
    )
    assert (wrong.status_code, "La fin précède le début" in wrong.text) == (422, True)
    monkeypatch.setattr("contractors.selectors.accounts.MOST", 0)
    long = manager.get(url(party, "landlord", "accounts_file", "journal", "csv"), asked)
    assert (long.status_code, "période plus courte" in long.text) == (422, True)
    listed = manager.get(url(party, "landlord", "invoices_workbook"))
    sheet = openpyxl.load_workbook(io.BytesIO(listed.content)).active
    assert [cell.value for cell in sheet["A"]] == ["Numéro", invoice.number]


def test_many_payments_are_announced_at_once(party):
    ready = [approved(party, filed(party)), approved(party, filed_elsewhere(party))]
    waiting = filed_elsewhere(party)
    manager = client_of(party, "manager")
    assert (
        f'value="{ready[0].pk}" data-tick' in manager.get(url(party, "landlord", "invoices")).text
    )
    pay = url(party, "landlord", "invoices_pay")
    keys = [str(row.pk) for row in (*ready, waiting)]
    first = manager.post(pay, {"facture": [*keys, "rien"], "retour": "etat=approved&x=1"})
    assert "Annoncer le paiement de 2 factures" in first.text
    assert "n’est pas à payer" in first.text
    tomorrow = f"{clock.today() + timedelta(days=1):%Y-%m-%d}"
    for day, status in (("", 422), ("hier", 422)):
        answer = manager.post(pay, {"facture": keys, "confirme": "1", "paid_on": day})
        assert answer.status_code == status
    late = manager.post(pay, {"facture": keys, "confirme": "1", "paid_on": tomorrow})
    assert "pas encore passée" in late.text
    with system_scope("tests: payments"):
        assert not Payment.objects.exists()
    today = f"{clock.today():%Y-%m-%d}"
    done = manager.post(pay, {"facture": keys, "confirme": "1", "paid_on": today})
    assert "2 paiements annoncés" in done.text
    assert "1 facture laissée en l’état" in done.text
    assert [again(row).state for row in (*ready, waiting)] == ["announced", "announced", "received"]


def test_payments_from_a_file_are_rehearsed_line_by_line(party):
    billed(party)
    ready = approved(party, filed(party))
    waiting = filed_elsewhere(party)
    today, sum_paid = clock.today(), ready.total_with_vat
    siret = SELLER["siret"]
    file = book_of(
        ("N° facture", "SIRET", "Payée le", "Montant TTC"),
        (ready.number, siret, today, sum_paid),
        (ready.number, "55208131766522", today, sum_paid),
        (waiting.number, siret, today, waiting.total_with_vat),
        ("F-INCONNUE", siret, today, 1),
    )
    run = rehearsed(party, "payments", file)
    assert counts(run) == (0, 1, 0, 0, 3)
    unknown = "aucune facture déposée de cette entreprise n’a ce numéro"
    assert [reason for _line, _column, reason in lines(run)] == [
        unknown,
        "pas à payer : « À traiter »",
        unknown,
    ]
    assert again(ready).state == "approved"
    done = applied(party, "payments", file)
    assert counts(done) == (0, 1, 0, 0, 3)
    assert again(ready).state == "announced"
    assert counts(applied(party, "payments", file)) == (0, 0, 1, 0, 3)
    less = book_of(
        ("N° facture", "SIRET", "Payée le", "Montant TTC"),
        (ready.number, siret, today, sum_paid - 1),
    )
    assert "déjà payée" in lines(rehearsed(party, "payments", less))[0][2]
    assert "prévenue" in str(undone(party, done).job.result["kept"])


@pytest.mark.parametrize("batch", [1, 500])
def test_equal_parts_of_one_day_are_as_many_payments_of_a_file(party, monkeypatch, batch):
    monkeypatch.setattr(running, "BATCH", batch)
    billed(party)
    ready = approved(party, filed(party))
    today, part = clock.today(), Decimal("5.00")

    def file(*amounts: Decimal) -> bytes:
        rows = [(ready.number, SELLER["siret"], today, amount) for amount in amounts]
        return book_of(("N° facture", "SIRET", "Payée le", "Montant TTC"), *rows)

    two = file(part, part)
    assert counts(rehearsed(party, "payments", two)) == (0, 2, 0, 0, 0)
    assert counts(applied(party, "payments", two)) == (0, 2, 0, 0, 0)
    # Nothing is announced twice; what might be other parts of the rest is left aside, and said.
    assert counts(applied(party, "payments", two)) == (0, 0, 0, 2, 0)
    rest = ready.total_with_vat - 3 * part
    more = file(part, part, part, rest, part)
    assert "il reste à payer 0,00" in lines(rehearsed(party, "payments", more))[0][2]
    assert counts(applied(party, "payments", more)) == (0, 2, 0, 2, 1)
    with system_scope("tests: payments"):
        paid = sorted(Payment.objects.filter(invoice=ready).values_list("amount", flat=True))
    assert paid == sorted([part, part, part, rest])
    assert again(ready).state == "announced"


def test_a_file_that_says_a_whole_payment_twice_announces_it_once(party, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 1)
    billed(party)
    ready = approved(party, filed(party))
    row = (ready.number, SELLER["siret"], clock.today(), ready.total_with_vat)
    file = book_of(("N° facture", "SIRET", "Payée le", "Montant TTC"), row, row)
    assert counts(rehearsed(party, "payments", file)) == (0, 1, 0, 0, 1)
    assert counts(applied(party, "payments", file)) == (0, 1, 0, 0, 1)
    assert counts(applied(party, "payments", file)) == (0, 0, 1, 0, 1)
    with system_scope("tests: payments"):
        assert Payment.objects.filter(invoice=ready).count() == 1


@pytest.mark.parametrize("batch", [1, 500])
def test_a_later_file_with_the_same_sum_and_day_is_a_second_part_by_its_reference(
    party, monkeypatch, batch
):
    monkeypatch.setattr(running, "BATCH", batch)
    billed(party)
    ready = approved(party, filed(party))
    today, part = clock.today(), Decimal("5.00")

    def file(*references: str) -> bytes:
        head = ("N° facture", "SIRET", "Payée le", "Montant TTC", "Référence")
        rows = [(ready.number, SELLER["siret"], today, part, code) for code in references]
        return book_of(head, *rows)

    assert counts(applied(party, "payments", file("VIR-1"))) == (0, 1, 0, 0, 0)
    assert counts(applied(party, "payments", file("VIR-1"))) == (0, 0, 1, 0, 0)
    assert counts(applied(party, "payments", file("VIR-1", "VIR-2"))) == (0, 1, 1, 0, 0)
    assert counts(applied(party, "payments", file("VIR-2", "VIR-1"))) == (0, 0, 2, 0, 0)
    with system_scope("tests: payments"):
        said = sorted(Payment.objects.filter(invoice=ready).values_list("reference", "amount"))
    assert said == [("VIR-1", part), ("VIR-2", part)]
    page = client_of(party, "desk").get(url(party, "contractor", "invoice", ready.pk)).text
    assert "virement VIR-2" in page


def test_without_a_reference_what_may_be_known_is_said_and_confirmed_by_a_person(party):
    billed(party)
    ready = approved(party, filed(party))
    row = (ready.number, SELLER["siret"], clock.today(), Decimal("5.00"))
    file = book_of(("N° facture", "SIRET", "Payée le", "Montant TTC"), row)
    applied(party, "payments", file)
    run = rehearsed(party, "payments", file)
    assert counts(run) == (0, 0, 0, 1, 0)
    ((_line, column, reason),) = lines(run, "skipped")
    assert (column, reason[:10]) == ("Montant TTC", "déjà connu")
    manager = client_of(party, "manager")
    page = manager.get(reverse("imports:run", args=[party.landlord.slug, run.pk])).text
    assert "1 ligne est peut-être déjà connue" in page
    assert "ce sont d’autres paiements" in page
    assert counts(applied(party, "payments", file, options={"again": True})) == (0, 1, 0, 0, 0)
    with system_scope("tests: payments"):
        assert Payment.objects.filter(invoice=ready).count() == 2


def test_a_confirmed_payment_is_announced_once_though_its_worker_was_killed(party, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 1)
    billed(party)
    ready = approved(party, filed(party))
    row = (ready.number, SELLER["siret"], clock.today(), Decimal("1.00"))
    file = book_of(("N° facture", "SIRET", "Payée le", "Montant TTC"), row, row)
    applied(party, "payments", file)
    run = rehearsed(party, "payments", file)
    finish, died = running._finish, list[int]()

    def killed(*args) -> None:
        died.append(1)
        if len(died) == 1:
            raise ConnectionError("the worker was killed")
        finish(*args)

    monkeypatch.setattr(running, "_finish", killed)
    actor = party.actor("manager")
    with scope_of(actor):
        imports.ask_apply(actor=actor, run=run, options={"again": True})
    jobs.run_open()
    run = fresh(run)
    assert "2 éléments étaient déjà écrits" in run.job.error
    with system_scope("tests: the sweep takes it again"):
        run.job.state, run.job.finished_at = "queued", None
        run.job.save()
    jobs.run_open()
    assert counts(fresh(run)) == (0, 2, 0, 0, 0)
    with system_scope("tests: payments"):
        assert Payment.objects.filter(invoice=ready).count() == 4


def test_a_part_of_an_invoice_is_paid_from_a_file_once_and_the_rest_later(party):
    billed(party)
    ready = approved(party, filed(party))
    today, whole = clock.today(), ready.total_with_vat

    def file(amount: Decimal) -> bytes:
        return book_of(
            ("N° facture", "SIRET", "Payée le", "Montant TTC"),
            (ready.number, SELLER["siret"], today, amount),
        )

    assert counts(applied(party, "payments", file(whole - 8))) == (0, 1, 0, 0, 0)
    assert again(ready).state == "approved"
    assert counts(applied(party, "payments", file(whole - 8))) == (0, 0, 1, 0, 0)
    assert "il reste à payer 8,00" in lines(rehearsed(party, "payments", file(Decimal(9))))[0][2]
    assert counts(applied(party, "payments", file(Decimal(8)))) == (0, 1, 0, 0, 0)
    assert again(ready).state == "announced"
    with system_scope("tests: payments"):
        assert [row.amount for row in Payment.objects.filter(invoice=ready)] == [whole - 8, 8]


def test_both_directions_are_told_once_when_much_is_blocked(party):
    invoice = filed(party, certified=False)
    relay.deliver_one_by_one()

    def held(amount: int) -> None:
        with system_scope("tests: blocks"):
            rows = Block.objects.filter(invoice=invoice, side="landlord", closed_at__isnull=True)
            assert rows.update(amount=amount)

    def told() -> list[tuple[str, str]]:
        relay.deliver_one_by_one()
        with system_scope("tests: notices"):
            rows = Notification.objects.filter(kind="blocked_over").order_by("created_at")
            return [(row.user.email, row.title) for row in rows.select_related("user")]

    held(100_000)
    assert (watch_totals(), told()) == (0, [])
    held(100_001)
    assert watch_totals() == 1
    assert watch_totals() == 0
    first = told()
    assert {email for email, _title in first} >= {party.manager.user.email, party.desk.user.email}
    assert all("Plus de 100 000 €" in SPACES.sub(" ", title) for _email, title in first)
    # Below and over again on the same day: nobody hears of it twice.
    held(1)
    assert watch_totals() == 0
    held(200_000)
    assert watch_totals() == 0
    assert told() == first
    with system_scope("tests: watch"):
        own = {"landlord_id": party.landlord.pk, "contractor_id": party.contractor.pk}
        assert services.watch_blocked(actor=party.actor("manager"), **own) is False


def test_what_is_done_and_not_invoiced_at_a_months_end(party):
    finished(party)
    order = party.order
    invoice = filed_elsewhere(party)
    today = clock.today()
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        with scope_of(party.actor(who)):
            (row,) = unbilled_of(party.actor(who), Period(today, today))
        assert (row.order.pk, row.invoiced) == (order.pk, 0)
        assert row.rest == row.order.budget.total_without_vat > 0
        address = url(party, side, "accounts_file", "non-facture", "csv")
        text = client_of(party, who).get(f"{address}?du={today}&au={today}").getvalue().decode()
        assert order.reference in text
        assert invoice.number not in text
    # Seen later: it was invoiced after that day only.
    with system_scope("tests"):
        Invoice.objects.filter(pk=invoice.pk).update(issued_on=today + timedelta(days=1))
    with scope_of(party.actor("manager")):
        assert len(unbilled_of(party.actor("manager"), Period(today, today))) == 2
