"""What a tenant wrote tells neither who nor where once it is read by both sides."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluations import services
from evaluations.masking import MASK, masked
from evaluations.models import Ballot
from nexxio.core import clock
from nexxio.core.actors import SYSTEM
from nexxio.core.scoping import system_scope
from orders.models import OrderContact
from tests.factories.acting import act
from tests.factories.evaluated import T2R, asked_of


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Rappelez-moi au 06 12 34 56 78 merci", "06 12 34 56 78"),
        ("Mon numéro : +33 (0)612345678", "612345678"),
        ("Écrivez à jean.dupont@example.org.", "jean.dupont"),
        ("Au 12 bis, rue des Lilas on attend", "Lilas"),
        ("Toute la rue Victor Hugo est au courant", "Hugo"),
        ("Appartement 34, la fuite continue", "34"),
        ("Je suis au 3e étage, toujours rien", "3e"),
        ("Je vis à 75019 Paris", "75019"),
        ("Merci à Madame Dupond, très gentille", "Dupond"),
        ("KARIM a été parfait", "KARIM"),
        ("Merci, Benoit, bon travail", "Benoit"),
    ],
)
def test_what_names_somebody_or_a_place_is_masked(text, gone):
    found = masked(text, ["Karim Haddad", "Benoît Le Gall"])
    assert gone not in found
    assert MASK in found


@pytest.mark.parametrize(
    "text",
    [
        "Le technicien a réparé la fuite en 20 minutes, en 2026, pour 3 robinets.",
        "La porte d’entrée ferme mal ; il a pris la place de stationnement.",
        "Bon travail, mais la cage d’escalier est restée sale.",
    ],
)
def test_ordinary_words_stay(text):
    assert masked(text, ["Karim Haddad"]) == text


def test_a_counted_opinion_is_masked_by_the_names_of_its_order(world):
    party = world.first
    asked = asked_of(party, T2R)
    with system_scope("tests: who lives there"):
        OrderContact.objects.filter(order=party.order).update(name="Odile Marchand")
    given = {"evaluation_id": asked.pk, "marks": dict.fromkeys(asked.subjects, 4)}
    words = "Odile Marchand, 0612345678 : très bien"
    act(party, "tenant", services.answer_evaluation, **given, text=words)
    with system_scope("tests"):
        for days, service in ((15, services.reveal_due), (30, services.count_evaluation)):
            with clock.moved_to(clock.now() + timedelta(days=days)):
                assert service(actor=SYSTEM, evaluation_id=asked.pk)
        assert Ballot.objects.get(direction=T2R).text == f"{MASK}, {MASK} : très bien"
