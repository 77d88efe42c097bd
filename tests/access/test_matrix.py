"""Who gets what at every address; and a refused act leaves no trace in any table."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse

from contractors.models import Block, Retention
from nexxio.core import clock, jobs, links, live, saved_views
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.acts import acts_of
from nexxio.core.models import Agency, Event, Link, LinkPurpose, Notification
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, Photo
from orders.services import documents
from tests.access import matrix
from tests.access.matrix import CASES, FIXED_AGENCY, LINKS, VISITORS, Case
from tests.factories.bonused import bonused, drafted, proposed
from tests.factories.certified import finished_elsewhere, reserved_elsewhere
from tests.factories.evaluated import (
    C2L,
    L2C,
    T2R,
    asked_of,
    callable_at,
    campaign_of,
    gave,
    own_question,
    own_survey,
    referenced,
    reported,
    reviewed,
    shared,
    surveyed,
    voiced,
)
from tests.factories.extras import asked_elsewhere, exported, talked
from tests.factories.full import act, deposited, divided, imported, photo_bytes, visited
from tests.factories.impacted import noted, planned
from tests.factories.invoiced import billed, claimed, filed_elsewhere, pieced, proved, with_file
from tests.factories.moneyed import ruled
from tests.factories.papered import banked, ceded, papered
from tests.factories.piloted import annexed, needed, piloted
from tests.factories.received import typed_in
from tests.factories.settled import settled
from tests.factories.subcontracted import declared, named
from tests.factories.upkeep import kept_up, seen_to
from tests.factories.warranted import warranted
from tests.factories.world import build_world
from tests.snapshots import Snapshot
from tests.watching import census, rows_written


@pytest.fixture
def without_templates(monkeypatch):
    """Rights are in views and services: pages are rendered by test_canaries.py."""
    monkeypatch.setattr("django.template.base.Template.render", lambda self, context: "")


@pytest.fixture
def scene(db, without_templates, monkeypatch):
    """The first order is accepted, its visit proposed; there are a photo, a notice and a job."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: scene"):
        return SCENE.lay()


