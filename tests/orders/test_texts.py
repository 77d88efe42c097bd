"""What tenants are told: every wording fits in two SMS, whatever the names."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from nexxio.core import clock, links
from nexxio.core.ids import new_id
from nexxio.core.models import Organisation
from nexxio.core.notifications import sms
from nexxio.core.notifications.registry import kinds_for
from nexxio.core.templatetags.ui import day
from orders.models import Order
from orders.tenant_notices import TENANT_TEXTS, tenant_text
from orders.wording import window_text

HOST = "https://suivi-des-travaux.paris-habitat-oph.nexxio.example"
LANDLORDS = (
    "RIVP",
    "Régie immobilière de la Ville de Paris",
    "Office public de l’habitat de la communauté d’agglomération Grand Paris Sud Seine-Essonne",
    "Société anonyme d’HLM Cœur d’Île-de-France " + "x" * 77,
    "X" * 120,
)
TITLES = (
    "Fuite",
    "Remplacement de la robinetterie de l’évier « côté cuisine » – œil-de-bœuf bloqué…",
    "y" * 160,
)
# The longest day and hours that French has.
WINDOW = window_text(
    datetime(2027, 9, 1, 8, 10, tzinfo=UTC), datetime(2027, 9, 1, 10, 40, tzinfo=UTC)
)


def test_the_first_of_a_month_is_written_as_the_french_write_it():
    assert WINDOW == "mercredi 1er septembre, entre 10 h 10 et 12 h 40"
    assert day(datetime(2027, 9, 1, 8, tzinfo=UTC), "full") == "mercredi 1er septembre 2027"
    assert day(clock.now(), "full").endswith(str(clock.today().year))
    assert day(date(2026, 12, 1), "letter") == "1er décembre 2026"


def sent(kind, landlord, title):
    """What leaves for the phone."""
    url = links.url_of(new_id())
    text = tenant_text(kind, landlord=landlord, title=title, window=WINDOW, step=title, url=url)
    assert text.count("{link}") == 1
    return sms.fold(text.replace("{link}", url)), url


@pytest.fixture(autouse=True)
def long_host(settings):
    settings.SITE_URL = HOST


@pytest.mark.parametrize("kind", TENANT_TEXTS)
@pytest.mark.parametrize("landlord", LANDLORDS)
@pytest.mark.parametrize("title", TITLES)
def test_every_text_takes_two_sms_at_most(kind, landlord, title):
    assert len(landlord) <= Organisation._meta.get_field("name").max_length
    assert len(title) <= Order._meta.get_field("title").max_length
    text, url = sent(kind, landlord, title)
    assert text.endswith(url)
    assert "{" not in text
    assert len(text) + len(sms._EXTENDED.findall(text)) <= 306
    assert sms.segments(text) <= 2


@pytest.mark.parametrize("kind", TENANT_TEXTS)
def test_another_script_fits_too(kind):
    """UCS-2: 134 characters in two segments, the link among them."""
    text, url = sent(kind, "Régie de Paris", "تسرب المياه تحت حوض المطبخ منذ مساء أمس")
    assert sms.segments(text) <= 2
    assert text.endswith(url)


def test_every_kind_that_writes_to_tenants_has_a_wording():
    (follow,) = {
        kind for event in TENANT_TEXTS for kind in kinds_for(event) if kind.name == "tenant_follow"
    }
    assert follow.event_kinds == set(TENANT_TEXTS)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Évier : l’eau coule « à côté »…", 'Évier : l\'eau coule "à coté"...'),
        ("Ça s’arrête à 14\N{NARROW NO-BREAK SPACE}h", "Ça s'arrete à 14 h"),
        ("cœur, œuvre, ŒUVRE – façade", "coeur, oeuvre, OEUVRE - facade"),
        ("Fuite 💧 urgente", "Fuite  urgente"),
        ("Łódź", "Łodz"),
        ("12 € [a]", "12 € [a]"),
    ],
)
def test_a_text_is_folded_into_a_phones_alphabet(text, folded):
    assert sms.fold(text) == folded


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
    ],
)
def test_segments_are_counted_as_networks_do(text, count):
    assert sms.segments(text) == count
