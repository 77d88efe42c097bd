"""No word of the other side appears anywhere: pages, fragments, exports, JSON, messages, stream."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from contractors.models import (
    BankAccount,
    Block,
    ClaimLetter,
    FinalAccount,
    Invoice,
    InvoiceFile,
    NamedSubcontractor,
    Paper,
    PaperShare,
    PaymentTransfer,
    ProofFile,
    ReceivedInvoice,
    Retention,
    Subcontract,
    Suspension,
)
from evaluations.axes import Direction
from evaluations.models import (
    BonusContest,
    BonusLine,
    BonusRules,
    BonusStatement,
    Campaign,
    ClauseAnnex,
    Evaluation,
    GivenAnswers,
    ImpactNote,
    OwnQuestion,
    PeerReference,
    Pilot,
    Report,
    Review,
    ReviewDecision,
    Rollout,
    StaffSurvey,
    TenantSurvey,
    Voice,
)
from nexxio.core import clock, links, live, relay
from nexxio.core.models import ImportRun, Message, Notification, Sector, User
from nexxio.core.notifications.sending import rendered_text
from nexxio.core.scoping import system_scope
from orders.models import (
    Certificate,
    Equipment,
    MessageFile,
    Order,
    OrderContact,
    OrderExport,
    OrderPiece,
    Photo,
    Reserve,
    Variation,
)
from tests.access.matrix import BONUS, CORE, EVALUATIONS, MEMBERS, ORDERS, Case
from tests.factories.full import fill, printed, visited
from tests.factories.world import Party, build_world
from tests.snapshots import Snapshot

_ANOTHER = "devis-complementaire"
ACTORS = ("manager", "clerk", "reader", "desk", "technician")
ACCESS_CODE = "4521-KRYPTON"
LAST_NAME = "Zanzibarovitch"


@pytest.fixture
def streamed(monkeypatch) -> list[tuple[str, str]]:
    """Every message that the push sends to live pages."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr("nexxio.core.live.publish", sent.extend)
    return sent


def _told():
    world = build_world()
    with system_scope("tests: canaries"):
        User.objects.filter(pk=world.first.technician.user_id).update(last_name=LAST_NAME)
        OrderContact.objects.update(access=["digicode"], access_code=ACCESS_CODE)
    return world


def _filled():
    world = _told()
    fill(world)
    return world


TOLD, FILLED = Snapshot(_told), Snapshot(_filled)


@pytest.fixture
def told(db, streamed):
    """Both parties have an order that was issued."""
    with system_scope("tests: canaries"):
        return TOLD.lay()


@pytest.fixture
def filled(db, streamed):
    """Both parties went through an order, and everybody was told."""
    with system_scope("tests: canaries"):
        return FILLED.lay()


def sentinels(world) -> list[bytes]:
    """What only the second party knows. Exact spellings: a random token must not look like one."""
    second = world.second
    with system_scope("tests: sentinels"):
        rows = [
            second.landlord,
            second.contractor,
            second.unit,
            second.tenant,
            second.contract,
            second.item,
            second.order,
            second.link,
            *Photo.objects.filter(landlord=second.landlord),
        ]
    words = [" ZZ9", "zz9-bailleur", "zz9-entreprise", second.tenant.phone, "06 99 99 99 99"]
    return [word.encode() for word in words] + [str(row.pk).encode() for row in rows]


def pages_of(world, who: str, cases: list[Case]) -> dict[str, bytes]:
    """Address → body of every page that `who` may open, as a page and as a fragment."""
    return {name: answer.getvalue() for name, answer in answers_of(world, who, cases)}


def answers_of(world, who: str, cases: list[Case]) -> Iterator[tuple[str, HttpResponseBase]]:
    """Give address and answer of every page that `who` may open, as a page and as a fragment."""
    client = Client()
    client.force_login(getattr(world.first, who).user)
    for case in cases:
        # PDF: pdf_text below; articles: nothing without words typed; on call: test_on_call.py.
        elsewhere = (
            "account",
            "dev:",
            "estate:job",
            "orders:landlord_pdf",
            "orders:contractor_items",
            "orders:field_on_call_open",
        )
        if case.get.get(who) != 200 or case.name.startswith(elsewhere):
            continue
        url = _address(world, case)
        if url is None or _asks_again(world, case):
            continue
        for name, headers in (("page", {}), ("fragment", {"HX-Request": "true"})):
            response = client.get(url, headers=headers)
            assert response.status_code == 200, url
            yield f"{name} {url}", response


