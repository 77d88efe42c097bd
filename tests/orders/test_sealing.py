"""What was signed is sealed: the PDF can be verified by anybody, and a change shows."""

from __future__ import annotations

import io

import pypdf
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from nexxio.core import links, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Job, StoredFile
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Certificate, Order, SignOff
from orders.selectors.certificates import certificate_sheet
from orders.services.seal_states import verify_token
from orders.services.sign_off_seals import SEAL
from tests.factories.acting import act
from tests.factories.certified import newest, reserved_elsewhere, signed
from tests.factories.full import visited, worked


@pytest.fixture
def first(world):
    return world.first


def _sealed(party) -> Certificate:
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        jobs = list(Job.objects.filter(kind="certificate.pdf", state="queued"))
    for job in jobs:
        worked(job)
    return newest(party)


def _bytes(certificate: Certificate) -> bytes:
    from django.core.files.storage import default_storage

    with system_scope("tests: file"):
        row = StoredFile.objects.get(pk=certificate.file_id)
    return default_storage.open(row.storage_path).read()


def _verify_url(certificate: Certificate) -> str:
    return reverse("orders:verify", args=[verify_token("certificate", certificate.pk)])


def test_the_seal_is_valid_and_says_what_it_is_of(first, settings):
    signed(first)
    certificate = _sealed(first)
    assert certificate.seal == "sealed"
    pdf = _bytes(certificate)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    words = " ".join(text.split())
    assert first.order.reference in words
    assert str(first.manager.user) in words
    assert certificate.content_sha256[:16] in text.replace("\n", "")
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    own = list(load_certs_from_pemder([str(settings.SEAL_PATH)]))[-1:]
    context = ValidationContext(trust_roots=own, allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=context)
    assert status.intact
    assert status.valid
    assert status.modification_level == ModificationLevel.NONE


@pytest.mark.parametrize(
    ("nature", "kind"),
    [
        ("vacant", "Procès-verbal de réception avec réserves"),
        ("maintenance", "Constat de service fait partiel"),
    ],
)
def test_the_sealed_document_says_that_there_are_reserves(first, nature, kind):
    reserve = reserved_elsewhere(first)
    with system_scope("tests: its nature"):
        Order.objects.filter(pk=reserve.order_id).update(nature=nature)
        certificate = Certificate.objects.select_related("order").get(pk=reserve.certificate_id)
    with scope_of(first.actor("manager")):
        sheet = certificate_sheet(certificate)
    assert sheet.title.startswith(f"{kind} {certificate.content['reference']}")
    page = render_to_string("documents/certificate.html", {"sheet": sheet})
    assert f'<p class="head__kind">{kind}</p>' in page


def test_anybody_may_verify_and_a_change_shows(first):
    signed(first)
    certificate = _sealed(first)
    pdf, url = _bytes(certificate), _verify_url(certificate)
    page = Client().get(url)
    shown = page.content.decode()
    assert page.status_code == 200
    assert first.landlord.name in shown
    for private in (first.order.reference, first.order.title, "62,50", str(first.manager.user)):
        assert private not in shown
    answers = {
        pdf: "Document authentique",
        pdf.replace(b"%%EOF", b"%%EOG", 1): "Document modifié ou différent",
    }
    for data, said in answers.items():
        upload = io.BytesIO(data)
        upload.name = "constat.pdf"
        assert said in Client().post(url, {"document": upload}).content.decode()
    with system_scope("tests: file"):
        sha = StoredFile.objects.get(pk=certificate.file_id).sha256
    spaced = " ".join([sha[:32].upper(), sha[32:]])
    assert "Document authentique" in Client().post(url, {"fingerprint": spaced}).content.decode()
    assert Client().post(url, {}).status_code == 422


def test_a_code_that_is_none_tells_nothing(first):
    signed(first)
    before = newest(first)
    assert Client().get(_verify_url(before)).status_code == 404  # not sealed yet
    assert Client().get(reverse("orders:verify", args=["x" * 24])).status_code == 404


