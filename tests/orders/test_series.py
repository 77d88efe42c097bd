"""Certificates signed in series: one after the other, each with its photos and its sum."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.scoping import system_scope
from orders.models import Certificate
from tests.factories.certified import finished, newest

NOBODYS = "0199c0de-0000-7000-8000-000000000000"


@pytest.fixture
def first(world):
    return world.first


@pytest.fixture
def browser(first):
    client = Client()
    client.force_login(first.manager.user)
    return client


@pytest.fixture
def url(first):
    return reverse("orders:landlord_series", args=[first.landlord.slug])


def test_one_is_shown_passed_over_and_signed(first, browser, url):
    certificate = finished(first)
    page = browser.get(url)
    text = page.content.decode()
    assert "1 constat à voir" in text
    assert "Signer pour" in text
    assert first.order.reference in text

    passed = browser.get(url, {"apres": page.context["series"].key}).content.decode()
    assert "Vous êtes au bout de la série" in passed
    assert "Revoir le constat passé" in passed
    assert newest(first).state == "to_sign"

    after = browser.post(url, {"constat": certificate.pk}, follow=True).content.decode()
    assert newest(first).state == "signed"
    assert "Tout est signé" in after
    assert "1 signé aujourd’hui" in after
    # The same key twice, or a colleague who was faster: said, and the series goes on.
    again = browser.post(url, {"constat": certificate.pk}, follow=True)
    assert first.order.reference in str(next(iter(again.context["messages"])))
    with system_scope("tests"):
        assert Certificate.objects.count() == 1


def test_one_is_refused_with_a_word_or_not_at_all(first, browser, url):
    certificate = finished(first)
    data = {"constat": certificate.pk, "refuse": "1", "reason": "quality", "note": ""}
    wrong = browser.post(url, data)
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) <= {"reason", "note"}
    assert "note" in wrong.context["form"].errors
    assert newest(first).state == "to_sign"
    reason = wrong.context["form"].fields["reason"].choices[0][0]
    browser.post(url, {**data, "reason": reason, "note": "Refaire le joint."})
    assert newest(first).state == "refused"


def test_what_is_above_the_limit_or_of_nobody_is_not_met(first, browser, url):
    certificate = finished(first)
    with system_scope("tests"):
        Certificate.objects.filter(pk=certificate.pk).update(total_without_vat="999999.00")
        first.manager.spend_limit = 100
        first.manager.save()
    assert "Tout est signé" in browser.get(url).content.decode()
    assert browser.post(url, {"constat": NOBODYS}).status_code == 404
    assert browser.post(url, {"constat": "rien"}).status_code == 404