def _visit(party) -> UUID | None:
    with system_scope("tests: canaries"):
        return party.order.visits.values_list("pk", flat=True).first()


def _first_of(model) -> Callable[[Party], UUID | None]:
    def find(party: Party) -> UUID | None:
        with system_scope("tests: canaries"):
            rows = model.objects.filter(landlord=party.landlord)
            return rows.values_list("pk", flat=True).first()

    return find


def _invoice_with_file(party) -> UUID | None:
    with system_scope("tests: canaries"):
        rows = InvoiceFile.objects.filter(landlord=party.landlord, file__isnull=False)
        return rows.values_list("invoice_id", flat=True).first()


def _claim_letter(party) -> UUID | None:
    with system_scope("tests: canaries"):
        rows = ClaimLetter.objects.filter(organisation=party.contractor, file__isnull=False)
        return rows.values_list("pk", flat=True).first()


def _piece_file(party) -> UUID | None:
    with system_scope("tests: canaries"):
        rows = Suspension.objects.filter(landlord=party.landlord, file__isnull=False)
        return rows.values_list("pk", flat=True).first()


def _proof_file(side: str) -> Callable[[Party], UUID | None]:
    def find(party: Party) -> UUID | None:
        with system_scope("tests: canaries"):
            rows = ProofFile.objects.filter(organisation=getattr(party, side), file__isnull=False)
            return rows.values_list("pk", flat=True).first()

    return find


def _export_file(side: str) -> Callable[[Party], UUID | None]:
    def find(party: Party) -> UUID | None:
        with system_scope("tests: canaries"):
            rows = OrderExport.objects.filter(organisation=getattr(party, side), file__isnull=False)
            return rows.values_list("pk", flat=True).first()

    return find


def _of_company(model) -> Callable[[Party], UUID | None]:
    def find(party: Party) -> UUID | None:
        with system_scope("tests: canaries"):
            rows = model.objects.filter(organisation=party.contractor)
            return rows.values_list("pk", flat=True).first()

    return find


_paper, _account = _of_company(Paper), _of_company(BankAccount)


def _message_file(party) -> UUID | None:
    with system_scope("tests: canaries"):
        files = MessageFile.objects.filter(message__order=party.order)
        return files.values_list("pk", flat=True).first()


def _evaluation(**of) -> Callable[[Party], UUID | None]:
    def find(party: Party) -> UUID | None:
        with system_scope("tests: canaries"):
            rows = Evaluation.objects.filter(landlord=party.landlord, order__isnull=False, **of)
            return rows.values_list("pk", flat=True).first()

    return find


def _newest_campaign(party) -> UUID | None:
    """The one that nobody has answered yet."""
    with system_scope("tests: canaries"):
        rows = Campaign.objects.filter(landlord=party.landlord).order_by("-quarter")
        return rows.values_list("pk", flat=True).first()


def _bonus(model, **of) -> Callable[[Party], UUID | None]:
    def find(party: Party) -> UUID | None:
        with system_scope("tests: canaries"):
            rows = model.objects.filter(landlord=party.landlord, **of).order_by("created_at")
            return rows.values_list("pk", flat=True).first()

    return find


def _survey(side: str) -> Callable[[Party], UUID | None]:
    def find(party: Party) -> UUID | None:
        with system_scope("tests: canaries"):
            rows = StaffSurvey.objects.filter(organisation=getattr(party, side))
            rows = rows.order_by("-quarter")
            return rows.values_list("pk", flat=True).first()

    return find