def _scene():
    world = build_world()
    first = world.first
    visit = visited(first, state="proposed")
    act(
        first,
        "technician",
        services.add_photo,
        visit_id=visit.pk,
        photo=photo_bytes(),
        moment="before",
    )
    piece = act(
        first,
        "desk",
        services.add_piece,
        order_id=first.order.pk,
        kind="waste",
        upload=photo_bytes(),
    )
    manager = first.actor("manager")
    with scope_of(manager):
        job = jobs.ask(kind="estate.rehearse", actor=manager, payload={"name": "essai"})
        view = saved_views.save_view(actor=manager, page="orders", name="Mes mots", query="q=eau")
        schedule = services.prepare_schedule(
            actor=manager,
            contract_id=first.contract.pk,
            effective_on=clock.today() + timedelta(days=30),
        )
    with system_scope("tests: scene"):
        notice = Notification.objects.create(
            user=first.manager.user,
            organisation=first.landlord,
            event=Event.objects.get(kind="order.accepted"),
            kind="landlord_desk",
            title="Prise en charge",
            url="/",
        )
        photo = Photo.objects.get()
        tokens = {**_tokens(world), "paper": first.paper_token()}
        accepted = Event.objects.get(kind="order.accepted")
        document = documents.open_document(event=accepted)
        documents.keep_document(
            actor=SYSTEM, document_id=document.pk, pdf=b"%PDF-1.7", in_clear=True
        )
    run = imported(first)
    _held, empty = divided(first)
    billed(first)
    invoice = filed_elsewhere(first)
    with_file(invoice)
    with system_scope("tests: scene"):
        block = Block.objects.get(invoice=invoice)
        contracts = Contract.objects.filter(pk=first.contract.pk)
        contracts.update(on_call=True, on_call_cap=500)
    share, account = papered(first), banked(first).account
    transfer = ceded(first)
    with system_scope("tests: scene"):
        held = Retention.objects.create(
            landlord=first.landlord,
            contractor=first.contractor,
            invoice=invoice,
            rate=5,
            amount=1,
            months=12,
        )
    rule = ruled(first)
    finished_order = finished_elsewhere(first).order
    asked_of(first, T2R)
    someone = declared(first, upload=True)
    coming = named(first, name="Toiture Martin")
    rules, line, contest = bonused(first, finished_order)
    waiting, draft = proposed(first), drafted(first)
    review, decision = reviewed(first)
    with system_scope("tests: scene"):
        Agency.objects.create(pk=FIXED_AGENCY, landlord=first.landlord, name="Agence fixe")
    peer_contact = callable_at(first, "clerk")
    ids = {
        "rules": rules.pk,
        "waiting_rules": waiting.pk,
        "draft_rules": draft.pk,
        "statement": line.statement_id,
        "bonus_line": line.pk,
        "contest": contest.pk,
        "asked_landlord": asked_of(first, L2C).pk,
        "asked_contractor": asked_of(first, C2L).pk,
        "shared": shared(first, finished_order).pk,
        "voice": voiced(first).pk,
        "campaign": campaign_of(first).pk,
        "invoice": invoice.pk,
        "company": first.contractor.pk,
        "retention": held.pk,
        "subcontract": someone.pk,
        "final": settled(first, invoice).pk,
        "suspension": pieced(invoice).pk,
        "named": coming.pk,
        "account_rule": rule.pk,
        "share": share.pk,
        "paper": share.paper_id,
        "account": account.pk,
        "transfer": transfer.pk,
        "block": block.pk,
        "claim": claimed(first, invoice).pk,
        "own_proof": proved(first).pk,
        "landlords_proof": proved(first, "manager").pk,
        "own_export": exported(first, "desk").pk,
        "landlords_export": exported(first).pk,
        "unit": first.unit.pk,
        "received": typed_in(first, who="manager").pk,
        "finished": finished_elsewhere(first).order_id,
        "contract": first.contract.pk,
        "schedule": schedule.pk,
        "published": first.item.schedule_id,
        "group": first.unit.group_id,
        "warranty": warranted(first).pk,
        "kept_up": kept_up(first).pk,
        "upkeep": seen_to(first).pk,
        "run": run.pk,
        "deposit": deposited(first).pk,
        "visit": visit.pk,
        "variation": asked_elsewhere(first).pk,
        "certificate": finished_elsewhere(first).pk,
        "reserve": reserved_elsewhere(first).pk,
        "sign_off": visit.pk,  # nobody has signed there: no PDF is
        "photo": photo.pk,
        "piece": piece.pk,
        "message_file": talked(first).pk,
        "job": job.pk,
        "notice": notice.pk,
        "view": view.pk,
        "report": reported(first).pk,
        "own_question": own_question(first).pk,
        "tenant_survey": own_survey(first).pk,
        "rollout": planned(first).pk,
        "impact_note": noted(first).pk,
        "landlords_survey": surveyed(first, "landlord").pk,
        "contractors_survey": surveyed(first, "contractor").pk,
        "review": review.pk,
        "decision": decision.pk,
        "need": needed(first).pk,
        "pilot": piloted(first, starts_in=30).pk,
        "annex": annexed(first).pk,
        "reference": referenced(first).pk,
        "peer_contact": peer_contact.pk,
        "given": gave(first).pk,
        "shown": gave(first, shows=True).pk,
        "member": first.reader.pk,
        "technician": first.technician.pk,
        "sector": empty.pk,
        "agency": empty.agency_id,
    }
    return world, ids, tokens


SCENE = Snapshot(_scene)


def _tokens(world) -> dict[str, str]:
    case = world.first.order.case
    purposes = [LinkPurpose.FOLLOW, LinkPurpose.CHOOSE_SLOT]
    expired = links.make_link(case=case, purposes=purposes)
    revoked = links.make_link(case=case, purposes=purposes)
    now = clock.now()
    Link.objects.filter(pk=expired.pk).update(expires_at=now - timedelta(minutes=1))
    Link.objects.filter(pk=revoked.pk).update(revoked_at=now)
    return {
        "link": links.token_of(world.first.link.pk),
        "forged": "A" * 24,
        "expired": links.token_of(expired.pk),
        "revoked": links.token_of(revoked.pk),
        "other_link": links.token_of(world.second.link.pk),
    }


