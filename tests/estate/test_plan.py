"""The plan: what a file would do, and that every row is accounted for once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexxio.core.estate.landlords import LandlordNames
from nexxio.core.estate.plan import (
    MAX_REFUSALS_SHOWN,
    FieldChange,
    GroupFields,
    Outcome,
    Plan,
    Planner,
    fields_of,
    make_plan,
)
from nexxio.core.estate.reader import EstateKey, EstateReader, OtherRow, Refusal
from nexxio.core.imports.csvfile import BrokenFile
from tests.estate.files import content, row, rows, stream

RIVP = LandlordNames(["RIVP"])
Existing = dict[EstateKey, GroupFields]


def plan_of(*found: dict[str, str], existing: Existing | None = None) -> Plan:
    reader = EstateReader(stream(content(*found)), wanted=RIVP.__contains__)
    return make_plan(reader, existing or {})


def after(plan: Plan) -> Existing:
    """The groups as they are once the plan was applied to none."""
    return {verdict.row.key: verdict.fields for verdict in plan.verdicts}


def test_new_keys_are_created():
    plan = plan_of(*rows(3))
    assert plan.counts == {Outcome.CREATED: 3}
    assert [verdict.row.line for verdict in plan.verdicts] == [2, 3, 4]
    assert plan.verdicts[0].address.label == "12 rue des Lilas Blancs"


def test_the_same_file_again_changes_nothing():
    found = rows(3)
    again = plan_of(*found, existing=after(plan_of(*found)))
    assert again.counts == {Outcome.UNCHANGED: 3}
    assert again.verdicts == []


def test_a_changed_row_says_each_field_before_and_after():
    existing = after(plan_of(row()))
    plan = plan_of(
        row(adresse_programme="14 RUE DES LILAS BLANCS", geo_point_2d=""), existing=existing
    )
    (verdict,) = plan.verdicts
    assert verdict.outcome is Outcome.CHANGED
    assert verdict.changes == (
        FieldChange("address", "12 RUE DES LILAS BLANCS", "14 RUE DES LILAS BLANCS"),
        FieldChange("latitude", "48.841235", ""),
        FieldChange("longitude", "2.391235", ""),
    )


def test_coordinates_that_differ_below_eleven_centimetres_do_not_change_a_group():
    existing = after(plan_of(row()))
    plan = plan_of(row(geo_point_2d="48.84123461, 2.39123459"), existing=existing)
    assert plan.counts == {Outcome.UNCHANGED: 1}


def test_the_key_is_identifier_year_nature_and_count():
    plan = plan_of(
        row(), row(annee=2015), row(nature_programme="maison relais"), row(nb_logmt_total=25)
    )
    assert plan.counts == {Outcome.CREATED: 4}


def test_others_and_nobody_are_skipped_and_counted_by_name():
    plan = plan_of(row(), row(bs="AXIMO"), row(bs="(vide)"), row(bs=""), row(bs="AXIMO"))
    assert plan.counts == {Outcome.CREATED: 1, Outcome.SKIPPED: 4}
    assert plan.others == {"AXIMO": 2, "": 2}


def test_a_wrong_row_of_another_landlord_is_skipped_not_refused():
    assert plan_of(row(bs="AXIMO", annee="x")).counts == {Outcome.SKIPPED: 1}


def test_a_row_repeated_word_for_word_counts_as_unchanged():
    plan = plan_of(row(), row())
    assert plan.counts == {Outcome.CREATED: 1, Outcome.UNCHANGED: 1}
    assert plan.repeated == 1


def test_a_key_repeated_with_other_content_is_refused_and_names_the_first_line():
    plan = plan_of(row(), row(id_livraison="9000009"), row(adresse_programme="99 RUE NEUVE"))
    assert plan.counts == {Outcome.CREATED: 2, Outcome.REFUSED: 1}
    (refusal,) = plan.refusals
    assert (refusal.line, refusal.column) == (4, "adresse_programme")
    assert refusal.reason == (
        "même programme que la ligne 2 (identifiant, année, nature et nombre de logements)"
        " mais contenu différent : adresse_programme"
    )


def test_a_key_repeated_with_another_financing_is_refused_too():
    plan = plan_of(row(nb_plai=24, nb_plus=0), row(nb_plai=0, nb_plus=24))
    assert plan.counts == {Outcome.CREATED: 1, Outcome.REFUSED: 1}
    assert plan.refusals[0].reason.endswith("nb_plai, nb_plus")


def test_a_refused_row_takes_no_key():
    plan = plan_of(row(code_postal="x"), row())
    assert plan.counts == {Outcome.CREATED: 1, Outcome.REFUSED: 1}


def test_groups_that_the_file_does_not_name_are_counted_and_left():
    existing = after(plan_of(*rows(3)))
    assert plan_of(row(), existing=existing).absent == 2


def test_too_many_programmes_of_one_landlord_are_refused_with_their_line():
    reader = EstateReader(stream(content(*rows(4))), wanted=RIVP.__contains__)
    with pytest.raises(BrokenFile, match=r"Ligne 5.*plus de 3 programmes"):
        list(Planner({}, max_own_rows=3).run(reader))


def test_details_of_refusals_are_bounded_but_counted():
    planner = Planner({})
    for line in range(MAX_REFUSALS_SHOWN + 5):
        planner.judge(Refusal(line, line, "", "", "x"), ())
    assert len(planner.plan.refusals) == MAX_REFUSALS_SHOWN
    assert planner.plan.counts[Outcome.REFUSED] == MAX_REFUSALS_SHOWN + 5


def test_names_of_others_are_bounded():
    planner = Planner({})
    for line in range(2_000):
        planner.judge(OtherRow(line, f"bailleur {line}"), ())
    assert len(planner.plan.others) == 500
    assert planner.plan.counts[Outcome.SKIPPED] == 2_000


def test_the_digest_tells_plans_apart_that_write_different_things():
    base = plan_of(*rows(2)).digest
    assert plan_of(*rows(2)).digest == base
    assert plan_of(*rows(2), row(bs="AXIMO")).digest == base
    assert plan_of(*rows(3)).digest != base
    assert plan_of(*rows(2, ville="Lyon")).digest != base


CELLS = st.fixed_dictionaries(
    {
        "id_livraison": st.sampled_from(["1", "2", "é", ""]),
        "annee": st.sampled_from(["2014", "2015", "14"]),
        "bs": st.sampled_from(["RIVP", "rivp", "AXIMO", "(vide)"]),
        "nb_logmt_total": st.sampled_from(["0", "3", "-1"]),
        "adresse_programme": st.sampled_from(["1 RUE A", "2 RUE B"]),
        "geo_point_2d": st.sampled_from(["", "48.8, 2.3"]),
    }
)
FIELDS = st.builds(
    GroupFields,
    st.sampled_from(["1 RUE A", "3 RUE C"]),
    st.just("75012"),
    st.just("Paris"),
    st.sampled_from([None, Decimal("48.800000")]),
    st.sampled_from([None, Decimal("2.300000")]),
)
KEYS = st.builds(
    EstateKey,
    st.sampled_from(["1", "2"]),
    st.sampled_from([2014, 2015]),
    st.just("logement familial"),
    st.sampled_from([0, 3]),
)


@given(st.lists(CELLS, max_size=12), st.dictionaries(KEYS, FIELDS, max_size=4))
def test_every_row_has_one_outcome_and_applying_settles_it(
    cells: list[dict[str, str]], existing: Existing
):
    found = [row(**each) for each in cells]
    plan = plan_of(*found, existing=existing)

    assert plan.rows == len(found)
    keys = [verdict.row.key for verdict in plan.verdicts]
    assert len(keys) == len(set(keys))
    for verdict in plan.verdicts:
        known = verdict.row.key in existing
        assert known == (verdict.outcome is Outcome.CHANGED)
        assert bool(verdict.changes) == known

    applied = existing | {verdict.row.key: fields_of(verdict.row) for verdict in plan.verdicts}
    again = plan_of(*found, existing=applied)
    assert again.verdicts == []
    assert again.counts[Outcome.REFUSED] == plan.counts[Outcome.REFUSED]