_ROWS = {
    **dict.fromkeys(
        ("orders:landlord_piece", "orders:contractor_piece", "orders:contractor_piece_withdraw"),
        _first_of(OrderPiece),
    ),
    **{
        f"evaluations:{side}_bonus_{name}": find
        for side in ("landlord", "contractor")
        for name, find in (
            ("new", lambda party: party.contract.pk),
            ("now", lambda party: party.contract.pk),
            ("rules", _bonus(BonusRules)),
            ("statement", _bonus(BonusStatement)),
            ("file", _bonus(BonusStatement)),
        )
    },
    "evaluations:landlord_bonus_rules_act": _bonus(BonusRules, proposed_at__isnull=True),
    "evaluations:contractor_bonus_rules_act": _bonus(
        BonusRules, proposed_at__isnull=False, answer__isnull=True
    ),
    "evaluations:landlord_bonus_contest": _bonus(BonusContest, outcome=""),
    "evaluations:contractor_bonus_contest": _bonus(
        BonusLine, statement__closed_at__isnull=True, contests__isnull=True
    ),
    "evaluations:landlord_evaluation": _evaluation(
        direction=Direction.LANDLORD_CONTRACTOR, state="invited"
    ),
    "evaluations:contractor_evaluation": _evaluation(
        direction=Direction.CONTRACTOR_LANDLORD, state="invited"
    ),
    "evaluations:contractor_act": _evaluation(is_shared=True, state="revealed"),
    **{f"evaluations:{side}_voice": _bonus(Voice) for side in ("landlord", "contractor")},
    **{
        f"evaluations:{side}_{name}": find
        for side in ("landlord", "contractor")
        for name, find in (
            *(("review", _bonus(Review)), ("review_act", _bonus(Review, closed_at__isnull=True))),
            ("review_new", lambda party: party.contract.pk),
            ("decision", _bonus(ReviewDecision)),
        )
    },
    "evaluations:landlord_question_act": _bonus(OwnQuestion),
    "evaluations:landlord_survey_withdraw": _bonus(TenantSurvey),
    "evaluations:landlord_rollout_act": _bonus(Rollout, starts_on__gt=clock.today()),
    "evaluations:landlord_impact_note_act": _bonus(ImpactNote),
    "evaluations:landlord_pilot": _bonus(Pilot, decisions__isnull=False),
    "evaluations:landlord_pilot_act": _bonus(Pilot, decisions__isnull=True),
    "evaluations:landlord_annex": _bonus(ClauseAnnex),
    **dict.fromkeys(
        ("evaluations:landlord_clauses", "evaluations:contractor_clauses"),
        lambda party: party.contract.pk,
    ),
    **{f"evaluations:{side}_staff_answer": _survey(side) for side in ("landlord", "contractor")},
    **{f"evaluations:{side}_report": _bonus(Report) for side in ("landlord", "contractor")},
    "evaluations:contractor_given_show": _bonus(GivenAnswers, shown_at__isnull=True),
    "evaluations:landlord_reference": _bonus(PeerReference),
    "evaluations:landlord_reference_call": _bonus(PeerReference, withdrawn_at__isnull=True),
    "evaluations:landlord_campaign": _newest_campaign,
    "evaluations:contractor_campaign": _newest_campaign,
    **dict.fromkeys(
        (
            f"contractors:{side}_invoice{end}"
            for side in ("landlord", "contractor")
            for end in ("", "_act", "_message")
        ),
        _first_of(Invoice),
    ),
    **dict.fromkeys(
        ("contractors:landlord_invoice_pdf", "contractors:contractor_invoice_pdf"),
        _invoice_with_file,
    ),
    "contractors:landlord_retention_act": _first_of(Retention),
    **dict.fromkeys(
        (
            f"contractors:{side}_final_account{end}"
            for side in ("landlord", "contractor")
            for end in ("", "_act")
        ),
        _first_of(FinalAccount),
    ),
    **dict.fromkeys(
        (
            f"contractors:{side}_subcontract{end}"
            for side in ("landlord", "contractor")
            for end in ("", "_file", "_act")
        ),
        _first_of(Subcontract),
    ),
    **dict.fromkeys(
        ("contractors:landlord_suspension_file", "contractors:contractor_suspension_file"),
        _piece_file,
    ),
    "contractors:contractor_forget_subcontractor": _first_of(NamedSubcontractor),
    "contractors:contractor_declare_subcontractor": lambda party: party.contract.pk,
    "contractors:contractor_name_subcontractor": lambda party: party.order.pk,
    "contractors:landlord_money_terms": lambda party: party.contract.pk,
    "contractors:contractor_claim_letter": _claim_letter,
    "orders:landlord_unit": lambda party: party.unit.pk,
    "orders:landlord_group": lambda party: party.unit.group_id,
    "orders:landlord_export_file": _export_file("landlord"),
    "orders:contractor_export_file": _export_file("contractor"),
    "contractors:contractor_proof": _proof_file("contractor"),
    "contractors:landlord_proof": _proof_file("landlord"),
    **dict.fromkeys(
        (
            "contractors:landlord_company_papers",
            "contractors:landlord_company_bank",
            "contractors:landlord_note_transfer",
        ),
        lambda party: party.contractor.pk,
    ),
    "contractors:landlord_transfer_act": _first_of(PaymentTransfer),
    **dict.fromkeys(
        ("contractors:landlord_paper_file", "contractors:landlord_paper_act"), _first_of(PaperShare)
    ),
    "contractors:contractor_paper_file": _paper,
    **dict.fromkeys(("contractors:landlord_bank_act", "contractors:contractor_bank_act"), _account),
    **dict.fromkeys(
        (
            f"contractors:{side}_received{end}"
            for side in ("landlord", "contractor")
            for end in ("", "_act", "_file")
        ),
        _first_of(ReceivedInvoice),
    ),
    **dict.fromkeys(
        ("contractors:landlord_block_act", "contractors:contractor_block_act"), _first_of(Block)
    ),
    **dict.fromkeys(
        (
            "orders:landlord_certificate",
            "orders:landlord_certificate_act",
            "orders:contractor_certificate",
        ),
        _first_of(Certificate),
    ),
    **dict.fromkeys(("orders:landlord_reserve", "orders:contractor_reserve"), _first_of(Reserve)),
    "orders:landlord_detail": lambda party: party.order.pk,
    "orders:contractor_detail": lambda party: party.order.pk,
    "orders:landlord_act": lambda party: party.order.pk,
    "orders:contractor_act": lambda party: party.order.pk,
    "orders:landlord_history": lambda party: party.order.pk,
    "orders:contractor_history": lambda party: party.order.pk,
    "orders:landlord_readings": lambda party: party.order.pk,
    "orders:contractor_readings": lambda party: party.order.pk,
    "orders:landlord_talk": lambda party: party.order.pk,
    # A technician has it from his first visit on; until then the desk's page shows the same.
    "orders:contractor_talk": lambda party: party.order.pk if _visit(party) else None,
    "orders:landlord_file": _message_file,
    "orders:contractor_file": _message_file,
    "orders:landlord_contract": lambda party: party.contract.pk,
    "orders:landlord_group_warranties": lambda party: party.unit.group_id,
    "orders:landlord_group_equipment": lambda party: party.unit.group_id,
    **dict.fromkeys(
        (
            f"orders:{side}_upkeep{end}"
            for side in ("landlord", "contractor")
            for end in ("", "_export")
        ),
        lambda party: party.contract.pk,
    ),
    **dict.fromkeys(
        ("orders:landlord_equipment", "orders:contractor_equipment"), _first_of(Equipment)
    ),
    "orders:contractor_contract": lambda party: party.contract.pk,
    "orders:contractor_schedule": lambda party: party.item.schedule_id,
    "orders:contractor_schedule_export": lambda party: party.item.schedule_id,
    "orders:landlord_contract_act": lambda party: party.contract.pk,
    "orders:landlord_schedule": lambda party: party.item.schedule_id,
    "orders:landlord_schedule_act": lambda party: party.item.schedule_id,
    "orders:landlord_schedule_export": lambda party: party.item.schedule_id,
    "orders:contractor_visit": _visit,
    "orders:landlord_visit": _visit,
    "orders:field_visit": _visit,
    "orders:field_variation": _visit,
    "orders:field_regularise": _visit,
}