_PK = {
    **{
        f"contractors:{side}_invoice{end}": "invoice"
        for side in ("landlord", "contractor")
        for end in ("", "_act", "_pdf", "_message")
    },
    **{
        f"contractors:{side}_received{end}": "received"
        for side in ("landlord", "contractor")
        for end in ("", "_act", "_file")
    },
    **{f"contractors:{side}_block_act": "block" for side in ("landlord", "contractor")},
    **{
        f"evaluations:{side}_bonus_{name}": key
        for side in ("landlord", "contractor")
        for name, key in (
            *(("new", "contract"), ("now", "contract"), ("rules", "rules")),
            *(("statement", "statement"), ("file", "statement"), ("act", "statement")),
        )
    },
    "evaluations:landlord_bonus_rules_act": "draft_rules",
    "evaluations:contractor_bonus_rules_act": "waiting_rules",
    "evaluations:landlord_bonus_contest": "contest",
    "evaluations:contractor_bonus_contest": "bonus_line",
    "evaluations:landlord_evaluation": "asked_landlord",
    "evaluations:contractor_evaluation": "asked_contractor",
    "evaluations:contractor_act": "shared",
    **{f"evaluations:{side}_voice": "voice" for side in ("landlord", "contractor")},
    **{
        f"evaluations:{side}_{name}": key
        for side in ("landlord", "contractor")
        for name, key in (
            *(("review", "review"), ("review_act", "review")),
            *(("review_new", "contract"), ("decision", "decision")),
        )
    },
    "evaluations:landlord_question_act": "own_question",
    "evaluations:landlord_survey_withdraw": "tenant_survey",
    "evaluations:landlord_rollout_act": "rollout",
    "evaluations:landlord_impact_note_act": "impact_note",
    "evaluations:landlord_need_act": "need",
    "evaluations:landlord_pilot": "pilot",
    "evaluations:landlord_pilot_act": "pilot",
    "evaluations:landlord_annex": "annex",
    **dict.fromkeys(
        (
            "evaluations:landlord_clauses",
            "evaluations:contractor_clauses",
            "evaluations:landlord_annex_new",
        ),
        "contract",
    ),
    **{
        f"evaluations:{side}_staff_answer": f"{side}s_survey" for side in ("landlord", "contractor")
    },
    **{f"evaluations:{side}_report": "report" for side in ("landlord", "contractor")},
    **{f"evaluations:{side}_thanks": "finished" for side in ("landlord", "contractor")},
    "evaluations:landlord_reference": "reference",
    "evaluations:landlord_reference_call": "reference",
    "evaluations:landlord_reference_call_end": "peer_contact",
    "evaluations:contractor_reference_withdraw": "reference",
    "evaluations:contractor_given_show": "given",
    "evaluations:contractor_given_withdraw": "shown",
    "evaluations:landlord_campaign": "campaign",
    "evaluations:contractor_campaign": "campaign",
    "contractors:contractor_prepare": "finished",
    "contractors:contractor_situation": "finished",
    "contractors:contractor_final_account_new": "finished",
    **{
        f"contractors:{side}_final_account{end}": "final"
        for side in ("landlord", "contractor")
        for end in ("", "_act")
    },
    "contractors:contractor_claim_letter": "claim",
    "evaluations:contractor_claim_sent": "claim",
    "contractors:contractor_proof": "own_proof",
    "contractors:landlord_proof": "landlords_proof",
    "contractors:landlord_retention_act": "retention",
    **{
        f"contractors:{side}_subcontract{end}": "subcontract"
        for side in ("landlord", "contractor")
        for end in ("", "_file", "_act")
    },
    "contractors:landlord_suspension_file": "suspension",
    "contractors:contractor_suspension_file": "suspension",
    "contractors:contractor_declare_subcontractor": "contract",
    "contractors:contractor_forget_subcontractor": "named",
    "contractors:landlord_money_terms": "contract",
    "contractors:landlord_advance": "contract",
    "contractors:landlord_end_account_rule": "account_rule",
    "contractors:landlord_company_papers": "company",
    "contractors:landlord_company_bank": "company",
    "contractors:landlord_note_transfer": "company",
    "contractors:landlord_transfer_act": "transfer",
    "contractors:landlord_paper_file": "share",
    "contractors:landlord_paper_act": "share",
    "contractors:contractor_paper_file": "paper",
    "contractors:landlord_bank_act": "account",
    "contractors:contractor_bank_act": "account",
    "orders:landlord_export_file": "landlords_export",
    "orders:contractor_export_file": "own_export",
    "orders:landlord_unit": "unit",
    "orders:landlord_group": "group",
    "orders:landlord_contract": "contract",
    "orders:landlord_group_warranties": "group",
    "orders:landlord_end_warranty": "warranty",
    "orders:landlord_group_equipment": "group",
    **{
        f"orders:{side}_upkeep{end}": "contract"
        for side in ("landlord", "contractor")
        for end in ("", "_export")
    },
    "orders:landlord_equipment": "kept_up",
    "orders:landlord_retire_equipment": "kept_up",
    "orders:contractor_equipment": "kept_up",
    "orders:contractor_withdraw_upkeep": "upkeep",
    "orders:contractor_contract": "contract",
    "orders:contractor_schedule": "published",
    "orders:contractor_schedule_export": "published",
    "orders:landlord_contract_act": "contract",
    "orders:landlord_schedule": "schedule",
    "orders:landlord_schedule_act": "schedule",
    "orders:landlord_schedule_export": "schedule",
    **dict.fromkeys(
        (
            f"orders:{side}_variation{end}"
            for side in ("landlord", "contractor")
            for end in ("", "_act", "_photo")
        ),
        "variation",
    ),
    **dict.fromkeys(
        (
            f"orders:{side}_certificate{end}"
            for side in ("landlord", "contractor")
            for end in ("", "_act", "_pdf")
        ),
        "certificate",
    ),
    **dict.fromkeys(
        (
            "orders:landlord_sign_off_pdf",
            "orders:contractor_sign_off_pdf",
            "tenants:sign_off",
            "tenants:case_sign_off",
        ),
        "sign_off",
    ),
    "orders:landlord_reserve": "reserve",
    "orders:contractor_reserve": "reserve",
    "orders:field_sign": "visit",
    "orders:field_variation": "visit",
    "orders:field_regularise": "visit",
    "orders:landlord_photo": "photo",
    "orders:contractor_photo": "photo",
    "orders:contractor_photo_withdraw": "photo",
    "orders:landlord_piece": "piece",
    "orders:contractor_piece": "piece",
    "orders:contractor_piece_withdraw": "piece",
    "orders:contractor_visit": "visit",
    "orders:landlord_visit": "visit",
    "orders:contractor_calendar": "visit",
    "tenants:calendar": "visit",
    "tenants:case_calendar": "visit",
    "orders:field_visit": "visit",
    "orders:field_act": "visit",
    "orders:landlord_file": "message_file",
    "orders:contractor_file": "message_file",
    "tenants:attachment": "message_file",
    "tenants:case_attachment": "message_file",
    "tenants:photo": "photo",
    "tenants:visit": "visit",
    "tenants:case_photo": "photo",
    "tenants:case_visit": "visit",
    "imports:run": "run",
    "imports:columns": "run",
    "imports:values": "run",
    "imports:report": "run",
    "imports:act": "run",
    **{
        f"contractor_imports:{name}": "deposit"
        for name in ("run", "columns", "values", "report", "act")
    },
    "estate:job": "job",
    "estate:act": "job",
    "core:read_notice": "notice",
    "members:landlord_member": "member",
    "members:landlord_act": "member",
    "members:landlord_absence": "member",
    "members:landlord_absence_end": "member",
    "members:contractor_absence": "technician",
    "members:contractor_absence_end": "technician",
    "members:contractor_member": "technician",
    "members:contractor_act": "technician",
    "territories:edit": "sector",
    "territories:new_sector": "agency",
    "territories:act": "sector",
    "orders:landlord_view": "view",
    "orders:contractor_view": "view",
    "contractors:landlord_invoice_view": "view",
    "contractors:contractor_invoice_view": "view",
}


