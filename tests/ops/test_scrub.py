"""What the filter takes out of a line, and what it leaves."""

from __future__ import annotations

import json
import logging
import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from nexxio.ops import logs, scrub, sentry

TOKEN = "aZ3-kLmN0pQr5tUvWxYz_1B4"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("to claire.morel@rivp.example now", "to [e-mail] now"),
        ("call 06 12 34 56 78 or +33 6 12 34 56 78", "call [téléphone] or [téléphone]"),
        ("0612345678", "[téléphone]"),
        (f"Not Found: /s/{TOKEN}/photo/", "Not Found: /s/[…]/photo/"),
        ("/s/pas-un-jeton", "/s/[…]"),
        (f"/bon/{TOKEN}/accepter/", "/bon/[…]/accepter/"),
        ("GET /flux/?t=abc:def&depuis=12", "GET /flux/?t=[…]&depuis=12"),
        ("/compte/password/reset/key/1a-c5q0/", "/compte/password/reset/key/[…]/"),
        ("redis://:s3cret@broker:6379/0 is away", "redis://:[…]@broker:6379/0 is away"),
        ("postgresql://nexxio_site:pw@db/nexxio", "postgresql://nexxio_site:[…]@db/nexxio"),
        (f"session {TOKEN}", "session [jeton]"),
        (
            "duplicate key\nDETAIL:  Key (name)=(Dupont) already exists.\nLINE 1: SELECT 'x'",
            "duplicate key\nDETAIL: […]\nLINE 1: […]",
        ),
    ],
)
def test_people_and_secrets_are_taken_out(said, kept):
    assert scrub.text(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "order 01930d3e-7d5f-7c64-9f0a-0a1b2c3d4e5f accepted at 2026-11-24T08:30:00Z in 12.5 ms",
        "django.db.transaction.TransactionManagementError in nexxio/core/services.py:120",
        "/bailleur/regie-immobiliere-de-la-ville-de-paris-75/commandes/",
        "deliveries 1200000 of 3000000; 127.0.0.1:28000",
    ],
)
def test_what_an_operator_needs_stays(said):
    assert scrub.text(said) == said


def test_values_under_telling_keys_are_masked_all_the_way_down():
    line = {"phone": "x", "rows": [{"access_code": "4521"}], "count": 3, "has_email": True}
    clean = scrub.tree(line)
    assert clean == {
        "phone": "[…]",
        "rows": [{"access_code": "[…]"}],
        "count": 3,
        "has_email": True,
    }


def secret_routes() -> list[tuple[str, list[str]]]:
    """Routes with an argument that opens something by itself."""
    found = []

    def walk(resolver: URLResolver, prefix: str) -> None:
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                walk(entry, route)
            elif isinstance(entry, URLPattern):
                names = [
                    name
                    for name in entry.pattern.regex.groupindex
                    if name in {"token", "key", "code", "secret", "jeton"}
                ]
                if names:
                    found.append((route, names))

    walk(get_resolver(), "/")
    return found


def address_of(route: str, names: list[str], value: str) -> str:
    """Return an address of a route, with `value` for the arguments called so."""

    def filled(match: re.Match[str]) -> str:
        return value if match["name"] in names else "7"

    path = re.sub(r"\(\?P<(?P<name>\w+)>[^)]*\)", filled, route)
    path = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", filled, path)
    return path.replace("^", "").rstrip("$")


def test_every_route_that_carries_a_token_is_masked():
    # Without a digit, so that only the rule of the route itself can find it.
    token = "BjToNPbjVGFKPBuczZxTwKpa"
    routes = secret_routes()
    assert len(routes) >= 4
    for route, names in routes:
        path = address_of(route, names, token)
        assert token in path, route
        assert token not in scrub.text(path), route


def test_a_line_in_production_is_one_json_object_without_values_of_rows():
    row = "DETAIL: Key (x)=(Dupont)"
    try:
        raise ValueError("a.dupont@example.org is twice there\n" + row)
    except ValueError as error:
        record = logging.LogRecord(
            "nexxio", logging.ERROR, __file__, 1, "Not Found: /s/%s/", (TOKEN,), None
        )
        record.exc_info = (ValueError, error, error.__traceback__)
    line = json.loads(logs.formatter("json").format(record))
    assert line["event"] == "Not Found: /s/[…]/"
    assert line["level"] == "error"
    assert line["logger"] == "nexxio"
    assert "ValueError" in line["exception"]
    assert "a.dupont@" not in line["exception"]
    assert "(Dupont)" not in line["exception"]


def test_a_line_in_development_says_its_level_in_capitals():
    record = logging.LogRecord("nexxio", logging.WARNING, __file__, 1, "away", (), None)
    assert logs.formatter("plain").format(record).endswith("WARNING nexxio away")


def test_an_error_report_keeps_the_place_and_loses_the_people():
    event = {
        "user": {"email": "a@b.example", "ip_address": "10.0.0.1"},
        "server_name": "machine",
        "request": {
            "url": f"https://site.example/s/{TOKEN}/?x=1",
            "query_string": "q=Dupont",
            "cookies": {"sessionid": "x"},
            "data": {"name": "Dupont"},
            "headers": {"Cookie": "sessionid=x", "Host": "site.example", "User-Agent": "Mozilla"},
            "env": {"REMOTE_ADDR": "10.0.0.1"},
        },
        "exception": {"values": [{"type": "ValueError", "value": "06 12 34 56 78 is wrong"}]},
        "tags": {"path": f"/s/{TOKEN}/"},
    }
    sent = sentry.before_send(event, {})
    assert sent == {
        "request": {
            "url": "https://site.example/s/[…]/?x=1",
            "headers": {"Host": "site.example"},
        },
        "exception": {"values": [{"type": "ValueError", "value": "[téléphone] is wrong"}]},
        "tags": {"path": "/s/[…]/"},
    }