def _asks_again(world, case: Case) -> bool:
    """A form of a variation, on an order that has one: it leads to that one's own page.

    Nor does a company name who comes on an order that it hasn't accepted yet.
    """
    if case.name == "contractors:contractor_name_subcontractor":
        with system_scope("tests: canaries"):
            return Order.objects.get(pk=world.first.order.pk).accepted_at is None
    form = case.name == "orders:field_variation" or case.args.get("action") == _ANOTHER
    with system_scope("tests: canaries"):
        return form and Variation.objects.filter(order=world.first.order).exists()


def _address(world, case: Case) -> str | None:
    party = world.first
    if case.name == "core:stream_token":
        channel = live.channel_for_organisation(party.landlord.pk)
        return f"{reverse(case.name)}?space={channel}"
    if case.name == "core:home":
        return reverse(case.name)
    name = case.name.rpartition(":")[2]
    is_company = re.search("contractor|field|prepare", name) or "contractor_imports" in case.name
    side = party.contractor if is_company else party.landlord
    values = {"org": side.slug, **case.args}
    with system_scope("tests: canaries"):
        extra = Variation.objects.filter(landlord=party.landlord).first()
        photo = Photo.objects.filter(order=party.order).first()
        runs = ImportRun.objects.filter(landlord=side)
        chosen = name in ("columns", "values")
        run = runs.filter(applied_at__isnull=chosen or side == party.contractor).first()
    if "imports:" in case.name and name not in ("index", "start", "template"):
        values["pk"] = run.pk if run else None
    elif case.name.endswith(("_member", "_absence")):
        values["pk"] = (party.clerk if "landlord" in case.name else party.technician).pk
    elif case.name in ("territories:edit", "territories:new_sector"):
        values["pk"] = _territory(party, case.name)
    elif re.search("_variation", case.name) and "field" not in case.name:
        values["pk"] = extra.pk if extra else None
    elif re.search("photo", case.name):
        values["pk"] = photo.pk if photo else None
    elif case.name in _ROWS:
        values["pk"] = _ROWS[case.name](party)
    if values.get("pk", "") is None:
        return None
    return reverse(case.name, kwargs=values)


