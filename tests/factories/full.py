"""A world in which every scoped table holds rows of both parties."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, time, timedelta

from contractors.services import choose_digest
from evaluations.services import note_claim_sent
from nexxio.core import clock, file_readings, jobs, relay, saved_views
from nexxio.core.actors import Actor, Role, Side, scope_of
from nexxio.core.imports import services as imports
from nexxio.core.imports.registry import get_kind
from nexxio.core.members import absences, closings, entering
from nexxio.core.members import services as members
from nexxio.core.models import ImportedRow, ImportRun, Job, JobState, Membership, Sector, StoredFile
from nexxio.core.notifications import preferences
from nexxio.core.scoping import Scope, ScopeKind, open_scope, system_scope
from nexxio.core.territories import services as territories
from orders import services
from orders.models import OrderDocument, OrderPiece, PieceAnswer, VisitSlot
from tests.factories import upkeep
from tests.factories.acting import act, photo_bytes
from tests.factories.attributed import ruled
from tests.factories.bonused import bonused, drafted, proposed
from tests.factories.certified import copied, reserved_elsewhere
from tests.factories.evaluated import evaluated
from tests.factories.extras import asked, exported, talked
from tests.factories.impacted import impacted
from tests.factories.invoiced import (
    alerted,
    billed,
    claimed,
    filed_elsewhere,
    paid_elsewhere,
    pieced,
    proved,
    seen_to,
    suspended,
    with_file,
)
from tests.factories.moneyed import moneyed, refunded
from tests.factories.papered import banked, ceded, demanded, papered
from tests.factories.received import typed_in
from tests.factories.revised import revised
from tests.factories.settled import settled
from tests.factories.subcontracted import subcontracted
from tests.factories.warranted import warranted
from tests.factories.world import Party, World


def visited(party: Party, *, state: str = "no_access"):
    """Accept the party's order and go as far as `state` of its first visit; return the visit."""
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    start = clock.now() + timedelta(hours=3)
    visit = act(
        party,
        "desk",
        services.propose_visit,
        order_id=party.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        off_hours=True,
    )
    if state == "proposed":
        return visit
    act(party, "tenant", services.confirm_visit, visit_id=visit.pk)
    if state == "confirmed":
        return visit
    act(party, "technician", services.leave, visit_id=visit.pk)
    act(party, "technician", services.arrive, visit_id=visit.pk)
    act(
        party,
        "technician",
        services.add_photo,
        visit_id=visit.pk,
        photo=photo_bytes(),
        moment="before",
    )
    if state == "no_access":
        proof = services.ProofInput(minutes_waited=12, call_tried=True)
        act(party, "technician", services.declare_no_access, visit_id=visit.pk, proof=proof)
    return visit


def offered(party: Party, *, order_id=None, days: tuple[int, ...] = (2, 3, 4)):
    """Offer two-hour windows from 10 h on, so many days ahead, on an order that is accepted."""
    today = datetime.combine(clock.today(), time(10), clock.PARIS)
    starts = [today + timedelta(days=each) for each in days]
    return act(
        party,
        "desk",
        services.propose_slots,
        order_id=order_id or party.order.pk,
        windows=[(start, start + timedelta(hours=2)) for start in starts],
        technician_id=party.technician.pk,
        off_hours=True,
    )


def slots_of(visit) -> list[VisitSlot]:
    """Return the windows of a visit, the earliest first."""
    with system_scope("tests: slots"):
        return list(VisitSlot.objects.filter(visit=visit).order_by("window_start"))


def chosen(party: Party):
    """Offer windows and let the tenant pick the second; return the visit."""
    visit = offered(party)
    slot_id = slots_of(visit)[1].pk
    return act(party, "tenant", services.choose_slot, visit_id=visit.pk, slot_id=slot_id)


def worked(job: Job) -> None:
    """Do a job as a worker that has claimed it, whatever else waits."""
    with system_scope("tests: claim"):
        leased = clock.now() + jobs.LEASE
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING, attempts=1, started_at=clock.now(), leased_until=leased
        )
        job.refresh_from_db()
    jobs.run(job)


def printed(party: Party) -> OrderDocument:
    """Deliver what happened and let the worker print; return the newest document."""
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        waiting = list(
            Job.objects.filter(landlord=party.landlord, kind="order.pdf", state="queued")
        )
    for job in waiting:
        worked(job)
    with system_scope("tests: documents"):
        return OrderDocument.objects.filter(order=party.order).latest("number")


