"""The technician's phone: a form that was refused, and what comes after it."""

from __future__ import annotations

import io
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.full import visited


def _url(party, visit, *action):
    name = "orders:field_act" if action else "orders:field_visit"
    return reverse(name, args=[party.contractor.slug, visit.pk, *action])


def test_the_page_after_a_refused_photo_still_listens_to_the_visit(client, world):
    first = world.first
    visit = visited(first, state="confirmed")
    client.force_login(first.technician.user)
    broken = SimpleUploadedFile("porte.jpg", io.BytesIO(b"no photo").read())
    page = client.post(_url(first, visit, "photo"), {"photo": broken, "moment": "after"})
    assert page.status_code == 422
    assert f'hx-get="{_url(first, visit)}"' in page.content.decode()
    again = client.get(_url(first, visit, "photo"))
    assert (again.status_code, again["Location"]) == (302, _url(first, visit))


def test_every_part_of_a_visit_is_renewed_when_there_is_news(client, world):
    first = world.first
    client.force_login(first.technician.user)
    page = client.get(_url(first, visited(first, state="confirmed"))).text
    parts = re.findall(r'id="([\w-]+)" data-live-part', page)
    (listed,) = re.findall(r'hx-select-oob="([^"]*)"', page)
    assert len(parts) > 5
    assert sorted(listed.split(",")) == sorted(f"#{part}" for part in parts)
