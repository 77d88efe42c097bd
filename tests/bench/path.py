"""POST → commit → outbox → relay → event on the tenant's stream, on real processes."""

from __future__ import annotations

import asyncio
import http.client
import re
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from nexxio.core import live
from nexxio.demo.characters import PASSWORD
from tests.bench.push import percentiles
from tests.live.ears import listen
from tests.product import Site

ROUNDS = 60

_MAKE = """
import sys
from datetime import timedelta
from decimal import Decimal
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.http import actor_of
from nexxio.core.models import Membership, Unit
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, PriceItem
with system_scope("bench"):
    member = Membership.objects.select_related("user", "organisation").get(user__email="claire.morel@rivp.example")
    contract = Contract.objects.get(landlord=member.organisation, trades=["plomberie"])
    item = PriceItem.objects.filter(contract=contract).first()
    unit = Unit.objects.filter(landlord=member.organisation, kind="dwelling").first()
actor = actor_of(member)
with scope_of(actor):
    for n in range({count}):
        order = services.draft_order(actor=actor, data=services.OrderInput(
            unit_id=unit.pk, title=f"Mesure {{n}}", trade_code="plomberie", contract_id=contract.pk,
            description="Une commande pour mesurer le temps.", floor="1", door="G",
            target_date=clock.today() + timedelta(days=9), contact_name="Essai", phone="+33612345678",
            access=("free",), asbestos="no_material", lines=(services.LineInput(item.pk, Decimal(1)),)))
        services.issue_order(actor=actor, order_id=order.pk)
        print(order.pk, order.case_id)
"""


class Visitor:
    """A logged-in contractor on one kept connection."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection("127.0.0.1", parts.port)
        self.host = parts.netloc
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> tuple[int, str]:
        """Send one request with the cookies of this visitor."""
        headers = {
            "Host": self.host,
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
            "Referer": f"http://{self.host}/",
        }
        body = None
        if data is not None:
            token = self.cookies.get("csrftoken", "")
            body = urlencode({**data, "csrfmiddlewaretoken": token})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer.status, text

    def log_in(self, email: str) -> None:
        """Log in with the demo's password."""
        self.ask("GET", "/compte/login/")
        status, _text = self.ask("POST", "/compte/login/", {"login": email, "password": PASSWORD})
        if status != 302:
            raise RuntimeError(f"log-in answered {status}")


def prepare(site: Site, rounds: int) -> list[list[str]]:
    """Make the orders that `rounds` rounds accept; return the keys of order and case of each."""
    made = site.python(_MAKE.format(count=ROUNDS * rounds)).split("\n")
    return [line.split() for line in made if re.match(r"^[0-9a-f-]{36} ", line)]


def measure(site: Site, made: list[list[str]], sizes: list[int]) -> list[dict[str, Any]]:
    """Return, for each number of open pages, the POST's own time and the time to the event.

    Takes the orders that it accepts out of `made`.
    """
    # Tokens are signed here for the product's stream.
    settings.SECRET_KEY = site.env("site")["SECRET_KEY"]
    visitor = Visitor(site.url)
    visitor.log_in("helene.garnier@plomberie-lutece.example")
    visitor.ask("GET", "/prestataire/plomberie-lutece/")
    found = []
    for size in sizes:
        batch = [made.pop() for _ in range(ROUNDS)]
        found.append(asyncio.run(_round(site, visitor, batch, size)))
    return found


async def _round(site: Site, visitor: Visitor, rows: list[list[str]], size: int) -> dict[str, Any]:
    """Accept the orders one after the other, with `size` pages open, each on its own case.

    When there are fewer pages than orders they are closed and others opened on the way.
    """
    posts: list[float] = []
    events: list[float] = []
    for start in range(0, len(rows), size):
        batch = rows[start : start + size]
        cases = [case for _order, case in batch]
        cases += [f"{n:036d}" for n in range(size - len(cases))]
        tokens = [
            live.stream_token(holder=f"bench-{n}", channels=[live.channel_for_case(case)])
            for n, case in enumerate(cases)
        ]
        async with listen(len(tokens), tokens, f"{site.url}/flux/") as ears:
            for order, case in batch:
                path = f"/prestataire/plomberie-lutece/commandes/{order}/accepter/"
                began = time.perf_counter()
                status, _text = await asyncio.to_thread(visitor.ask, "POST", path, {})
                posts.append(time.perf_counter() - began)
                if status != 302:
                    raise RuntimeError(f"the POST answered {status}")
                arrived = await ears.arrivals(f"case.{case}", 1)
                events.append(arrived[0] - began)
    return {"listeners": size, "post": percentiles(posts), "event": percentiles(events)}
