"""How published results are shown: with their trend, and on pages of companies and contracts."""

from __future__ import annotations

import html
import re

from django.urls import reverse

from evaluations.models import Result
from evaluations.quarters import Quarter
from evaluations.selectors.results import Asked, results_page
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.models import Partnership
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, page
from tests.factories.evaluated import L2C, T2R

LAST = Quarter.of(clock.today()).previous


def page_of(party, who, **asked):
    actor = party.actor(who)
    with scope_of(actor):
        return results_page(actor, Asked(**asked))


def line_of(found, subject):
    (line,) = [one for one in (*found.axes, *found.criteria) if one.subject == subject]
    return line


def test_each_score_says_what_changed_and_its_last_quarters(world):
    party = world.first
    common = {"landlord": party.landlord, "subject": "trust", "direction": L2C, "n": 12}
    of = {
        "dimension": "contractor",
        "key": str(party.contractor.pk),
        "contractor": party.contractor,
    }
    quarters = [LAST, LAST.previous, LAST.previous.previous]
    with system_scope("tests: three quarters"):
        for quarter, mean in zip(quarters, ("4.2", "3.1", "3.0"), strict=True):
            values = {"level": "published", "mean": mean, "low": "3.8", "high": "4.6"}
            Result.objects.create(quarter=quarter.first, **common, **of, **values)
    view = {"dimension": "contractor", "key": str(party.contractor.pk)}
    told = line_of(page_of(party, "manager", **view), "trust").of_contractor
    assert told.trend == "en hausse, 3,1 avant"
    assert [mean for _when, mean in told.series] == ["3,0", "3,1", "4,2"]
    first = line_of(
        page_of(party, "manager", **view, quarter=quarters[2].first.isoformat()), "trust"
    ).of_contractor
    assert (first.trend, first.series) == ("", ())
    address = page(party, "landlord", "results") + f"?vue=contractor:{party.contractor.pk}"
    text = client_of(party, "manager").get(address).text
    assert "en hausse, 3,1 avant" in text
    assert ">3,0</span> → " in text


def test_a_company_looks_first_at_the_landlord_of_whom_most_is_told(world):
    party, other = world.first, world.second.landlord
    of = {"quarter": LAST.first, "direction": L2C, "subject": "trust", "dimension": "contractor"}
    company = {"contractor": party.contractor, "key": str(party.contractor.pk)}
    told = {"level": "published", "n": 12, "mean": "4.2", "low": "3.8", "high": "4.6"}
    with system_scope("tests: two landlords"):
        type(other).objects.filter(pk=other.pk).update(name="AAA Habitat")
        Partnership.objects.create(landlord=other, contractor=party.contractor)
        few = {"level": "few", "n": 1, "needed": 5}
        Result.objects.create(landlord=other, **of, **company, **few)
        Result.objects.create(landlord=party.landlord, **of, **company, **told)
    found = page_of(party, "desk")
    assert [view.label for view in found.views] == [party.landlord.name, "AAA Habitat"]
    assert found.title == party.landlord.name


def test_companies_pages_and_both_contract_pages_show_the_whole_line(world):
    party = world.first
    common = {"landlord": party.landlord, "quarter": LAST.first, "subject": "competence"}
    of = {
        "dimension": "contractor",
        "key": str(party.contractor.pk),
        "contractor": party.contractor,
    }
    values = {"level": "published", "mean": "3.4", "low": "3.0", "high": "3.8", "n": 12}
    more = {"asked": 30, "answered": 12, "dissatisfied": "0.25"}
    papers = reverse(
        "contractors:landlord_company_papers", args=[party.landlord.slug, party.contractor.pk]
    )
    assert "Évaluation réciproque, " not in client_of(party, "manager").get(papers).text
    with system_scope("tests: a result"):
        Result.objects.create(
            **common, **of, **values, **more, direction=T2R, fact="first_time", fact_value=92
        )
    slugs = {"landlord": party.landlord.slug, "contractor": party.contractor.slug}
    contract = {
        side: reverse(f"orders:{side}_contract", args=[slug, party.contract.pk])
        for side, slug in slugs.items()
    }
    for who, side, url in (
        ("manager", "landlord", papers),
        ("manager", "landlord", contract["landlord"]),
        ("desk", "contractor", contract["contractor"]),
    ):
        text = client_of(party, who).get(url).text
        assert f"Évaluation réciproque, {LAST}" in text
        assert "(3,0 à 3,8)" in text
        assert "réparé du premier coup" in text
        assert "repère du secteur : 1 sur 3" in text
        assert "(12 réponses sur 30 demandées)" in text
        link = re.search(rf'href="({page(party, side, "results")}\?[^"]+)"', text)
        followed = client_of(party, who).get(html.unescape(link.group(1))).text
        assert "(3,0 à 3,8)" in followed
    assert (
        "Évaluation réciproque, "
        not in client_of(world.second, "manager")
        .get(
            reverse(
                "orders:landlord_contract",
                args=[world.second.landlord.slug, world.second.contract.pk],
            )
        )
        .text
    )