def _territory(party, name: str) -> UUID:
    with system_scope("tests: canaries"):
        sector = Sector.objects.filter(landlord=party.landlord).first()
    return sector.pk if name == "territories:edit" else sector.agency_id


def tenant_pages(world) -> dict[str, bytes]:
    token = links.token_of(world.first.link.pk)
    client = Client()
    found = {
        "page": client.get(reverse("tenants:follow", args=[token])),
        "fragment": client.get(
            reverse("tenants:follow", args=[token]), headers={"HX-Request": "true"}
        ),
        "talk": client.get(reverse("tenants:talk", args=[token])),
        "token": client.get(reverse("core:link_stream_token", args=[token])),
    }
    assert {response.status_code for response in found.values()} == {200}
    return {name: response.getvalue() for name, response in found.items()}


def squeezed(body: bytes) -> str:
    """The text without any kind of space, so that a phone is found however it is written."""
    return re.sub(r"\s", "", body.decode("utf-8", "replace"))


@pytest.mark.parametrize("who", ACTORS)
def test_no_page_shows_a_word_of_the_other_side(filled, who):
    marks = sentinels(filled)
    found = pages_of(filled, who, [*ORDERS, *CORE, *MEMBERS, *EVALUATIONS, *BONUS])
    assert len(found) >= 6
    leaks = [(name, mark) for name, body in found.items() for mark in marks if mark in body]
    assert leaks == []
    if who in ("manager", "clerk", "reader"):  # nor does the landlord read a technician's last name
        assert [name for name, body in found.items() if LAST_NAME.encode() in body] == []


def test_searches_find_nothing_of_the_other_side(filled):
    first = filled.first
    client = Client()
    client.force_login(first.manager.user)
    marks = sentinels(filled)
    org = first.landlord.slug
    pages = [
        client.get(reverse("orders:landlord_list", args=[org]), {"q": "évier"}),
        client.get(reverse("orders:landlord_units", args=[org]), {"q": "Lilas"}),
        client.get(reverse("orders:landlord_new", args=[org]), {"logement": first.unit.pk}),
        client.get(reverse("orders:landlord_new", args=[org]), {"logement": filled.second.unit.pk}),
        client.get(reverse("estate:groups", args=[org]), {"q": "Lilas"}),
    ]
    shown = [re.sub(rb'value="[^"]*"', b"", page.getvalue()) for page in pages]
    assert [mark for body in shown for mark in marks if mark in body] == []
    hidden = client.get(
        reverse("orders:landlord_units", args=[org]), {"groupe": filled.second.unit.group_id}
    )
    assert hidden.status_code == 404


