"""Headers of every page, no script or style inside, and nothing asked from a third party."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from nexxio.core import links
from nexxio.core.scoping import system_scope
from tests.access.matrix import ACCOUNT, CORE, ORDERS
from tests.access.test_canaries import ACTORS, answers_of

ROOT = Path(__file__).parents[2]
WANTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}
# What a browser fetches by itself, by element and attribute.
FETCHED = {
    ("link", "href"),
    ("script", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("iframe", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("video", "src"),
    ("audio", "src"),
    ("object", "data"),
    ("embed", "src"),
    ("use", "href"),
    ("image", "href"),
    ("form", "action"),
    ("button", "formaction"),
}


class Page(HTMLParser):
    """What a page would run, and what it would fetch."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.foreign: list[str] = []
        self._in: str = ""
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._in = tag if tag in ("script", "style") else ""
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(f"<{tag}>")
        for name, value in found.items():
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                self.inline.append(f"{tag} {name}={value}")
            if "javascript:" in value.lower():
                self.inline.append(f"{tag} {name}={value}")
            fetched = (tag, name) in FETCHED or name in ("hx-get", "hx-post", "sse-connect")
            if fetched and re.match(r"\s*([a-z][a-z0-9+.-]*:)?//", value, re.IGNORECASE):
                self.foreign.append(f"{tag} {name}={value}")


def rendered(world) -> dict[str, tuple[dict[str, str], str]]:
    """Address → headers and body of every page and fragment that somebody may open."""
    found = {}

    def keep(name: str, answer: HttpResponseBase) -> None:
        found[name] = dict(answer.items()), answer.getvalue().decode("utf-8", "replace")

    for who in ACTORS:
        for name, answer in answers_of(world, who, [*ORDERS, *CORE]):
            keep(f"{who} {name}", answer)
    stranger = Client()
    with system_scope("tests: headers"):
        token = links.token_of(world.first.link.pk)
    for url in (
        *(reverse(case.name, kwargs=case.args) for case in ACCOUNT),
        *("/nulle-part/", "/sante/", "/dev/composants/"),
        *(f"/s/{token}/", "/s/forged/"),
        *(f"/bon/{world.first.paper_token()}/{rest}" for rest in ("", "accepter/", "renvoyer/")),
    ):
        keep(f"stranger {url}", stranger.get(url))
    return found


@pytest.fixture
def everything(filled):
    found = rendered(filled)
    assert len(found) > 60
    return found


def directives(policy: str) -> dict[str, list[str]]:
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {name: values for name, *values in parts}


def test_every_answer_has_its_headers_and_asks_nobody_else(everything):
    wrong = []
    for name, (headers, body) in everything.items():
        wrong += [f"{name}: {key}" for key, value in WANTED.items() if headers.get(key) != value]
        if "geolocation=()" not in headers.get("Permissions-Policy", ""):
            wrong.append(f"{name}: Permissions-Policy")
        policy = headers.get("Content-Security-Policy", "")
        if "sandbox" not in policy:
            rules = directives(policy)
            assert rules["default-src"] == ["'self'"], name
            assert rules["style-src"] == ["'self'"], name
            assert rules["object-src"] == rules["frame-ancestors"] == ["'none'"], name
            assert not re.search(r"unsafe|https?:|\*", policy), name
            assert all(
                value == "'self'" or value.startswith("'nonce-") for value in rules["script-src"]
            ), name
        if headers["Content-Type"].startswith("text/html"):
            page = Page(body)
            wrong += [f"{name}: {what}" for what in (*page.inline, *page.foreign)]
    assert wrong == []


def test_the_parser_would_see_what_is_forbidden():
    """The canary sings."""
    page = Page(
        '<style>a{}</style><script>x</script><p style="a:b" onclick="x()"></p>'
        '<img src="//cdn.example/x.png"><a href="https://elsewhere.example">x</a>'
    )
    assert len(page.inline) == 4
    assert page.foreign == ["img src=//cdn.example/x.png"]


def test_sheets_and_scripts_name_no_other_site():
    """Comments of packages name their licences; those are in files of their own, not fetched."""
    wrong = []
    for path in (ROOT / "static").rglob("*"):
        if path.suffix == ".css":
            text = path.read_text(encoding="utf-8")
            wrong += re.findall(r"(?:url\(|@import)\s*[\"']?\s*(?:https?:)?//[^)\s]+", text)
        elif path.suffix in (".js", ".mjs"):
            text = path.read_text(encoding="utf-8")
            wrong += [
                f"{path.name}: {url}"
                for url in re.findall(r"[\"'`](?:https?:)?//[a-z0-9][^\"'`\s]*", text)
                if not re.search(r"//www\.w3\.org/", url)
            ]
        elif path.suffix == ".svg":
            text = path.read_text(encoding="utf-8")
            wrong += re.findall(r"(?:href|src)=[\"'](?:https?:)?//[^\"']+", text)
    assert wrong == []
    assert (Path(settings.BASE_DIR) / "static/dist/office.css").exists()