def address(case: Case, scene, token: str = "") -> str:
    world, ids, _ = scene
    route = routes()[case.name]
    values = dict(case.args)
    if "org>" in route:
        side = world.first.contractor if "prestataire/" in route else world.first.landlord
        values["org"] = side.slug
    if "<uuid:pk>" in route:
        values["pk"] = ids[_PK[case.name]] if case.name in _PK else world.first.order.pk
    if "<uuid:case>" in route:
        values["case"] = world.first.order.case_id
    values |= {name: ids[name] for name in ("contract", "group") if f"<uuid:{name}>" in route}
    if "<str:token>" in route:
        values["token"] = token
    found = reverse(case.name, kwargs=values)
    if case.name == "core:stream_token":
        found += f"?space={live.channel_for_organisation(world.first.landlord.pk)}"
    return found


def routes() -> dict[str, str]:
    return {name: route for name, (route, _entry) in addresses().items()}


def addresses() -> dict[str, tuple[str, Any]]:
    """Name → route and pattern of every address, those of packages too."""
    found = {}

    def walk(resolver, prefix, space):
        for entry in resolver.url_patterns:
            route = prefix + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                inner = entry.namespace
                walk(entry, route, f"{space}{inner}:" if inner else space)
            else:
                found[f"{space}{entry.name}"] = (route, entry)

    walk(get_resolver(), "", "")
    return found


