"""Causes of a block: the rows as law has them, dated, kept up by platform staff."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from contractors import causes_book
from contractors.causes import CauseBook, CauseCode, CauseRule, Holder, StopsClock
from contractors.models import Cause
from nexxio.core.models import Department
from nexxio.core.scoping import Scope, ScopeKind, open_scope

DAY = date(2026, 6, 1)
L, C, J = Holder.LANDLORD, Holder.CONTRACTOR, Holder.TO_JUDGE
YES, NO, DEPENDS = StopsClock.YES, StopsClock.NO, StopsClock.DEPENDS

# Who holds it, reasons sent, whether it stops the clock: the table of the design, row by row.
TABLE = {
    "B01": (L, (), NO),
    "B02": (L, ("CMD_ERR",), NO),
    "B03": (C, ("CMD_ERR",), YES),
    "B04": (L, ("CMD_EJ_ERR",), DEPENDS),
    "B05": (C, ("JUSTIF_ABS",), DEPENDS),
    "B06": (L, ("JUSTIF_ABS", "LIVR_INCOMP"), DEPENDS),
    "B07": (C, ("JUSTIF_ABS",), YES),
    "B08": (J, ("QTE_ERR",), NO),
    "B09": (J, ("PU_ERR", "ART_ERR"), NO),
    "B10": (C, ("MONTANTTOTAL_ERR", "CALCUL_ERR"), DEPENDS),
    "B11": (C, ("TX_TVA_ERR",), YES),
    "B12": (C, ("NON_CONFORME", "SIRET_ERR", "COORD_BANC_ERR"), YES),
    "B13": (C, ("DOUBLON",), DEPENDS),
    "B14": (J, ("DEST_ERR", "ROUTAGE_ERR"), DEPENDS),
    "B15": (L, ("CONTRAT_TERM",), NO),
    "B16": (C, ("ST_CT_NON_DECLAR",), YES),
    "B17": (C, ("AUTRE",), NO),
    "B18": (J, ("QUALITE_ERR",), DEPENDS),
    "B19": (L, ("AUTRE",), NO),
    "B20": (L, (), NO),
    "B21": (L, (), NO),
}


@pytest.fixture
def book(db) -> CauseBook:
    return causes_book.load()


@pytest.fixture
def staff(world) -> Client:
    client = Client()
    client.force_login(world.staff)
    return client


def rule(**changes) -> CauseRule:
    return CauseRule(
        **{
            "code": CauseCode.SIGN_OFF,
            "label": "Quitus",
            "request": "Ajoutez-le",
            "holder": C,
            "stops_clock": YES,
            **changes,
        }
    )


def test_the_rows_say_what_the_table_says(book):
    found = {
        known.code.value: (known.holder, known.reasons, known.stops_clock)
        for known in book.all_on(DAY)
    }
    assert found == TABLE
    assert {code.value for code in CauseCode} == set(TABLE)


@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2019, 3, 31), date(2049, 1, 1)])
def test_every_cause_is_known_on_any_day(book, day):
    assert len(book.all_on(day)) == 21


def test_every_cause_has_words_and_a_source(book):
    for known in book.all_on(DAY):
        assert known.label, known.code
        assert known.source, known.code
        assert ":" in known.request, known.code
        assert known.stops_clock == YES or known.stops_note, known.code
        assert known.department in {"", *Department.values}
    request = "Il manque la signature du constat\N{NO-BREAK SPACE}: signez-le"
    assert book.on("B01", DAY).request == request


def test_services_that_hold_are_those_of_the_table(book):
    assert book.on("B15", DAY).department == Department.MARCHES
    assert book.on("B20", DAY).department == Department.COMPTABILITE
    for code in ("B01", "B02"):
        assert book.on(code, DAY).department == ""
    for known in book.all_on(DAY):
        if known.holder == J and known.code != CauseCode.RECIPIENT:
            assert known.department == Department.MARCHES


def test_an_unknown_code_has_no_rule(book):
    assert book.on("B99", DAY) is None
    assert causes_book.cause_on("B99", DAY) is None
    assert causes_book.cause_on("B05", DAY) == book.on("B05", DAY)


@pytest.mark.parametrize(
    ("stops", "unless_said", "said", "expected"),
    [
        (YES, False, None, True),
        (YES, False, False, True),
        (NO, False, True, False),
        (NO, False, None, False),
        (DEPENDS, False, None, False),
        (DEPENDS, True, None, True),
        (DEPENDS, True, False, False),
        (DEPENDS, False, True, True),
    ],
)
def test_what_is_said_counts_only_where_it_depends(stops, unless_said, said, expected):
    known = rule(stops_clock=stops, stops_unless_said=unless_said)
    assert known.interrupts(said=said) is expected


def test_a_row_holds_from_its_first_to_its_last_day():
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    known = rule(starts_on=first, ends_on=last)
    assert [known.holds_on(day) for day in (date(2025, 12, 31), first, last, date(2026, 7, 1))] == [
        False,
        True,
        True,
        False,
    ]
    later = rule(label="Nouveau", starts_on=date(2026, 7, 1))
    both = CauseBook.of([known, later])
    assert both.on("B05", last) == known
    assert both.on("B05", date(2027, 1, 1)) == later
    assert both.on("B05", date(2025, 1, 1)) is None


# --- The administration -------------------------------------------------------------------------


def address(page: str, *args) -> str:
    return reverse(f"admin:contractors_cause_{page}", args=args)


def typed(**changes) -> dict[str, str]:
    return {
        "code": "B05",
        "label": "Quitus absent",
        "request": "Il manque le quitus : ajoutez-le",
        "holder": "contractor",
        "holder_note": "",
        "department": "",
        "reasons": "JUSTIF_ABS, AUTRE",
        "stops_clock": "depends",
        "stops_unless_said": "on",
        "stops_note": "",
        "starts_on": "01/01/2027",
        "ends_on": "",
        "source": "Spécifications v3.3",
        **changes,
    }


@pytest.mark.urls("tests.kernel.admin_urls")
def test_staff_end_a_rule_and_write_the_next_one(staff):
    refused = staff.post(address("add"), typed())
    assert "Une autre ligne de B05 vaut depuis toujours" in refused.content.decode()
    former = Cause.objects.get(code="B05")
    ended = staff.post(
        address("change", former.pk),
        typed(label=former.label, starts_on="", ends_on="31/12/2026", code="B01"),
    )
    assert ended.status_code == 302
    former.refresh_from_db()
    assert (former.code, former.ends_on) == ("B05", date(2026, 12, 31))
    assert staff.post(address("add"), typed()).status_code == 302
    book = causes_book.load()
    assert book.on("B05", date(2026, 12, 31)).label == "Quitus du locataire absent"
    assert book.on("B05", date(2027, 1, 1)).reasons == ("JUSTIF_ABS", "AUTRE")
    made = Cause.objects.get(code="B05", starts_on=date(2027, 1, 1))
    again = staff.post(address("add"), typed(starts_on="01/06/2027"))
    assert "vaut du 01/01/2027" in again.content.decode()
    overlapping = staff.post(address("change", former.pk), typed(starts_on="", ends_on=""))
    assert "Une autre ligne de B05 vaut du 01/01/2027" in overlapping.content.decode()
    for row in (former, made):
        entries = LogEntry.objects.filter(
            content_type__model="cause", object_id=str(row.pk), user__isnull=False
        )
        assert entries.count() == 1


@pytest.mark.urls("tests.kernel.admin_urls")
def test_what_cannot_be_is_refused_beside_the_form(staff):
    backwards = typed(starts_on="01/03/2027", ends_on="01/02/2027")
    assert "La fin précède le début" in staff.post(address("add"), backwards).content.decode()
    page = staff.post(address("add"), typed(stops_clock="yes")).content.decode()
    assert "ne se dit que « selon le cas »" in page
    assert staff.post(address("add"), typed(code="B99")).status_code == 200
    assert Cause.objects.count() == 21


def test_the_site_reads_causes_and_writes_none(db):
    with open_scope(Scope(kind=ScopeKind.USER)):
        assert Cause.objects.count() == 21
        with pytest.raises(DatabaseError), transaction.atomic():
            Cause.objects.update(stops_clock="no")


def test_the_database_takes_one_row_since_ever(as_system):
    row = Cause.objects.get(code="B07")
    with pytest.raises(IntegrityError, match="one_cause_per_day"), transaction.atomic():
        Cause.objects.create(
            code="B07",
            label="x",
            request="x",
            holder=row.holder,
            stops_clock=row.stops_clock,
            source="x",
        )
