"""The order's PDF: what is on it, for whom, and that it is a document as the norms want it."""

from __future__ import annotations

import io
import re

import pikepdf
import pypdf
import pytest
import segno
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from nexxio.core import jobs, links, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Event, Job, Link
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import DocumentState, OrderContact, OrderDocument
from orders.services import LineInput
from orders.subscribers import make_pdf
from tests.factories.full import act, printed, visited

CODE = "4521-KRYPTON"
SPACES = re.compile(r"\s+")


@pytest.fixture
def coded(world, monkeypatch):
    """The first order has an access code to keep."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests"):
        OrderContact.objects.update(access=["digicode"], access_code=CODE)
    return world.first


def data_of(document: OrderDocument) -> bytes:
    with system_scope("tests"), default_storage.open(document.file.storage_path) as stream:
        return stream.read()


def text_of(data: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(data))
    return SPACES.sub(" ", " ".join(page.extract_text() for page in reader.pages))


def squeezed(text: str) -> str:
    return SPACES.sub("", text)


def test_somebody_waits_for_an_orders_paper(world):
    party = world.first
    with system_scope("tests: others are queued behind it"):
        papers = Job.objects.filter(kind="order.pdf", landlord=party.landlord)
        relay.deliver_one_by_one()
        assert {paper.is_awaited for paper in papers} == {True}


def test_issuing_an_order_prints_it_without_its_contact(coded):
    document = printed(coded)
    assert (document.number, document.state, document.in_clear) == (1, "ready", False)
    text = text_of(data_of(document))
    assert "612345678" not in squeezed(text)
    assert CODE not in text
    assert "Diallo" not in text
    assert "renseigné, masqué" in text


def test_it_says_what_is_needed_in_the_order_in_which_it_is_needed(coded):
    text = text_of(data_of(printed(coded)))
    order = coded.order
    wanted = [
        order.reference,
        "Où",
        "12 rue des Lilas",
        "Quand",
        "À faire avant le",
        "Accès",
        "Téléphone",
        "Ce qu’il faut faire",
        "L’eau coule sous l’évier depuis hier.",
        "Lignes de prix",
        "PLB-01",
        "TVA 10",
        "Total TTC",
        "Bailleur, qui appeler",
        "01 40 00 00 00",
        "2026-PLB",
        "Répondre à ce bon",
        "/bon/",
    ]
    found = [text.find(SPACES.sub(" ", word)) for word in wanted]
    assert -1 not in found, dict(zip(wanted, found, strict=True))
    assert found == sorted(found)


def test_accepting_prints_it_again_in_clear(coded):
    printed(coded)
    act(coded, "desk", services.accept_order, order_id=coded.order.pk)
    document = printed(coded)
    assert (document.number, document.in_clear) == (2, True)
    text = text_of(data_of(document))
    assert "06 12 34 56 78" in text
    assert CODE in text
    assert "Amina Diallo" in text


def test_it_is_tagged_titled_french_and_carries_its_fonts(coded):
    data = data_of(printed(coded))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot is not None
        assert str(pdf.Root.Lang) == "fr"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as meta:
            assert meta["pdfuaid:part"] == "1"
            assert coded.order.reference in meta["dc:title"]
        fonts = [obj for obj in pdf.objects if _is(obj, "/FontDescriptor")]
        assert fonts
        assert all(any(f"/FontFile{n}" in font for n in ("", "2", "3")) for font in fonts)
        assert all("Atkinson" in str(font.FontName) for font in fonts)
        tags = {str(obj.S) for obj in pdf.objects if _is(obj, "/StructElem") and "/S" in obj}
        assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"} <= tags
        figures = [obj for obj in pdf.objects if _is(obj, "/StructElem") and obj.S == "/Figure"]
        assert all("Code à scanner" in str(figure.Alt) for figure in figures)


def _is(obj, kind: str) -> bool:
    return isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == kind


def test_its_code_is_the_contractors_own_link_and_no_tenants(coded):
    document = printed(coded)
    text = squeezed(text_of(data_of(document)))
    with system_scope("tests"):
        (paper,) = Link.objects.filter(order_id=coded.order.pk)
    address = links.url_of(paper.pk, page="orders:paper")
    assert address in text
    assert links.token_of(coded.link.pk) not in text
    found = links.find(links.token_of(paper.pk))
    assert (found.party, found.contractor_id) == ("contractor", coded.contractor.pk)
    wanted = modules(address)
    assert wanted in drawn(data_of(document), len(wanted))


def modules(address: str) -> list[list[bool]]:
    code = segno.make(address, error="m", micro=False)
    return [[bool(cell) for cell in row] for row in code.matrix]


def drawn(data: bytes, size: int) -> list[list[list[bool]]]:
    """Squares of `size` modules that the pages draw as paths of runs, as segno does."""
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return [_grid(runs, size) for page in pages for runs in _paths(page)]


def _paths(page) -> list[list[tuple[float, float, float]]]:
    """Horizontal runs (y, from, to) of each stroked path, in the path's own units."""
    found, runs, at = [], [], (0.0, 0.0)
    for operands, operator in page.get_contents().operations:
        if operator == b"m":
            at = (float(operands[0]), float(operands[1]))
        elif operator == b"l":
            to = (float(operands[0]), float(operands[1]))
            runs.append((at[1], at[0], to[0]))
            at = to
        elif operator in (b"S", b"s", b"f", b"f*", b"n", b"B"):
            found.append(runs)
            runs = []
    return found


