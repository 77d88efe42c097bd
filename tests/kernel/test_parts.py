"""References, links, files, jobs, messages and refusals, each at its edges."""

from __future__ import annotations

import io
import itertools
import re
import threading
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from nexxio.core import clock, files, ids, jobs, links, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import BUSY, Conflict, Invalid, Refused
from nexxio.core.middleware import RefusalMiddleware, conflict_text
from nexxio.core.models import Job, Message
from nexxio.core.notifications import sending
from nexxio.core.notifications.sms import segments
from nexxio.core.references import next_references
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import OrderContact
from tests.factories.full import act, visited


@pytest.fixture(autouse=True)
def silent_push(monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)


def test_a_check_digit_finds_each_wrong_digit_and_each_swap():
    good = ids.make_reference(prefix="C", year=2026, number=4217)
    assert ids.is_reference(good)
    places = [i for i, char in enumerate(good) if char.isdigit()]
    for place in places:
        for digit in "0123456789":
            wrong = good[:place] + digit + good[place + 1 :]
            assert ids.is_reference(wrong) == (wrong == good)
    for first, second in itertools.pairwise(places):
        letters = list(good)
        letters[first], letters[second] = letters[second], letters[first]
        assert ids.is_reference("".join(letters)) == (good[first] == good[second])


def test_references_follow_each_other_per_landlord_and_year(world):
    first = world.first.landlord.pk
    with system_scope("tests"):
        (last,) = next_references(landlord_id=first, prefix="C")
        more = next_references(landlord_id=first, prefix="C", count=3)
        (other,) = next_references(landlord_id=world.second.landlord.pk, prefix="C")
    numbers = [int(reference.split("-")[1]) for reference in [last, *more]]
    assert numbers == list(range(numbers[0], numbers[0] + 4))
    assert int(other.split("-")[1]) == 2


def test_a_token_is_not_kept_and_finds_its_link_only_while_it_is_valid(world):
    link = world.first.link
    token = links.token_of(link.pk)
    assert token not in link.token_hash
    found = links.find(token)
    assert found is not None
    assert found.case_id == world.first.order.case_id
    with system_scope("tests"):
        link.expires_at = clock.now() - timedelta(seconds=1)
        link.save(update_fields=["expires_at"])
    assert links.find(token) is None
    assert links.find(token[:-1]) is None
    assert links.find("") is None


def test_a_link_of_a_closed_landlord_opens_nothing(world):
    with system_scope("tests"):
        world.first.landlord.is_active = False
        world.first.landlord.save(update_fields=["is_active"])
    assert links.find(links.token_of(world.first.link.pk)) is None


def _jpeg_with_position() -> io.BytesIO:
    image = Image.new("RGB", (3000, 100), "teal")
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAM"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"SECRETCOMMENT")
    out.seek(0)
    return out


