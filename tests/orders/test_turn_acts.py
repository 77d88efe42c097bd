"""Whose turn it is finds what to do at the top of the order page, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from orders import services
from tests.factories.acting import act
from tests.factories.certified import finished, newest
from tests.factories.extras import asked
from tests.factories.full import visited


@pytest.fixture
def first(world):
    return world.first


def turn_act(party, who: str):
    """Return the act that stands beside whose turn it is; the page shows it."""
    side, slug = (
        ("contractor", party.contractor.slug)
        if who == "desk"
        else ("landlord", party.landlord.slug)
    )
    browser = Client()
    browser.force_login(getattr(party, who).user)
    page = browser.get(reverse(f"orders:{side}_detail", args=[slug, party.order.pk]))
    found = page.context["turn_act"]
    assert ("ball__act" in page.text) is (found is not None)
    return found


def test_extra_works_are_answered_by_the_landlord(first):
    visited(first, state="on_site")
    row = asked(first)
    url = reverse("orders:landlord_variation", args=[first.landlord.slug, row.pk])
    assert turn_act(first, "manager") == {"label": "Examiner et répondre", "url": url}
    assert turn_act(first, "desk") is None


def test_a_certificate_is_signed_then_its_reserves_are_lifted(first):
    certificate = finished(first)
    url = reverse("orders:landlord_certificate", args=[first.landlord.slug, certificate.pk])
    assert turn_act(first, "manager") == {"label": "Lire et signer", "url": url}
    assert turn_act(first, "desk") is None
    typed = services.ReserveInput(text="Joint à reprendre", due_on=clock.today())
    act(
        first,
        "manager",
        services.sign_certificate,
        certificate_id=certificate.pk,
        reserves=[typed],
    )
    assert turn_act(first, "manager") is None
    assert turn_act(first, "desk") == {"label": "Voir les réserves", "url": "#reserves"}


def test_a_refused_certificate_is_corrected_by_the_company(first):
    finished(first)
    act(
        first,
        "manager",
        services.refuse_certificate,
        certificate_id=newest(first).pk,
        reason="incomplete",
        note="Le joint manque",
    )
    found = turn_act(first, "desk")
    assert found["url"].endswith("/constat/")
    assert turn_act(first, "manager") is None


def test_going_to_a_visit_of_another_day_is_asked_first(first):
    visit = visited(first, state="confirmed")
    browser = Client()
    browser.force_login(first.technician.user)
    url = reverse("orders:field_visit", args=[first.contractor.slug, visit.pk])
    with clock.moved_to(visit.window_start - timedelta(days=1)):
        assert "pas aujourd’hui. Y aller quand même" in browser.get(url).text
    with clock.moved_to(visit.window_start):
        assert "Y aller quand même" not in browser.get(url).text