def test_without_a_key_it_fails_clearly_and_is_tried_again(first, settings, caplog):
    kept, settings.SEAL_PATH = settings.SEAL_PATH, None
    signed(first)
    certificate = _sealed(first)
    assert certificate.state == "signed"
    assert certificate.seal == "failed"
    assert "NEXXIO_SEAL_FILE" in caplog.text
    settings.SEAL = "-----BEGIN CERTIFICATE-----\nnonsense"
    client = Client()
    client.force_login(first.manager.user)
    again = reverse(
        "orders:landlord_certificate_act", args=[first.landlord.slug, certificate.pk, "sceller"]
    )
    assert client.post(again).status_code == 302
    assert _sealed(first).seal == "failed"
    settings.SEAL, settings.SEAL_PATH = "", kept
    with pytest.raises(Refused):
        act(first, "desk", services.ask_seal, certificate_id=certificate.pk)
    act(first, "manager", services.ask_seal, certificate_id=certificate.pk)
    assert _sealed(first).seal == "sealed"


def _sealed_sign_off(party) -> SignOff:
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        jobs = list(Job.objects.filter(kind=SEAL, state="queued"))
    for job in jobs:
        worked(job)
    with system_scope("tests"):
        return SignOff.objects.get(order=party.order)


def _signed_by_tenant(party) -> SignOff:
    visit = visited(party, state="on_site")
    data = services.SignOffInput(name="Amina Benali", satisfied=True)
    return act(party, "technician", services.sign_on_screen, visit_id=visit.pk, data=data)


def test_what_the_tenant_signed_is_sealed_for_all_three_and_verified(first, world):
    _signed_by_tenant(first)
    row = _sealed_sign_off(first)
    pdf = _bytes(row)
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for said in (first.order.reference, "Amina Benali", "C’est réglé", "ne vaut pas renonciation"):
        assert said in text
    assert len(pages) == 1
    url = reverse("orders:verify", args=[verify_token("sign_off", row.pk)])
    shown = Client().get(url).content.decode()
    assert "Bon d’intervention signé" in shown
    assert "signé par le locataire" in shown
    assert "Amina" not in shown
    upload = io.BytesIO(pdf)
    upload.name = "bon.pdf"
    assert "Document authentique" in Client().post(url, {"document": upload}).content.decode()
    for who, party, status in (
        ("manager", first, 200),
        ("desk", first, 200),
        ("manager", world.second, 404),
        ("desk", world.second, 404),
    ):
        member = getattr(party, who)
        client = Client()
        client.force_login(member.user)
        side = "landlord" if who == "manager" else "contractor"
        slug = member.organisation.slug
        fetched = client.get(reverse(f"orders:{side}_sign_off_pdf", args=[slug, row.pk]))
        assert fetched.status_code == status, (who, party)
        if status == 200:
            assert b"".join(fetched.streaming_content) == pdf
            page = client.get(reverse(f"orders:{side}_detail", args=[slug, first.order.pk]))
            assert f"bons-signes/{row.pk}/bon.pdf" in page.content.decode()
    own, other = links.token_of(first.link.pk), links.token_of(world.second.link.pk)
    assert Client().get(reverse("tenants:sign_off", args=[own, row.pk])).status_code == 200
    assert Client().get(reverse("tenants:sign_off", args=[other, row.pk])).status_code == 404
    assert f"bons-signes/{row.pk}" in Client().get(reverse("tenants:follow", args=[own])).text


def test_a_sign_off_without_a_key_is_asked_for_again_by_the_landlord(first, settings):
    kept, settings.SEAL_PATH = settings.SEAL_PATH, None
    _signed_by_tenant(first)
    assert _sealed_sign_off(first).seal == "failed"
    settings.SEAL_PATH = kept
    ask = services.ask_sign_off_seals
    with pytest.raises(Refused):
        act(first, "desk", ask, order_id=first.order.pk)
    act(first, "manager", ask, order_id=first.order.pk)
    with pytest.raises(Refused):
        act(first, "manager", ask, order_id=first.order.pk)
    assert _sealed_sign_off(first).seal == "sealed"