def test_a_photo_keeps_no_metadata_and_is_made_smaller():
    upload = _jpeg_with_position()
    assert b"SECRETCAM" in upload.getvalue()
    clean = files.clean_photo(upload)
    assert b"SECRET" not in clean
    with Image.open(io.BytesIO(clean)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert max(image.size) == files.MAX_SIDE


def test_a_photo_is_turned_as_the_camera_was_held():
    image = Image.new("RGB", (400, 100), "white")
    image.paste("black", (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    with Image.open(io.BytesIO(files.clean_photo(io.BytesIO(out.getvalue())))) as clean:
        assert clean.size == (100, 400)
        assert sum(clean.getpixel((50, 50))) < 60
        assert sum(clean.getpixel((50, 350))) > 700


def test_a_large_jpeg_is_decoded_at_a_fraction_of_its_size(monkeypatch):
    decoded = []
    real = JpegImageFile.load

    def load(self):
        decoded.append(self.size)
        return real(self)

    monkeypatch.setattr(JpegImageFile, "load", load)
    out = io.BytesIO()
    Image.new("RGB", (8000, 6000), "teal").save(out, "JPEG")
    with Image.open(io.BytesIO(files.clean_photo(io.BytesIO(out.getvalue())))) as clean:
        assert clean.size == (2000, 1500)
    assert decoded
    assert max(decoded) == (2000, 1500)


def _with_scans(many: int, before: bytes = b"", size: tuple[int, int] = (2000, 2000)) -> bytes:
    """A JPEG one of whose scans is there so often again: a few bytes each, over all pixels."""
    out = io.BytesIO()
    Image.new("L", size, 128).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    begins = [found.start() for found in re.finditer(rb"\xff\xda", data)]
    scan = data[begins[1] : data.index(b"\xff", begins[1] + 2)]
    return data[: begins[1]] + before + many * scan + data[begins[1] :]


def test_a_photo_of_thousands_of_scans_is_refused_before_it_is_decoded(monkeypatch):
    assert files.clean_photo(io.BytesIO(_with_scans(20)))
    monkeypatch.setattr(JpegImageFile, "load", None)
    for before in (b"", b"\xff\x01\xff\xfd"):  # a lone marker has no length to skip
        data = _with_scans(10_000, before)
        assert len(data) < 1_000_000
        with pytest.raises(Invalid, match="anormale"):
            files.clean_photo(io.BytesIO(data))


@pytest.mark.parametrize(
    ("size", "again", "words"),
    [((5_000, 4_001), 0, "pixels"), ((4_000, 4_000), 40, "anormale")],
    ids=["large", "often"],
)
def test_a_photo_in_several_scans_is_held_whole_so_it_is_smaller(monkeypatch, size, again, words):
    """It takes as much memory as one of another format, for each scan anew as much time."""
    data = _with_scans(again, size=size)
    assert size[0] * size[1] < files.MAX_PIXELS
    monkeypatch.setattr(JpegImageFile, "load", None)
    with pytest.raises(Invalid, match=words):
        files.clean_photo(io.BytesIO(data))


def test_few_photos_are_read_at_a_time(monkeypatch):
    """Ten of 150 kB took the site's two gigabytes."""
    monkeypatch.setattr(files, "TURN_SECONDS", 0.05)
    here, go_on = threading.Semaphore(0), threading.Event()

    def slow(*_args, **_kwargs):
        here.release()
        go_on.wait(10)
        raise ValueError

    monkeypatch.setattr(Image, "open", slow)

    def send():
        with pytest.raises(Invalid):
            files.clean_photo(io.BytesIO())

    threads = [threading.Thread(target=send) for _ in range(files.MOST_AT_ONCE)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert here.acquire(timeout=10)
    with pytest.raises(Refused) as refused:
        files.clean_photo(io.BytesIO())
    assert refused.value.code == BUSY
    # A phone sends it again by itself, as after any answer that says so.
    request = RequestFactory().post("/", headers={"X-Outbox": "1"})
    answer = RefusalMiddleware(None).process_exception(request, refused.value)
    assert answer.status_code == 503
    go_on.set()
    for thread in threads:
        thread.join()
    with pytest.raises(Invalid):
        files.clean_photo(io.BytesIO())


def test_a_film_behind_a_photo_has_no_scans():
    assert files.clean_photo(io.BytesIO(_with_scans(0) + b"\xff\xda" * 1_000))


def _png(mode="1", size=(20, 20)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


def _broken_chunk() -> bytes:
    data = bytearray(_png())
    data[data.index(b"IDAT")] = 0xB1
    return bytes(data)


def _broken_exif() -> bytes:
    """An orientation whose type is that of a fraction."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "desc"
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", exif=exif)
    data = bytearray(out.getvalue())
    data[41] = 85
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        b"GIF89a" + b"\0" * 40,
        b"\xff\xd8\xff\xe0truncated",
        b"x" * (files.MAX_PHOTO_BYTES + 1),
        _png(size=(20_000, 20_000)),
        _png(size=(5_000, 4_001)),
        _broken_chunk(),
        _broken_exif(),
    ],
    ids=[
        "empty",
        "svg",
        "pdf",
        "gif",
        "truncated",
        "huge",
        "bomb",
        "large",
        "broken chunk",
        "broken exif",
    ],
)
def test_what_is_no_photo_is_refused(data):
    with pytest.raises(Invalid):
        files.clean_photo(io.BytesIO(data))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_of_an_sms(text, wanted):
    assert segments(text) == wanted


def test_a_message_falls_back_to_the_next_channel_and_only_once(world, monkeypatch, mailoutbox):
    def refuse(**_kwargs):
        raise ConnectionError("provider away")

    monkeypatch.setitem(sending.SENDERS, "sms", refuse)
    with system_scope("tests"):
        contact = OrderContact.objects.filter(order=world.first.order)
        contact.update(email="amina@rivage.example")
    relay.deliver_one_by_one()
    for _attempt in range(sending.MAX_ATTEMPTS + 1):
        with system_scope("tests"):
            later = Message.objects.order_by("-next_attempt_at").first().next_attempt_at
        with clock.moved_to(later + timedelta(seconds=1)):
            sending.send_due()
            relay.deliver_one_by_one()
    (mail,) = [mail for mail in mailoutbox if mail.to == ["amina@rivage.example"]]
    assert links.token_of(world.first.link.pk) in mail.body
    with system_scope("tests"):
        told = Message.objects.filter(landlord=world.first.landlord, kind="tenant_follow")
        told = told.order_by("created_at")
        assert [(m.channel, m.state) for m in told] == [("sms", "failed"), ("email", "sent")]


def test_nobody_is_written_to_without_an_address(world):
    with system_scope("tests"):
        OrderContact.objects.update(phone="", email="")
    relay.deliver_one_by_one()
    with system_scope("tests"):
        assert not Message.objects.filter(kind="tenant_follow").exists()


def test_a_killed_workers_job_is_taken_again_and_given_up_in_the_end(world, monkeypatch):
    done = []
    monkeypatch.setitem(jobs._kinds, "tests.work", lambda job, _progress: done.append(job) or {})
    manager = world.first.actor("manager")
    with scope_of(manager):
        job = jobs.ask(kind="tests.work", actor=manager, payload={})
    assert jobs._claim().pk == job.pk
    assert jobs._claim() is None
    with clock.moved_to(clock.now() + jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_open() == 1
    assert len(done) == 1
    with system_scope("tests"):
        job = Job.objects.get(pk=job.pk)
        assert (job.state, job.attempts) == ("done", 2)
        Job.objects.filter(pk=job.pk).update(
            state="running", finished_at=None, attempts=3, leased_until=clock.now()
        )
    with clock.moved_to(clock.now() + timedelta(seconds=1)):
        jobs.run_open()
    with system_scope("tests"):
        assert Job.objects.get(pk=job.pk).state == "failed"
    assert len(done) == 1


def test_a_conflict_says_who_and_when():
    at = clock.now()
    text = conflict_text(Conflict("Déjà fait : « Annulée ».", by="Hélène", at=at))
    local = at.astimezone(clock.PARIS)
    hour = f"{local.hour}\u00a0h" + (f"\u00a0{local.minute:02d}" if local.minute else "")
    assert text == f"Déjà fait par Hélène à {hour}. État actuel : « Annulée »."
    assert conflict_text(Conflict("Trop tard.")) == "Trop tard."


def test_the_second_click_reads_who_was_first(world):
    first = world.first
    desk = first.actor("desk")
    with scope_of(desk):
        services.accept_order(actor=desk, order_id=first.order.pk)
    client = Client()
    client.force_login(first.desk.user)
    back = reverse("orders:contractor_detail", args=[first.contractor.slug, first.order.pk])
    url = reverse("orders:contractor_act", args=[first.contractor.slug, first.order.pk, "accepter"])
    page = client.post(url, headers={"Referer": f"http://testserver{back}"}, follow=True)
    assert page.redirect_chain == [(back, 302)]
    assert "Déjà fait par Helene Martin à" in page.content.decode()
    assert client.post(url, headers={"HX-Request": "true"}).status_code == 409


def test_a_tenant_reads_no_name_of_his_landlords_staff(world):
    first = world.first
    visit = visited(first, state="proposed")
    act(first, "manager", services.cancel_visit, visit_id=visit.pk, reason="Doublon")
    with pytest.raises(Conflict) as conflict:
        act(first, "tenant", services.confirm_visit, visit_id=visit.pk)
    assert conflict.value.by == "le bailleur"
    with pytest.raises(Conflict) as conflict:
        act(first, "clerk", services.cancel_visit, visit_id=visit.pk, reason="Doublon")
    assert conflict.value.by == "Claire Martin"


def test_a_title_of_several_lines_becomes_one_in_the_mail(world, mailoutbox):
    first = world.first
    title = "Fuite\r\nBcc: x@evil.example"
    data = first.order_input(title=title, phone="", email="amina@rivage.example", nature="vacant")
    draft = act(first, "manager", services.draft_order, data=data)
    assert draft.title == "Fuite Bcc: x@evil.example"
    assert draft.case.title == draft.title
    sending.SENDERS["email"](address="a@rivage.example", subject=title, text="Bonjour")
    (mail,) = mailoutbox
    assert (mail.subject, mail.to) == ("Fuite Bcc: x@evil.example", ["a@rivage.example"])