def client_of(world, visitor: str) -> Client:
    client = Client(raise_request_exception=False)
    party = world.second if visitor.startswith("other_") else world.first
    who = visitor.removeprefix("other_")
    if visitor in ("outsider", "staff"):
        client.force_login(getattr(world, visitor))
    elif visitor != "anonymous":
        client.force_login(getattr(party, who).user)
    return client


def wrong_answers(scene, cases, visitor: str, client: Client, token: str = "") -> list[str]:
    """Ask each address both ways, and roll back what was done; return what came out otherwise."""
    found = []
    before, written = census(), rows_written()
    for case in cases:
        url = address(case, scene, token)
        savepoint = transaction.savepoint()
        for method, wanted in (("get", case.get), ("post", case.post)):
            response = getattr(client, method)(url, case.data if method == "post" else {})
            if response.status_code != wanted[visitor]:
                found.append(f"{method} {case}: {response.status_code}, not {wanted[visitor]}")
            was, written = written, rows_written()
            changed = was != written and census() != before
            if changed != (method == "post" and visitor in case.acts):
                found.append(f"{method} {case}: rows changed: {changed}")
        transaction.savepoint_rollback(savepoint)
        mail.outbox.clear()
        written = (written[0], 0)
    return found


def test_every_address_has_its_case():
    assert {case.name for case in [*CASES, *LINKS]} == set(routes())


def test_every_act_of_an_address_has_its_case():
    taking = {n: found for n, (route, found) in addresses().items() if "<slug:action>" in route}
    assert taking
    for name, entry in taking.items():
        acts = acts_of(entry.callback)
        assert acts, f"{name} must be built by by_action()"
        listed = {case.args["action"] for case in [*CASES, *LINKS] if case.name == name}
        assert listed - {"autre-chose"} == acts, name


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_visitor_gets_what_the_matrix_says(scene, visitor):
    cases = [case for case in CASES if case.name != "account_logout"]
    assert wrong_answers(scene, cases, visitor, client_of(scene[0], visitor)) == []


@pytest.mark.parametrize("holder", matrix.HOLDERS)
def test_each_link_opens_what_the_matrix_says(scene, holder):
    assert wrong_answers(scene, LINKS, holder, Client(), token=scene[2][holder]) == []


def test_logging_out_takes_a_post(scene):
    (case,) = [case for case in CASES if case.name == "account_logout"]
    client = client_of(scene[0], "manager")
    assert client.get(reverse(case.name)).status_code == case.get["manager"]
    assert "_auth_user_id" in client.session
    assert client.post(reverse(case.name)).status_code == case.post["manager"]
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_useless_links_get_the_same_page(world, monkeypatch):
    with system_scope("tests"):
        tokens = _tokens(world)
    bodies = set()
    for name in ("forged", "expired", "revoked"):
        response = Client().get(reverse("tenants:follow", args=[tokens[name]]))
        body = re.sub(rb'nonce="[^"]*"|"X-CSRFToken": "[^"]*"', b"", response.content)
        bodies.add((response.status_code, body, response["Cache-Control"]))
    assert len(bodies) == 1


def test_a_fragment_asks_a_logged_out_browser_to_reload(world):
    url = reverse("orders:landlord_list", args=[world.first.landlord.slug])
    response = Client().get(url, headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Refresh"] == "true"
