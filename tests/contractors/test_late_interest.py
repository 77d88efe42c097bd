"""The command: the design's cases through it, and every word that can't be."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from contractors import alert_days, rate_book
from contractors.legal_clock import Kind
from nexxio.core import clock
from nexxio.core.models import Rate
from nexxio.core.scoping import Scope, ScopeKind, open_scope
from tests.contractors.book import BOOK

pytestmark = pytest.mark.django_db

FIRST = {
    "regime": "oph",
    "amount": "12450.00",
    "received": "2024-05-13",
    "paid": "2024-09-02",
}
THIRD = {"regime": "oph", "amount": "8000.00", "received": "2025-01-06", "paid": "2025-03-20"}
ONCE = "2025-01-20:2025-02-03"


def words(options: dict[str, str], *stops: str) -> list[str]:
    found = [word for name, value in options.items() for word in (f"--{name}", value)]
    return found + [word for stop in stops for word in ("--interruption", stop)]


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("late_interest", *arguments, stdout=out)
    return out.getvalue()


def answer(options: dict[str, str], *stops: str) -> dict:
    return json.loads(said(*words(options, *stops), "--json"))


def refusal(*arguments: str) -> str:
    with pytest.raises(CommandError) as refused:
        said(*arguments)
    return str(refused.value).replace("\N{NO-BREAK SPACE}", " ")


def test_the_answer_has_exactly_five_names():
    assert answer(FIRST) == {
        "due": "2024-06-12",
        "days": 82,
        "rate": "12.50",
        "interest": "349.62",
        "indemnity": "40.00",
    }


@pytest.mark.parametrize(
    ("options", "stops", "due", "days", "rate", "interest"),
    [
        ({**FIRST, "regime": "esh"}, (), "2024-07-12", 52, "12.25", "217.28"),
        (THIRD, (ONCE,), "2025-03-05", 15, "11.15", "36.66"),
        ({**THIRD, "regime": "esh"}, (ONCE,), "2025-03-21", 0, "0.00", "0.00"),
        ({**THIRD, "regime": "sem"}, (ONCE,), "2025-03-21", 0, "0.00", "0.00"),
        (THIRD, (ONCE, "2025-02-10:2025-02-20"), "2025-03-05", 15, "11.15", "36.66"),
        (THIRD, ("2025-02-10:2025-02-20", ONCE), "2025-03-05", 15, "11.15", "36.66"),
        (THIRD, (f"{ONCE}:B01",), "2025-02-05", 43, "11.15", "105.08"),
        (THIRD, (f"{ONCE}:b01",), "2025-02-05", 43, "11.15", "105.08"),
        (THIRD, (f"{ONCE}:B05",), "2025-03-05", 15, "11.15", "36.66"),
        (
            {**FIRST, "amount": "10 000,00", "received": "2024-05-29", "paid": "2024-11-15"},
            (),
            "2024-06-28",
            140,
            "12.50",
            "479.45",
        ),
        (
            {**THIRD, "regime": "private", "amount": "5000", "paid": "2025-04-10"},
            (ONCE,),
            "2025-02-05",
            64,
            "13.15",
            "115.29",
        ),
        (
            {"regime": "private", "amount": "5000", "received": "2025-05-15", "paid": "2025-07-31"},
            (),
            "2025-06-14",
            47,
            "13.15",
            "80.42",
        ),
    ],
)
def test_the_cases_come_out_through_the_command(options, stops, due, days, rate, interest):
    found = answer(options, *stops)
    indemnity = "40.00" if days else "0.00"
    assert found == {
        "due": due,
        "days": days,
        "rate": rate,
        "interest": interest,
        "indemnity": indemnity,
    }


@pytest.mark.parametrize("code", ["B02", "B08", "B09", "B15", "B17", "B19", "B20", "B21"])
def test_causes_that_never_stop_the_clock(code):
    assert answer(THIRD, f"{ONCE}:{code}")["days"] == 43


@pytest.mark.parametrize("code", ["B03", "B07", "B11", "B12", "B16"])
def test_causes_that_always_do(code):
    assert answer(THIRD, f"{ONCE}:{code}")["days"] == 15


def test_causes_are_known_of_old_invoices_too():
    old = {**THIRD, "received": "2017-01-06", "paid": "2017-03-20"}
    assert answer(old, "2017-01-20:2017-02-03:B01")["interest"] == "75.40"


def test_with_a_rate_missing_amounts_are_null_and_the_reason_is_said():
    found = answer({**FIRST, "received": "2026-06-15", "paid": "2026-08-15"})
    assert found == {
        "due": "2026-07-15",
        "days": 31,
        "rate": None,
        "interest": None,
        "indemnity": None,
        "reason": "Taux inconnu pour le semestre qui commence le 01/07/2026 :"
        " aucun montant n’est calculé.",
    }


def test_a_receipt_before_the_first_row_has_no_due_date():
    found = answer({**FIRST, "received": "2001-06-15", "paid": "2001-08-15"})
    assert (found["due"], found["days"], found["interest"]) == (None, 0, None)
    assert found["reason"] == "Délai légal inconnu au 15/06/2001 : rien n’est calculé."


def test_unpaid_runs_until_today():
    unpaid = {name: value for name, value in FIRST.items() if name != "paid"}
    with clock.moved_to(datetime(2024, 9, 2, 10, tzinfo=UTC)):
        assert answer(unpaid) == answer(FIRST)
        assert "Impayée : calculé jusqu’au 02/09/2024." in plain(said(*words(unpaid)))


# --- In words -----------------------------------------------------------------------------------


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_in_words_it_is_an_estimate_with_its_lines():
    assert plain(said(*words(FIRST))).splitlines() == [
        "Estimation, sans valeur juridique",
        "",
        "Régime : OPH",
        "Montant TTC : 12 450,00 €",
        "Échéance : 12/06/2024",
        "Retard : 82 jours",
        "  du 13/06/2024 au 02/09/2024 : 82 jours à 12,50 % sur 12 450,00 €",
        "Intérêts : 349,62 €",
        "Indemnité forfaitaire : 40,00 €",
        "Intérêts et indemnité à payer avant le 17/10/2024 inclus.",
    ]


def test_in_words_each_suspension_has_its_effect():
    text = plain(said(*words(THIRD, ONCE, "2025-02-10:2025-02-20:B12")))
    assert "Suspension retenue : 20/01/2025 – 03/02/2025" in text
    assert (
        "Suspension sans effet : 10/02/2025 – 20/02/2025 (B12),"
        " une facture ne se suspend qu’une fois" in text
    )


def test_in_words_what_the_effect_depends_on_is_said():
    text = plain(said(*words(THIRD, f"{ONCE}:B05")))
    assert text.rstrip().endswith("Selon le cas : B05, Oui si le marché demande cette pièce.")
    assert "Selon le cas" not in plain(said(*words(THIRD, f"{ONCE}:B07")))


def test_in_words_nothing_late_provisional_and_missing():
    on_time = plain(said(*words({**FIRST, "paid": "2024-06-12"})))
    assert on_time.rstrip().endswith("Aucun retard : rien n’est dû.")
    provisional = plain(said(*words({**FIRST, "received": "2026-01-05", "paid": "2026-02-05"})))
    assert "Retard : 1 jour\n" in provisional
    assert "Taux provisoire : calculé, pas encore publié" in provisional
    missing = plain(said(*words({**FIRST, "received": "2026-07-01", "paid": "2026-09-05"})))
    assert missing.rstrip().endswith("aucun montant n’est calculé.")
    assert "€" not in missing.partition("Échéance")[2]


# --- Refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "text", "message"),
    [
        ("amount", "-12.00", "le montant doit être supérieur à zéro"),
        ("amount", "0", "le montant doit être supérieur à zéro"),
        ("amount", "", "un montant TTC est attendu"),
        ("amount", "nan", "un montant TTC est attendu"),
        ("amount", "1e5", "un montant TTC est attendu"),
        ("amount", "12.345", "un montant TTC est attendu"),
        ("amount", "9999999999999", "un montant TTC est attendu"),
        ("received", "", "n’est pas une date"),
        ("received", "2025-02-30", "« 2025-02-30 » n’est pas une date"),
        ("received", "13/05/2024", "AAAA-MM-JJ est attendu"),
        ("received", "20240513", "n’est pas une date"),
        ("received", "9999-12-31", "n’est pas une date"),
        ("paid", "demain", "n’est pas une date"),
        ("paid", "", "n’est pas une date"),
        ("regime", "", "choisissez parmi oph, esh, sem, private"),
        ("regime", "cooperative", "choisissez parmi"),
    ],
)
def test_a_word_that_cannot_be_is_refused_by_its_option(option, text, message):
    refused = refusal(*words({**FIRST, option: text}))
    assert refused.startswith(f"--{option} : ")
    assert message in refused


@pytest.mark.parametrize(
    ("stop", "message"),
    [
        ("2025-01-20", "n’a pas de fin : DÉBUT:FIN ou DÉBUT:FIN:CAUSE est attendu"),
        ("2025-01-20:", "la suspension du 2025-01-20 n’a pas de fin"),
        ("2025-01-20::B05", "la suspension du 2025-01-20 n’a pas de fin"),
        ("2025-01-20:x", "« x » n’est pas une date"),
        (":2025-01-20", "n’est pas une date"),
        ("2025-01-20:2025-01-19", "la fin précède le début"),
        ("2025-01-05:2025-01-19", "le début précède la réception"),
        (f"{ONCE}:B99", "« B99 » n’est pas une cause connue"),
        (f"{ONCE}:", "n’est pas une cause connue"),
        (f"{ONCE}:B05:B07", "« B05:B07 » n’est pas une cause connue"),
    ],
)
def test_an_interruption_that_cannot_be_is_refused(stop, message):
    refused = refusal(*words(THIRD, ONCE, stop))
    assert refused.startswith("--interruption : ")
    assert message in refused


def test_what_the_parser_refuses_is_said_in_french():
    assert refusal("--amount") == "--amount : une valeur est attendue, et une seule à la fois."
    assert refusal("--amont", "3") == "--amont 3 : option inconnue."


# --- The book -----------------------------------------------------------------------------------


def test_the_rows_of_the_database_are_those_of_the_design():
    def bare(book):
        return sorted(
            (r.kind, r.code, r.starts_on, r.ends_on, r.value, r.provisional)
            for r in book.rates
            if r.code not in {"bank-hold", *alert_days.CODES}  # the product's own, no rules of law
        )

    assert bare(rate_book.load()) == sorted(bare(BOOK))
    assert all(rate.source for rate in rate_book.load().rates)


def test_the_second_half_of_2026_is_not_known():
    book = rate_book.load()
    for kind in (Kind.LATE_PUBLIC, Kind.LATE_PRIVATE):
        assert book.on(kind, date(2026, 7, 1)) is None


def test_the_book_is_one_query_in_any_scope(django_assert_num_queries):
    with open_scope(Scope(kind=ScopeKind.USER)), django_assert_num_queries(1):
        rate_book.load()


@pytest.mark.parametrize(
    ("kind", "unit", "value"),
    [("payment_delay", "percent", "30"), ("vat", "day", "30"), ("clock_days", "day", "2.5")],
)
def test_a_delay_is_in_whole_days_and_nothing_else_is(as_system, kind, unit, value):
    rate = Rate(kind=kind, code="x", unit=unit, value=value, starts_on=date(2030, 1, 1), source="x")
    with pytest.raises(ValidationError, match="en jours entiers"):
        rate.full_clean()