def test_the_tenant_reads_nothing_of_others_no_price_and_no_full_name(filled):
    marks = sentinels(filled)
    for name, body in tenant_pages(filled).items():
        assert [mark for mark in marks if mark in body] == [], name
        text = squeezed(body)
        assert "€" not in text
        assert "62,5" not in text
        assert LAST_NAME not in text
        assert ACCESS_CODE not in text


@pytest.mark.parametrize("who", ["desk", "technician"])
def test_before_acceptance_the_contractor_reads_no_phone_and_no_code(told, who):
    found = pages_of(told, who, ORDERS)
    assert found
    for name, body in found.items():
        text = squeezed(body)
        assert "612345678" not in text, name
        assert ACCESS_CODE not in text, name


def test_a_technician_reads_the_code_of_his_accepted_visit(told):
    """The canary sings: the words above are really there when they may be read."""
    visited(told.first, state="confirmed")
    found = pages_of(told, "technician", ORDERS)
    assert any(ACCESS_CODE in squeezed(body) for body in found.values())


def test_messages_and_bells_tell_nothing_of_the_other_side(filled):
    first, marks = filled.first, sentinels(filled)
    with system_scope("tests: messages"):
        messages = list(Message.objects.filter(landlord=first.landlord))
        texts = [
            f"{message.address} {message.subject} {rendered_text(message)}" for message in messages
        ]
        mine = [first.landlord.pk, first.contractor.pk]
        notices = Notification.objects.filter(organisation_id__in=mine)
        texts += [f"{notice.title} {notice.url}" for notice in notices]
    assert messages
    assert len(texts) > len(messages)
    assert [mark for text in texts for mark in marks if mark in text.encode()] == []
    assert not any("€" in text or LAST_NAME in text for text in texts)


def test_the_stream_carries_keys_of_its_own_channel_only(told, streamed):
    fill(told)
    relay.drain_batches()
    first, marks = told.first, sentinels(told)
    own = {
        live.channel_for_organisation(first.landlord.pk),
        live.channel_for_organisation(first.contractor.pk),
        live.channel_for_case(first.order.case_id),
    }
    keys = [key for channel, key in streamed if channel in own]
    assert keys
    assert [key for key in keys for mark in marks if mark in key.encode()] == []
    assert all(re.fullmatch(r"[a-z_]+(\.[0-9a-f-]{36})?", key) for _channel, key in streamed)


def paper_pages(world) -> dict[str, bytes]:
    """What the holder of the first party's printed order may look at."""
    token = world.first.paper_token()
    client = Client()
    names = ("renvoyer", "reserves", "accepter", "rendez-vous")
    found = {
        "page": client.get(reverse("orders:paper", args=[token])),
        "fragment": client.get(
            reverse("orders:paper", args=[token]), headers={"HX-Request": "true"}
        ),
        **{name: client.get(reverse("orders:paper_act", args=[token, name])) for name in names},
    }
    assert {response.status_code for response in found.values()} == {200}
    return {name: response.getvalue() for name, response in found.items()}


def pdf_text(party) -> str:
    document = printed(party)
    with system_scope("tests: PDF"), default_storage.open(document.file.storage_path) as stream:
        pages = pypdf.PdfReader(stream).pages
        return " ".join(page.extract_text() for page in pages)


def test_a_paper_and_its_page_tell_nothing_of_the_other_side(told):
    before = {**paper_pages(told), "pdf": pdf_text(told.first).encode()}
    for name, body in before.items():
        text = squeezed(body)
        assert "612345678" not in text, name
        assert ACCESS_CODE not in text, name
        assert "Diallo" not in text, name
    fill(told)
    after = {**paper_pages(told), "pdf": pdf_text(told.first).encode()}
    marks = sentinels(told)
    for name, body in {**before, **after}.items():
        assert [mark for mark in marks if mark in body] == [], name
        assert LAST_NAME not in squeezed(body), name
    # The canary sings: what may be read now is really there.
    assert ACCESS_CODE in squeezed(after["pdf"])
