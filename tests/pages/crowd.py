"""Many orders of one party in every state, with what hangs on them, made by the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from contractors.models import Invoice
from evaluations.models import BonusRules, Rollout
from nexxio.core import clock, jobs, relay
from nexxio.core.actors import scope_of
from nexxio.core.models import Group, Link, Unit
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, Order, Visit
from tests.factories.bonused import bonus_of
from tests.factories.evaluated import C2L, asked_of, own_question, published, shared
from tests.factories.full import act, photo_bytes
from tests.factories.impacted import measured, noted, planned
from tests.factories.invoiced import billed, filed_elsewhere
from tests.factories.world import Party


@dataclass
class Crowd:
    """A party with many rows. busy: the order whose page shows the most; visit, link: its own."""

    party: Party
    drafts: list[Order]
    busy: Order
    visit: Visit
    link: Link
    invoice: Invoice
    rules: BonusRules
    statement_id: UUID


def gather(party: Party, rows: int) -> Crowd:
    """Add `rows` orders in each of five states, and `rows` of what the other pages list."""
    _estate(party, rows)
    drafts = [_draft(party, n) for n in range(rows)]
    for n in range(rows):
        _issued(party, n)
        _accepted(party, n)
        _proposed(party, n)
        back = _issued(party, n)
        act(party, "desk", services.return_order, order_id=back.pk, items=["phone"])
    billed(party)
    for _n in range(rows):
        invoice = filed_elsewhere(party)
    _opinions(party, rows)
    rules, statement_id = bonus_of(party, invoice.order, rows)
    visit = _busy(party, rows)
    relay.drain_batches()
    relay.deliver_one_by_one()
    with scope_of(party.actor("manager")):
        busy = Order.objects.get(pk=visit.order_id)
        link = Link.objects.get(case_id=busy.case_id)
    return Crowd(
        party=party,
        drafts=drafts,
        busy=busy,
        visit=visit,
        link=link,
        invoice=invoice,
        rules=rules,
        statement_id=statement_id,
    )


def _opinions(party: Party, rows: int) -> None:
    """Let so many finished orders be evaluated, and a quarter be published."""
    with system_scope("tests: crowd"):
        finished = list(Order.objects.filter(done_at__isnull=False).order_by("-created_at")[:rows])
    for order in finished:
        shared(party, order)
        asked_of(party, C2L, order)
    published(party)
    own_question(party)
    with system_scope("tests: crowd"):
        have = Rollout.objects.count()
    for n in range(have, have + rows):
        rollout = planned(party, days=-30, name=f"Agence {n}")
        measured(rollout)
        noted(party, agency_id=rollout.agency_id, trade_code=rollout.trade_id)


def _estate(party: Party, rows: int) -> None:
    """Add residences, units, contracts and imports."""
    manager = party.actor("manager")
    with scope_of(manager):
        have = Group.objects.count()
        for n in range(have, have + rows):
            Group.objects.create(
                landlord=party.landlord,
                name=f"Résidence {n}",
                address=f"{n} rue des Lilas",
                postcode="75019",
                city="Paris",
            )
            Unit.objects.create(landlord=party.landlord, group=party.unit.group, number=f"9{n}")
            Contract.objects.create(
                landlord=party.landlord,
                contractor=party.contractor,
                number=f"M{n}",
                title="Peinture",
                trades=["plomberie"],
                starts_on=clock.today(),
                ends_on=clock.today() + timedelta(days=400),
                ceiling=9000,
            )
            jobs.ask(kind="estate.rehearse", actor=manager, payload={"name": f"{n}.csv"})


def _draft(party: Party, n: int) -> Order:
    manager = party.actor("manager")
    with scope_of(manager):
        return services.draft_order(
            actor=manager, data=party.order_input(title=f"Évier bouché {n}")
        )


def _issued(party: Party, n: int) -> Order:
    return act(party, "manager", services.issue_order, order_id=_draft(party, n).pk)


def _accepted(party: Party, n: int) -> Order:
    return act(party, "desk", services.accept_order, order_id=_issued(party, n).pk)


def _proposed(party: Party, n: int) -> Visit:
    return _propose(party, _accepted(party, n).pk)


def _propose(party: Party, order_id: UUID) -> Visit:
    start = clock.now() + timedelta(minutes=5)
    return act(
        party,
        "desk",
        services.propose_visit,
        order_id=order_id,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        off_hours=True,
    )


def _busy(party: Party, rows: int) -> Visit:
    """An order whose first visit found nobody, with its proof, and a second one with photos."""
    visit = _on_site(party, _proposed(party, 99), rows)
    proof = services.ProofInput(minutes_waited=12, call_tried=True)
    act(party, "technician", services.declare_no_access, visit_id=visit.pk, proof=proof)
    return _on_site(party, _propose(party, visit.order_id), rows)


def _on_site(party: Party, visit: Visit, photos: int) -> Visit:
    act(party, "desk", services.confirm_visit, visit_id=visit.pk, call_noted=True)
    act(party, "technician", services.leave, visit_id=visit.pk)
    act(party, "technician", services.arrive, visit_id=visit.pk)
    for n in range(photos):
        act(
            party,
            "technician",
            services.add_photo,
            visit_id=visit.pk,
            photo=photo_bytes((40 + n, 30)),
            moment="before",
        )
    return visit
