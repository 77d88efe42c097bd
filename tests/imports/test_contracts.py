"""Contracts and warranties from files: rehearsed, applied, the same file twice, taken back."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from nexxio.core.models import Agency, Sector
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, ContractPlace, Warranty
from orders.services.contracts import contract_as_typed
from tests.factories.full import act
from tests.imports.books import book_of
from tests.imports.steps import applied, counts, lines, rehearsed, undone

HEADINGS = ("N° marché", "SIRET", "Objet", "Corps d’état", "Début", "Fin", "Plafond HT", "Délai")


SIRETS = ("44306184100047", "55208131766522")


@pytest.fixture
def party(world):
    for party, siret in zip((world.first, world.second), SIRETS, strict=True):
        party.contractor.siret = siret
        with system_scope("tests"):
            party.contractor.save(update_fields=["siret"])
    return world.first


def book(party, *more) -> bytes:
    siret = party.contractor.siret
    number = party.contract.number
    return book_of(
        HEADINGS,
        (
            "2027-14",
            siret,
            "Plomberie secteur nord",
            "Plomberie",
            "01/01/2027",
            "31/12/2029",
            "",
            10,
        ),
        (number, "", "", "", "", "", "250 000,00", 12),
        ("2027-15", "", "Sans entreprise", "Plomberie", "01/01/2027", "31/12/2029", "", ""),
        ("2027-16", "73282932000074", "Inconnue", "Plomberie", "01/01/2027", "31/12/2029", "", ""),
        ("2027-17", siret, "À l’envers", "Plomberie", "01/01/2029", "31/12/2027", "", ""),
        ("2027-18", siret, "Métier", "Astrologie", "01/01/2027", "31/12/2029", "", ""),
        ("2027-19", siret, "Jamais", "Plomberie", "01/01/2027", "31/12/2029", "", "0"),
        *more,
    )


def of(number: str) -> Contract:
    with system_scope("tests"):
        return Contract.objects.get(number=number)


def test_a_rehearsal_says_what_is_wrong_and_writes_nothing(party):
    run = rehearsed(party, "contracts", book(party))
    assert counts(run) == (1, 1, 0, 0, 5)
    assert [(line, column) for line, column, _reason in lines(run)] == [
        (4, "SIRET"),
        (5, "SIRET"),
        (6, "Fin"),
        (7, "Corps d’état"),
        (8, "Délai"),
    ]
    assert "parmi vos prestataires" in lines(run)[1][2]
    with system_scope("tests"):
        assert not Contract.objects.filter(number="2027-14").exists()


def test_contracts_are_opened_and_changed_once(party):
    assert counts(applied(party, "contracts", book(party))) == (1, 1, 0, 0, 5)
    made, changed = of("2027-14"), of(party.contract.number)
    assert (made.contractor_id, made.target_days, made.ceiling) == (party.contractor.pk, 10, None)
    assert (made.starts_on, made.ends_on) == (date(2027, 1, 1), date(2029, 12, 31))
    assert (changed.ceiling, changed.target_days) == (Decimal(250_000), 12)
    assert changed.title == party.contract.title
    assert changed.version == party.contract.version + 1
    assert counts(applied(party, "contracts", book(party))) == (0, 0, 2, 0, 5)
    assert of(party.contract.number).version == changed.version


def test_an_undo_takes_back_what_nobody_touched(party):
    was = of(party.contract.number)
    run = applied(party, "contracts", book(party))
    result = undone(party, run).job.result
    assert (result["removed"], result["restored"], result["kept"]) == (1, 1, [])
    now = of(party.contract.number)
    assert (now.ceiling, now.target_days) == (was.ceiling, was.target_days)


def test_an_undo_leaves_terms_that_a_person_has_changed(party):
    run = applied(party, "contracts", book(party))
    made = of("2027-14")
    with system_scope("tests"):
        data = contract_as_typed(made)
    act(
        party,
        "manager",
        services.change_contract,
        contract_id=made.pk,
        version=made.version,
        data=type(data)(**{**vars(data), "title": "Plomberie, secteur nord"}),
    )
    result = undone(party, run).job.result
    assert (result["removed"], result["restored"], len(result["kept"])) == (0, 1, 1)
    assert of("2027-14").title == "Plomberie, secteur nord"


def test_a_contract_keeps_its_company_and_its_landlord(world, party):
    other = world.second
    row = (party.contract.number, other.contractor.siret, "", "", "", "", "", 3)
    run = rehearsed(party, "contracts", book_of(HEADINGS, row))
    assert counts(run) == (0, 0, 0, 0, 1)
    assert counts(rehearsed(other, "contracts", book(party)))[:3] == (0, 0, 0)


CLAUSE_HEADINGS = (
    *("N° marché", "Règle d’attribution", "Rang", "Part des commandes (%)", "Pièces de la facture"),
    *("Pièces exigées avant de terminer", "L’entreprise peut annuler", "Clause de constat tacite"),
    *("Délai de régularisation", "Plafond d’une astreinte HT"),
)


def clauses(party, pieces: str, cap: object = 650) -> bytes:
    row = ("À tour de rôle", 2, 40, pieces, "oui", "x", "CCAP 12.3", 8, cap)
    return book_of(CLAUSE_HEADINGS, (party.contract.number, *row))


def test_clauses_come_from_a_file_and_go_with_its_undo(party):
    was = of(party.contract.number)
    file = clauses(party, "Photos après travaux ; compliance")
    run = applied(party, "contracts", file)
    assert counts(run) == (0, 1, 0, 0, 0)
    now = of(party.contract.number)
    assert (now.attribution, now.attribution_rank, now.attribution_share) == ("rotation", 2, 40)
    assert now.pieces == ["photos_after", "compliance"]
    assert (now.pieces_to_finish, now.contractor_cancels) == (True, True)
    assert (now.tacit_clause, now.regularisation_days) == ("CCAP 12.3", 8)
    assert (now.on_call, now.on_call_cap) == (True, Decimal(650))
    assert counts(applied(party, "contracts", file)) == (0, 0, 1, 0, 0)
    undone(party, run)
    back = of(party.contract.number)
    assert back.attribution == was.attribution
    assert (back.pieces, back.on_call, back.on_call_cap) == (was.pieces, was.on_call, None)


def test_nought_ends_the_on_call_rule_and_an_unknown_piece_is_named(party):
    applied(party, "contracts", clauses(party, "report"))
    applied(party, "contracts", clauses(party, "report", cap=0))
    assert (of(party.contract.number).on_call, of(party.contract.number).on_call_cap) == (
        False,
        None,
    )
    run = rehearsed(party, "contracts", clauses(party, "report, tampon"))
    assert counts(run) == (0, 0, 0, 0, 1)
    ((_line, column, reason),) = lines(run)
    assert (column, reason) == ("Pièces de la facture", "cette pièce n’est pas dans la liste")


def warranties(party) -> bytes:
    return book_of(
        ("Résidence", "N° logement", "Nature", "Entreprise", "Début", "Fin"),
        (party.unit.group.name, "", "GPA", "Bâtisseurs réunis", "01/02/2026", "31/01/2027"),
        (
            party.unit.group.name,
            party.unit.number,
            "Fabricant",
            "Saunier",
            "01/02/2026",
            "01/02/2028",
        ),
        ("Nulle part", "", "GPA", "Bâtisseurs réunis", "01/02/2026", "31/01/2027"),
        (party.unit.group.name, "", "GPA", "À l’envers", "01/02/2026", "31/01/2025"),
    )


def test_warranties_are_noted_once_and_taken_back(party):
    run = applied(party, "warranties", warranties(party), who="clerk")
    assert counts(run) == (2, 0, 0, 0, 2)
    assert [line for line, _column, _reason in lines(run)] == [4, 5]
    with system_scope("tests"):
        whole, one = Warranty.objects.order_by("ends_on")
        assert (whole.kind, whole.unit_id, whole.ends_on) == ("completion", None, date(2027, 1, 31))
        assert (one.kind, one.unit_id, one.company) == ("maker", party.unit.pk, "Saunier")
    assert counts(applied(party, "warranties", warranties(party))) == (0, 0, 2, 0, 2)
    act(party, "manager", services.end_warranty, warranty_id=one.pk)
    result = undone(party, run, who="clerk").job.result
    assert (result["removed"], len(result["kept"])) == (1, 1)


def territory(party) -> tuple[str, str, str]:
    """Return the names of an agency, of its sector and of a residence of the landlord."""
    with system_scope("tests: where the dwelling lies"):
        agency = Agency.objects.create(landlord=party.landlord, name="Nord")
        sector = Sector.objects.create(landlord=party.landlord, agency=agency, name="Ponts")
        return agency.name, sector.name, party.unit.group.name


def parts_of(number: str) -> set[str]:
    with system_scope("tests"):
        return set(
            ContractPlace.objects.filter(contract__number=number).values_list("name", flat=True)
        )


def test_a_file_says_the_perimeter_and_its_undo_puts_the_former_one_back(party):
    agency, sector, residence = territory(party)
    head = ("N° marché", "Périmètre")
    number = party.contract.number

    def file(said: str) -> bytes:
        return book_of(head, (number, said))

    run = applied(party, "contracts", file(f"{agency} ; {residence}"))
    assert counts(run) == (0, 1, 0, 0, 0)
    (changed,) = run.job.result["lines"]["changed"]
    assert changed["changes"][0].startswith("Périmètre : tout le patrimoine → Nord, ")
    assert len(parts_of(number)) == 2
    assert counts(applied(party, "contracts", file(f"{residence};{agency}"))) == (0, 0, 1, 0, 0)
    narrower = applied(party, "contracts", file(f"Nord · {sector}"))
    assert parts_of(number) == {"Nord · Ponts"}
    undone(party, narrower)
    assert len(parts_of(number)) == 2
    applied(party, "contracts", file("Tout le patrimoine"))
    assert parts_of(number) == set()


def test_a_perimeter_that_is_nowhere_is_refused_by_its_line(world, party):
    agency, _sector, _residence = territory(party)
    with system_scope("tests"):
        theirs = Agency.objects.create(landlord=world.second.landlord, name="Leur agence")
    number = party.contract.number
    run = rehearsed(
        party,
        "contracts",
        book_of(
            ("N° marché", "Périmètre", "Attribution"),
            (number, f"{agency} ; {theirs.name}", ""),
            (number, "Tout", "Par périmètre"),
        ),
    )
    found = [(line, column, reason) for line, column, reason in lines(run)]
    assert [(line, column) for line, column, _reason in found] == [
        (2, "Périmètre"),
        (3, "Périmètre"),
    ]
    assert "ni agence, ni secteur, ni résidence" in found[0][2]


def test_a_new_contract_with_its_perimeter_is_taken_back_whole(party):
    agency, _sector, _residence = territory(party)
    head = (*HEADINGS, "Périmètre", "Astreinte, de", "Astreinte, à", "Plafond d’une astreinte HT")
    siret = party.contractor.siret
    dates = ("01/01/2027", "31/12/2029")
    new = ("2027-30", siret, "Nord", "Plomberie", *dates, "", 10, agency, "18 h", "8h30", 900)
    run = applied(party, "contracts", book_of(head, new))
    assert counts(run) == (1, 0, 0, 0, 0)
    made = of("2027-30")
    assert (made.on_call_from, made.on_call_to) == (time(18), time(8, 30))
    assert parts_of("2027-30") == {"Agence Nord"}
    result = undone(party, run).job.result
    assert (result["removed"], result["kept"]) == (1, [])
    with system_scope("tests"):
        assert not Contract.objects.filter(number="2027-30").exists()
    wrong = ("2027-31", siret, "Nord", "Plomberie", *dates, "", 10, "", "25:00", "8:00", 900)
    (refused,) = lines(rehearsed(party, "contracts", book_of(head, wrong)))
    assert refused[1] == "Astreinte, de"
