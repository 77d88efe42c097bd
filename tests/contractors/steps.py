"""How the tests of invoices come to their pages."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from tests.factories.world import Party


def client_of(party: Party, who: str) -> Client:
    client = Client()
    client.force_login(getattr(party, who).user)
    return client


def url(party: Party, side: str, name: str, *args, app: str = "contractors") -> str:
    house = party.landlord if side == "landlord" else party.contractor
    return reverse(f"{app}:{side}_{name}", args=[house.slug, *args])