def on_paper(party: Party, service, *, name: str = "Bruno Petit", **kwargs) -> None:
    """Run a contractor's service as whoever holds the party's printed order."""
    actor = party.actor("paper")
    with scope_of(actor):
        services.act_on_paper(actor=actor, name=name, act=lambda: service(actor=actor, **kwargs))


def imported(party: Party, *, until: str = "asked") -> ImportRun:
    """Send a small file of orders; go until the rehearsal is "asked", or the import "applied"."""
    actor = party.actor("manager")
    data = f"Numéro de commande;Numéro du logement;Objet\nERP-1;{party.unit.number};Volet\n"
    with scope_of(actor):
        run = imports.send_file(
            actor=actor, kind=get_kind("orders"), upload=io.BytesIO(data.encode()), name="bons.csv"
        )
        worked(run.job)
        run.refresh_from_db()
        names = run.inspection["sheets"][0]["columns"]
        fields = ("external_number", "unit_number", "title")
        run = imports.choose_columns(
            actor=actor,
            run=run,
            sheet="",
            columns=dict(zip(fields, names, strict=True)),
            mapping_name=f"Essai {party.unit.number}",
        )
        run = imports.ask_rehearsal(actor=actor, run=run)
        if until == "applied":
            worked(run.job)
            run = imports.ask_apply(actor=actor, run=run, options={})
            worked(run.job)
    return run


def deposited(party: Party) -> ImportRun:
    """Let the contractor's desk send its own list of filings; go until its rehearsal is asked.

    One row counts as written before: what it names isn't there.
    """
    actor = party.actor("desk")
    data = b"Facture;Chorus;Date\nF-1;CPP-1;01/09/2026\n"
    with scope_of(actor):
        run = imports.send_file(
            actor=actor,
            kind=get_kind("chorus-company"),
            upload=io.BytesIO(data),
            name="depots.csv",
        )
        worked(run.job)
        run.refresh_from_db()
        columns = {"number": "Facture", "chorus_number": "Chorus", "filed_on": "Date"}
        run = imports.choose_columns(
            actor=actor, run=run, sheet="", columns=columns, mapping_name="Dépôts"
        )
        written = {"kind": run.kind, "key": "F-0", "line": 1, "outcome": "changed"}
        ImportedRow.objects.create(
            landlord_id=actor.own_id, run=run, subject_id=run.pk, after={"number": "F-0"}, **written
        )
        return imports.ask_rehearsal(actor=actor, run=run)


def peopled(world: World, party: Party) -> None:
    """Invite somebody on each side, let platform staff look at a page of each space.

    The clerk will be away, the manager stands in; so will the contractor's desk.
    """
    away = clock.today() + timedelta(days=300)
    act(
        party,
        "clerk",
        absences.set_absence,
        membership_id=party.clerk.pk,
        starts_on=away,
        ends_on=away + timedelta(days=7),
        substitute_id=party.manager.pk,
    )
    act(
        party,
        "desk",
        absences.set_absence,
        membership_id=party.desk.pk,
        starts_on=away,
        ends_on=away,
    )
    for who, house in (("manager", party.landlord), ("desk", party.contractor)):
        act(
            party,
            who,
            closings.note_closing,
            label=f"Congés de {house.name}"[:60],
            starts_on=away,
            ends_on=away + timedelta(days=2),
        )
    houses = (
        ("manager", party.landlord, members.Rights("proximite", ("reader",))),
        ("desk", party.contractor, members.Rights("exploitation", ("clerk",))),
    )
    staff = Actor(side=Side.SYSTEM, name=str(world.staff), user_id=world.staff.pk)
    for who, house, rights in houses:
        act(party, who, members.invite, email=f"invite@{house.slug}.example", rights=rights)
        with system_scope("tests: administration"):
            entry = entering.enter(
                actor=staff,
                organisation=house,
                reason=f"Aide demandée par {house.name}",
                minutes=15,
            )
        with open_scope(Scope(kind=ScopeKind.USER, user_id=world.staff.pk)):
            entering.note_page(entry, f"/{house.slug}/commandes/")


