"""Finished orders for tests: their certificates wait, are signed or refused."""

from __future__ import annotations

from datetime import timedelta

from nexxio.core import clock
from nexxio.core.ids import new_id
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Certificate, LiftingRecord, Reserve, SignOff
from tests.factories.acting import act
from tests.factories.world import Party


def finished(party: Party, *, report: str = "Joint remplacé.") -> Certificate:
    """Do the works of the party's order; return the certificate that waits."""
    from tests.factories.full import visited  # which fills a world with what is here

    visit = visited(party, state="on_site")
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report=report)
    return newest(party)


def newest(party: Party) -> Certificate:
    """Return the newest version of the party's order."""
    with system_scope("tests: certificates"):
        return Certificate.objects.filter(order=party.order).latest("number")


def signed(party: Party, **kwargs) -> Certificate:
    """Finish, and let the landlord's manager sign."""
    pk = finished(party).pk
    return act(party, "manager", services.sign_certificate, certificate_id=pk, **kwargs)


def finished_elsewhere(party: Party) -> Certificate:
    """Do the works of another order of the party, signed by its tenant; it waits."""
    order = act(party, "manager", services.draft_order, data=party.order_input())
    act(party, "manager", services.issue_order, order_id=order.pk)
    act(party, "desk", services.accept_order, order_id=order.pk)
    start = clock.now() + timedelta(hours=40)
    visit = act(
        party,
        "desk",
        services.propose_visit,
        order_id=order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        call_noted=True,
    )
    act(party, "technician", services.arrive, visit_id=visit.pk)
    data = services.SignOffInput(name=str(party.tenant), satisfied=True)
    act(party, "technician", services.sign_on_screen, visit_id=visit.pk, data=data)
    act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Joint refait.")
    with system_scope("tests: certificates"):
        return Certificate.objects.get(order=order)


def reserved_elsewhere(party: Party) -> Reserve:
    """Sign for another order of the party, with a reserve."""
    certificate = finished_elsewhere(party)
    typed = services.ReserveInput(
        text=f"Trace au plafond {party.landlord.name[14:]}".strip(),
        due_on=clock.today() + timedelta(days=20),
    )
    act(
        party,
        "manager",
        services.sign_certificate,
        certificate_id=certificate.pk,
        reserves=[typed],
    )
    with system_scope("tests: reserves"):
        return Reserve.objects.get(certificate=certificate)


def copied(party: Party, reserve: Reserve) -> None:
    """Give the party's own order, whose works aren't done, rows as another one has them."""
    order = party.order
    with system_scope("tests: rows on the order that links open"):
        certificate = reserve.certificate
        sign_off = SignOff.objects.get(order=reserve.order)
        certificate.pk, reserve.pk, sign_off.pk = new_id(), new_id(), new_id()
        sign_off.visit = order.visits.earliest("number")
        sign_off.tenant_id = sign_off.visit.tenant_id
        sign_off.reader_case_id = order.case_id
        reserve.certificate = certificate
        for row in (certificate, reserve, sign_off):
            row.order = order
            row.save(force_insert=True)
        LiftingRecord.objects.create(
            landlord_id=order.landlord_id,
            contractor_id=order.contractor_id,
            order=order,
            number=1,
            content={"reference": order.reference, "reserves": []},
            content_sha256="0" * 64,
        )