def _grid(runs, size: int) -> list[list[bool]]:
    grid = [[False] * size for _ in range(size)]
    for y, start, end in runs:
        row = int(y)
        if not 0 <= row < size or end > size:
            return []
        for cell in range(round(start), round(end)):
            grid[row][cell] = True
    return grid


def test_many_lines_take_several_pages_each_with_its_head(coded):
    with scope_of(coded.actor("manager")):
        order = services.draft_order(
            actor=coded.actor("manager"),
            data=coded.order_input(lines=tuple(LineInput(coded.item.pk, 1) for _ in range(60))),
        )
        coded.order = services.issue_order(actor=coded.actor("manager"), order_id=order.pk)
    reader = pypdf.PdfReader(io.BytesIO(data_of(printed(coded))))
    count = len(reader.pages)
    assert count >= 2
    for number, page in enumerate(reader.pages, start=1):
        head = SPACES.sub(" ", page.extract_text())
        assert f"Bon {order.reference} – page {number}/{count}" in head


def test_hostile_words_are_only_words(coded, monkeypatch):
    asked = []
    monkeypatch.setattr("socket.create_connection", lambda *args, **_k: asked.append(args))
    hostile = (
        "</p><script>alert(1)</script><img src='http://127.0.0.1:9/x.png'>"
        "<link rel=attachment href='file:///etc/passwd'>"
        "<style>body{background:url(http://127.0.0.1:9/y)}</style> {{ 7|add:7 }} &amp; \u202e fin"
    )
    with scope_of(coded.actor("manager")):
        order = services.draft_order(
            actor=coded.actor("manager"),
            data=coded.order_input(description=hostile, title="<b>Évier</b>"),
        )
        coded.order = services.issue_order(actor=coded.actor("manager"), order_id=order.pk)
    data = data_of(printed(coded))
    text = squeezed(text_of(data))
    assert "<script>alert(1)</script>" in text
    assert "<b>Évier</b>" in text
    assert "{{7|add:7}}" in text
    assert asked == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.attachments


def test_it_is_set_as_french_printers_do(coded):
    with scope_of(coded.actor("manager")):
        order = services.draft_order(
            actor=coded.actor("manager"),
            data=coded.order_input(description="""C’est l’évier ; "urgent" : 14 h 30 !"""),
        )
        coded.order = services.issue_order(actor=coded.actor("manager"), order_id=order.pk)
    reader = pypdf.PdfReader(io.BytesIO(data_of(printed(coded))))
    text = reader.pages[0].extract_text()
    # The font has one glyph for a space and a narrow one, which read back as the former.
    assert "C’est l’évier ; «\xa0urgent\xa0»\xa0: 14\xa0h\xa030 !" in text.replace("\u202f", " ")