def divided(party: Party) -> tuple[Sector, Sector]:
    """Divide the party's estate: two sectors of one agency, its residence in the first one."""
    name = party.landlord.name
    agency = act(party, "manager", territories.add_agency, name=f"Agence de {name}")
    first, second = (
        act(
            party, "manager", territories.add_sector, agency_id=agency.pk, name=f"{which} de {name}"
        )
        for which in ("Nord", "Sud")
    )
    act(
        party,
        "manager",
        territories.assign,
        group_ids=[party.unit.group_id],
        sector_id=first.pk,
        expected=0,
    )
    return first, second


def followed() -> None:
    """Deliver what happened, and let the worker take orders along with their residences."""
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        waiting = list(Job.objects.filter(kind="orders.follow_residences", state="queued"))
    for job in waiting:
        worked(job)


def placed(member: Membership, *, sector: Sector | None = None) -> None:
    """Give a member a sector, or the whole estate."""
    member.sector = sector
    member.agency = sector.agency if sector else None
    with system_scope("tests: a member's territory"):
        member.save(update_fields=["sector", "agency"])


def answered(party: Party) -> None:
    """Have the landlord refuse a sheet of hours, with words of its own."""
    with system_scope("tests: a sheet of hours"):
        PieceAnswer.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            order=party.order,
            piece=OrderPiece.objects.filter(order=party.order).first(),
            accepted=False,
            note=f"Refusé par {party.landlord.name}",
            answered_by=party.manager.user,
        )


def fill(world: World) -> None:
    """Put rows of both parties into every scoped table."""
    for party in (world.first, world.second):
        visited(party)
        chosen(party)
        act(
            party,
            "desk",
            services.add_piece,
            order_id=party.order.pk,
            kind="waste",
            upload=photo_bytes(),
        )
        answered(party)
        divided(party)
        act(party, "desk", services.open_tenant_hours, version=0, windows=["2 8-10"])
        warranted(party)
        upkeep.seen_to(party, upkeep.kept_up(party))
        revised(party)
        asked(party)
        act(party, "manager", services.ask_letter, order_id=party.order.pk)
        reserve = reserved_elsewhere(party)
        evaluated(party, reserve.order_id)
        impacted(party)
        with system_scope("tests: a certified order"):
            certified = reserve.order
        bonused(party, certified)
        proposed(party)
        drafted(party)
        copied(party, reserve)
        talked(party)
        ruled(party)
        billed(party)
        moneyed(party)
        invoice = paid_elsewhere(party)
        refunded(party, invoice)
        subcontracted(party, invoice)
        settled(party, invoice)
        with_file(invoice)
        pieced(invoice)
        letter = claimed(party, invoice)
        act(party, "desk", note_claim_sent, letter=letter, sent_on=letter.as_of)
        for who in ("desk", "manager"):
            proved(party, who)
            exported(party, who)
            act(party, who, choose_digest, is_wanted=False)
            act(party, who, preferences.choose_notices, wanted=[])
        alerted(party)
        demanded(party)
        papered(party)
        banked(party)
        ceded(party)
        elsewhere = filed_elsewhere(party)
        seen_to(party, elsewhere)
        suspended(party, elsewhere)
        typed_in(party, who="manager")
        act(
            party,
            "desk",
            services.hold_order,
            order_id=party.order.pk,
            reason="keys",
            expected_on=clock.today() + timedelta(days=5),
        )
        on_paper(party, services.read_contact, order_id=party.order.pk)
        manager = party.actor("manager")
        with scope_of(manager):
            jobs.ask(kind="estate.rehearse", actor=manager, payload={"name": "essai"})
            name = f"Retards de {party.landlord.name}"
            saved_views.save_view(actor=manager, page="orders", name=name, query="retard=1")
            file = StoredFile.objects.filter(landlord=party.landlord).first()
            file_readings.note_reading(actor=manager, file=file, order_id=party.order.pk)
        for who in ("clerk", "technician"):
            actor = replace(party.actor(who), roles=frozenset({Role.CLERK}))
            with scope_of(actor):
                view = saved_views.save_view(
                    actor=actor, page="orders", name=f"De {party.landlord.name}", query="retard=1"
                )
                saved_views.share_view(actor=actor, pk=view.pk, audience="house")
        imported(party)
        imported(party, until="applied")
        deposited(party)
        peopled(world, party)
    relay.drain_batches()
    relay.deliver_one_by_one()
