"""A tenant is asked in his language: data with a version, remembered, and the marks compare."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from evaluations import services
from evaluations.languages import LANGUAGES, OTHERS, PHRASES
from evaluations.models import Answer, Question, Wording
from evaluations.selectors.tenant import languages_of
from nexxio.core import links
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, Tenant
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import done, evaluation_of, opinion_url
from tests.factories.acting import act
from tests.factories.evaluated import L2C, T2R, asked_of


def test_each_language_has_every_sentence_and_every_phrase_of_the_version(db):
    subjects = set(
        Question.objects.filter(direction=T2R, version=1).values_list("subject", flat=True)
    )
    assert set(languages_of(1)) == set(LANGUAGES)
    for language in OTHERS:
        rows = Wording.objects.filter(direction=T2R, version=1, language=language.code)
        found = dict(rows.values_list("code", "text"))
        assert set(found) == subjects | set(PHRASES)
        assert len(set(found.values())) == len(found)
    french = Wording.objects.filter(direction=T2R, version=1, language="fr")
    assert set(french.values_list("code", flat=True)) == set(PHRASES)


def test_the_page_is_read_in_the_language_that_was_chosen_and_stays_so(world):
    party = world.first
    done(party)
    url, client = opinion_url(party), Client()
    shown = client.get(url).text
    assert "Votre avis en 30 secondes" in shown
    for language in LANGUAGES.values():
        assert language.name in shown
    assert client.post(url, {"langue": "ar"}).status_code == 302
    follow = reverse("tenants:follow", args=[links.token_of(party.link.pk)])
    for address in (url, follow):  # of another browser too
        text = Client().get(address).text
        assert 'lang="ar" dir="rtl"' in text
    text = client.get(url).text
    followed = Client().get(follow).text
    assert "قل شكراً" in followed
    assert "شكراً لفريق" in followed
    for words in ("تم حل المشكلة.", "رأيك في 30 ثانية", "إرسال رأيي", "لا أعرف / لا ينطبق"):
        assert words in text
    assert "Le problème est réglé." not in text
    missing = client.post(url, {"competence": "5"})
    assert missing.status_code == 422
    assert "اختر درجة" in missing.text
    found = evaluation_of(T2R)
    given = dict.fromkeys(found.subjects, "4")
    assert "شكراً" in client.post(url, given, follow=True).text
    thanks = reverse("evaluations:tenant_thanks", args=[links.token_of(party.link.pk), "dire"])
    thanked = client.post(thanks, follow=True).text
    assert thanked.count("تم تسجيل شكرك") == 2  # the message, and the card
    assert "Merci enregistré" not in thanked
    assert client.post(url, {"langue": "xx"}).status_code == 302
    with system_scope("tests"):
        answer = Answer.objects.get(evaluation=found)
        assert answer.marks == dict.fromkeys(found.subjects, 4)  # by subject, whatever the words
        assert not Event.objects.filter(kind__contains="language").exists()


def test_a_tenant_is_asked_first_in_the_language_that_we_know_of_him(world):
    party = world.first
    with system_scope("tests"):
        Tenant.objects.filter(pk=party.tenant.pk).update(language="uk")
    done(party)
    assert "Проблему вирішено." in Client().get(opinion_url(party)).text
    found = evaluation_of(T2R)
    with pytest.raises(Invalid):
        act(party, "tenant", services.choose_language, evaluation_id=found.pk, language="xx")
    ours = asked_of(party, L2C)
    with pytest.raises(Refused):
        act(party, "manager", services.choose_language, evaluation_id=ours.pk, language="en")
    with pytest.raises(type(found).DoesNotExist):
        act(world.second, "tenant", services.choose_language, evaluation_id=found.pk, language="en")
