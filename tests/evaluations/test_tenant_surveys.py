"""A landlord's own satisfaction survey: imported, shown beside our figure, never mixed in."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from evaluations import services
from evaluations.models import Result, TenantSurvey
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, page
from tests.evaluations.test_steering import told
from tests.factories.acting import act
from tests.factories.evaluated import own_survey
from tests.factories.impacted import agency_of
from tests.imports.books import book_of, csv_of
from tests.imports.steps import applied, counts, lines, rehearsed, undone

KIND = "tenant_surveys"
HEADINGS = (
    "Périmètre",
    "Date de l’enquête",
    "Nombre de répondants",
    "Nombre d’insatisfaits",
    "Part d’insatisfaits (%)",
    "Source ou institut",
)
DAY = date(2025, 3, 12)


@pytest.fixture
def party(world):
    agency_of(world.first, "Agence Nord")
    return world.first


def kept(party) -> dict[str, tuple]:
    with system_scope("tests"):
        rows = TenantSurvey.objects.filter(landlord=party.landlord).select_related("agency")
        return {str(one): (one.respondents, one.share, one.source) for one in rows}


def line(perimeter="Ensemble", day="12/03/2025", n="1250", number="355", share="", source="Ipsa"):
    return (perimeter, day, n, number, share, source)


def test_a_file_brings_a_figure_for_each_perimeter(party):
    data = csv_of(
        HEADINGS, line(), line("agence  nord de rivage habitat", n="80", number="", share="31,5 %")
    )
    assert counts(rehearsed(party, KIND, data)) == (2, 0, 0, 0, 0)
    assert kept(party) == {}
    assert counts(applied(party, KIND, data)) == (2, 0, 0, 0, 0)
    assert kept(party) == {
        "Ensemble du patrimoine, 12/03/2025": (1250, Decimal("28.40"), "Ipsa"),
        "Agence Nord de Rivage Habitat, 12/03/2025": (80, Decimal("31.50"), "Ipsa"),
    }
    assert counts(applied(party, KIND, data)) == (0, 0, 2, 0, 0)


def test_a_workbook_keeps_a_percent_cell_as_a_fraction(party):
    data = book_of(HEADINGS, ("Ensemble", DAY, 1250, None, 0.284, "Ipsa"))
    assert counts(applied(party, KIND, data)) == (1, 0, 0, 0, 0)
    assert kept(party)["Ensemble du patrimoine, 12/03/2025"][1] == Decimal("28.40")


def test_what_is_wrong_is_said_line_by_line(party):
    tomorrow = f"{clock.today() + timedelta(days=1):%d/%m/%Y}"
    run = applied(
        party,
        KIND,
        csv_of(
            HEADINGS,
            line("Agence Sud"),
            line(day=tomorrow),
            line(day="mars"),
            line(n="12,5"),
            line(n="0"),
            line(number="1251"),
            line(number=""),
            line(number="", share="1"),
            line(number="", share="128"),
            line(share="40"),
            line(source=""),
            line(""),
            line(),
            line("tout le patrimoine"),
        ),
    )
    assert counts(run) == (1, 0, 0, 0, 13)
    assert lines(run) == [
        (
            2,
            "Périmètre",
            "aucune agence de ce nom : écrivez Ensemble ou une agence ; vos agences :"
            " « Agence Nord de Rivage Habitat »",
        ),
        (3, "Date de l’enquête", "cette date n’est pas encore passée"),
        (
            4,
            "Date de l’enquête",
            "date illisible : écrivez 12/03/2026, 2026-03-12 ou 12 mars 2026",
        ),
        (5, "Nombre de répondants", "un nombre entier de personnes est attendu"),
        (6, "Nombre de répondants", "un répondant au moins est attendu"),
        (7, "Nombre d’insatisfaits", "plus d’insatisfaits que de répondants"),
        (8, "Nombre d’insatisfaits", "indiquez le nombre ou la part d’insatisfaits"),
        (9, "Part d’insatisfaits (%)", "part ambiguë : écrivez 1 % ou 100 %"),
        (10, "Part d’insatisfaits (%)", "une part entre 0 et 100 % est attendue"),
        (
            11,
            "Part d’insatisfaits (%)",
            "ne va pas avec le nombre d’insatisfaits, qui donne 28,40 %",
        ),
        (12, "Source ou institut", "Source ou institut : cette case est obligatoire"),
        (13, "Périmètre", "Périmètre : cette case est obligatoire"),
        (15, "", "déjà à la ligne 14 du fichier : la première compte"),
    ]


def test_the_same_day_again_replaces_and_an_undo_puts_back(party):
    first = applied(party, KIND, csv_of(HEADINGS, line()))
    second = applied(party, KIND, csv_of(HEADINGS, line(number="250")))
    assert counts(second) == (0, 1, 0, 0, 0)
    assert kept(party)["Ensemble du patrimoine, 12/03/2025"] == (1250, Decimal("20.00"), "Ipsa")
    undone(party, second)
    assert kept(party)["Ensemble du patrimoine, 12/03/2025"] == (1250, Decimal("28.40"), "Ipsa")
    undone(party, first)
    assert kept(party) == {}


def test_a_manager_keeps_and_withdraws_and_nobody_else(world, party):
    survey = own_survey(party)
    again = own_survey(party, share=Decimal(30))
    assert again.pk == survey.pk
    figure = {"agency_id": None, "held_on": DAY, "source": "Ipsa"}
    figure |= {"respondents": 10, "share": Decimal(20)}
    for who in ("clerk", "reader", "desk", "tenant"):
        with pytest.raises(Refused):
            act(party, who, services.withdraw_tenant_survey, survey_id=survey.pk)
        with pytest.raises(Refused):
            act(party, who, services.keep_tenant_survey, **figure)
    with system_scope("tests"):
        elsewhere = agency_of(world.second, "Agence Est").pk
    for wrong in (
        {"agency_id": elsewhere},
        {"held_on": clock.today() + timedelta(days=1)},
        {"respondents": 0},
        {"share": Decimal(101)},
        {"source": " "},
    ):
        with pytest.raises(Invalid):
            own_survey(party, **wrong)
    act(party, "manager", services.withdraw_tenant_survey, survey_id=survey.pk)
    with pytest.raises(Conflict):
        act(party, "manager", services.withdraw_tenant_survey, survey_id=survey.pk)
    with system_scope("tests"):
        told = Event.objects.filter(subject_id=survey.pk).order_by("recorded_at", "id")
        assert [(one.kind, one.payload.get("replaced")) for one in told] == [
            ("tenant_survey.kept", False),
            ("tenant_survey.kept", True),
            ("tenant_survey.withdrawn", None),
        ]


def test_only_members_of_that_landlord_read_it(world, party):
    own_survey(party)
    for of, who, count in (
        (party, "reader", 1),
        (party, "desk", 0),
        (party, "tenant", 0),
        (world.second, "manager", 0),
    ):
        with scope_of(of.actor(who)):
            assert TenantSurvey.objects.count() == count


def test_the_page_shows_it_beside_our_own_and_mixes_nothing(party):
    agency = agency_of(party, "Agence Nord")
    values = {"mean": Decimal("3.2"), "low": Decimal(3), "high": Decimal("3.4"), "needed": 5}
    told(party, "overall", "", "", n=60, dissatisfied=Decimal("0.25"), **values)
    told(party, "agency", str(agency.pk), agency.name, n=22, dissatisfied=Decimal("0.36"), **values)
    with system_scope("tests"):
        before = list(Result.objects.order_by("pk").values())
    own_survey(party, held_on=DAY)
    own_survey(party, held_on=DAY, agency_id=agency.pk, respondents=4, share=Decimal(50))
    with system_scope("tests"):
        assert list(Result.objects.order_by("pk").values()) == before
    shown = client_of(party, "manager").get(page(party, "landlord", "steering"))
    part = shown.context["page"].surveys
    whole, few = part.rows
    assert (whole.share, whole.measured.told.share) == ("28,4\N{NO-BREAK SPACE}%", "25\xa0%")
    assert whole.measured.quarter == str(Quarter.of(clock.today()).previous)
    assert (few.share, few.measured.told.share) == ("", "36\xa0%")
    assert few.why_not == "Trop peu de réponses pour être montré (4 sur 5)"
    html = " ".join(shown.content.decode().split())
    for words in (
        f"enquête du bailleur, Institut de {party.landlord.name}, 12 mars 2025",
        "28,4 %</strong>",
        "répondants)",
        "Nexxio ne l’a pas mesurée",
        "1 sur 3 (33 %)",
        "Importer une enquête",
    ):
        assert words in html, words
    assert "50,0" not in html
    reader = client_of(party, "reader").get(page(party, "landlord", "steering"))
    assert "28,4\xa0%" in reader.content.decode()
    assert "Importer une enquête" not in reader.content.decode()
    url = page(party, "landlord", "survey_withdraw", whole.survey.pk)
    assert url in html
    assert url not in reader.content.decode()
    client_of(party, "manager").post(url)
    assert list(kept(party)) == [str(few.survey)]