def test_a_document_is_fetched_by_its_parties_only_with_its_reference(coded, world):
    printed(coded)
    url = reverse("orders:landlord_pdf", args=[coded.landlord.slug, coded.order.pk])
    for who, wanted in (("manager", 200), ("reader", 200), ("desk", 404)):
        client = Client()
        client.force_login(getattr(coded, who).user)
        response = client.get(url)
        assert response.status_code == wanted, who
        if wanted == 200:
            assert coded.order.reference in response["Content-Disposition"]
            assert response["Content-Disposition"].startswith("attachment")
            assert response.getvalue().startswith(b"%PDF-")
    stranger = Client()
    stranger.force_login(world.second.manager.user)
    assert stranger.get(url).status_code == 404


def test_the_contractors_clear_download_is_a_logged_look(coded):
    printed(coded)
    client = Client()
    client.force_login(coded.desk.user)
    url = reverse("orders:contractor_pdf", args=[coded.contractor.slug, coded.order.pk])
    assert client.get(url).status_code == 405

    def looks() -> int:
        with system_scope("tests"):
            return Event.objects.filter(kind="order.contact_read").count()

    assert client.post(url).status_code == 200
    assert looks() == 0, "nothing to read in a masked one"
    act(coded, "desk", services.accept_order, order_id=coded.order.pk)
    printed(coded)
    assert "06 12 34 56 78" in text_of(client.post(url).getvalue())
    assert looks() == 1


def test_an_order_that_was_returned_takes_the_clear_one_back(coded):
    printed(coded)
    act(coded, "desk", services.accept_order, order_id=coded.order.pk)
    printed(coded)
    act(coded, "desk", services.return_order, order_id=coded.order.pk, items=["access"])
    client = Client()
    client.force_login(coded.desk.user)
    url = reverse("orders:contractor_pdf", args=[coded.contractor.slug, coded.order.pk])
    assert "612345678" not in squeezed(text_of(client.post(url).getvalue()))
    act(coded, "manager", services.reissue_order, order_id=coded.order.pk)
    document = printed(coded)
    assert (document.number, document.in_clear) == (3, False)


def test_a_worker_that_fails_says_so_and_is_asked_again(coded, monkeypatch):
    def broken(_html):
        raise OSError("no pango")

    with monkeypatch.context() as patch:
        patch.setattr("nexxio.core.documents.print_pdf", broken)
        document = printed(coded)
    assert document.state == DocumentState.FAILED
    with system_scope("tests"):
        assert Event.objects.filter(kind="order.document_failed").exists()
        job = Job.objects.get(kind="order.pdf", landlord=coded.landlord)
        assert job.state == "failed"
    client = Client()
    client.force_login(coded.desk.user)
    page = reverse("orders:contractor_detail", args=[coded.contractor.slug, coded.order.pk])
    assert "pas pu être préparé" in client.get(page).content.decode()
    ask = reverse(
        "orders:contractor_document", args=[coded.contractor.slug, coded.order.pk, "preparer"]
    )
    assert client.post(ask).status_code == 302
    assert printed(coded).state == DocumentState.READY


def test_while_one_is_made_nobody_asks_for_another(coded, assert_nothing_happened):
    from nexxio.core import relay

    client = Client()
    client.force_login(coded.desk.user)
    page = reverse("orders:contractor_detail", args=[coded.contractor.slug, coded.order.pk])
    assert "en préparation" in client.get(page).content.decode()
    relay.deliver_one_by_one()
    assert "en préparation" in client.get(page).content.decode()
    with assert_nothing_happened(), pytest.raises(Refused):
        act(coded, "desk", services.ask_document, order_id=coded.order.pk)


def test_a_job_that_is_taken_again_makes_no_second_file(coded):
    document = printed(coded)
    with system_scope("tests"):
        job = Job.objects.get(kind="order.pdf", landlord=coded.landlord)
        events = Event.objects.count()
    with scope_of(coded.actor("manager")):
        assert make_pdf(job, jobs.Progress(job)) == {"number": document.number}
    with system_scope("tests"):
        assert Event.objects.count() == events
        assert OrderDocument.objects.get(pk=document.pk).file_id == document.file_id


def test_a_visit_stands_on_the_next_print(coded):
    visited(coded, state="confirmed")
    act(coded, "desk", services.ask_document, order_id=coded.order.pk)
    text = text_of(data_of(printed(coded)))
    assert "Rendez-vous confirmé" in text
