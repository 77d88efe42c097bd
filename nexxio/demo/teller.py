"""Tells the demo world's orders: each runs the real services at their moments, as their actors."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PIL import Image

from contractors import services as invoicing
from nexxio.core import clock, places
from nexxio.core.actors import Actor, scope_of
from nexxio.core.links import FoundLink
from nexxio.core.links import actor_of as link_actor
from nexxio.core.models import Group, Link, LinkParty, Occupancy, Tenant, Unit, UnitKind
from nexxio.core.scoping import system_scope
from nexxio.demo.stories import Story
from orders import services
from orders.models import Certificate, Order, PriceItem, Visit, VisitReminder
from orders.natures import VatReason
from orders.services import ClausesInput, LineInput, OrderInput
from orders.services.reminders import remind_visit

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

PARIS = clock.PARIS


class Teller:
    """Tells one story: runs services at their moments, as their actors."""

    def __init__(self, world: DemoWorld, story: Story) -> None:
        self.world = world
        self.story = story
        self.contract = world.contracts[story.landlord, story.trade]
        contractor = next(
            slug for slug, org in world.orgs.items() if org.pk == self.contract.contractor_id
        )
        self.landlord = world.manager(story.landlord)
        self.desk = world.manager(contractor)
        self.technician = world.technician(contractor)
        self.at = self._start()
        self.order: Order | None = None
        self.visit_id: Any = None
        self.invoice_id: Any = None

    def _start(self) -> datetime:
        """A working hour, `days_ago` days before now, never in the future."""
        local = self.world.now.astimezone(PARIS) - timedelta(days=self.story.days_ago)
        start = datetime.combine(local.date(), time(8, 40), PARIS)
        return min(start, self.world.now - timedelta(hours=2))

    def tell(self) -> None:
        """Go as far as the story reaches."""
        self._draft()
        steps: dict[str, list[Callable[[], None]]] = {
            "draft": [],
            "issued": [self._issue],
            "returned": [self._issue, self._return],
            "declined": [self._issue, self._decline],
            "cancelled": [self._issue, self._accept, self._cancel],
            "accepted": [self._issue, self._accept],
            "proposed": [self._issue, self._accept, lambda: self._propose(2, confirm=False)],
            "confirmed_today": [self._issue, self._accept, lambda: self._propose(0)],
            "confirmed_tomorrow": [self._issue, self._accept, lambda: self._propose(1)],
            "confirmed_later": [self._issue, self._accept, lambda: self._propose(9)],
            "no_access": [
                self._issue,
                self._accept,
                self._past_visit,
                self._nobody,
                self._says_he_was_there,
            ],
            "no_access_twice": [
                self._issue,
                self._accept,
                *[partial(self._past_visit, remind=True), partial(self._nobody, full=True)] * 2,
            ],
            "done": [self._issue, self._accept, self._past_visit, self._finish],
            "held": [self._issue, self._accept, self._hold],
            "variation": [self._issue, self._accept, self._past_visit, self._ask_extra],
            "partly_done": [self._issue, self._accept, self._past_visit, self._finish_in_part],
        }
        worked = [self._issue, self._accept, self._past_visit, self._prove, self._finish]
        certified = [*worked, self._certify, lambda: self._later(2), self._prepare, self._file]
        steps |= {
            "regularisation": [*worked, self._regularise],
            "invoiced": [*worked, self._prepare, self._file],
            "invoice_approved": [*certified, lambda: self._later(5), self._approve],
            "invoice_to_file": certified,
        }
        for step in steps[self.story.reach]:
            step()

    def _do(self, actor: Actor, service: Callable[..., Any], **kwargs: Any) -> Any:
        """Run a service as `actor`, a little later than the step before."""
        minutes = self.world.random.randint(7, 40)
        self.at = min(self.at + timedelta(minutes=minutes), self.world.now)
        with clock.moved_to(self.at), scope_of(actor):
            return service(actor=actor, **kwargs)

    def _draft(self) -> None:
        unit, first, last, phone = self._home()
        story = self.story
        common = story.nature == "common_parts"
        with scope_of(self.landlord):
            items = {
                item.code: item.pk
                for item in PriceItem.objects.filter(contract_id=self.contract.pk)
            }
        due = self.at.date() + timedelta(days=3 if story.priority == "urgent" else 21)
        self.order = self._do(
            self.landlord,
            services.draft_order,
            data=OrderInput(
                unit_id=unit.pk,
                title=story.title,
                nature=story.nature,
                priority=story.priority,
                trade_code=story.trade,
                contract_id=self.contract.pk,
                description=story.text,
                target_date=due,
                entrance=unit.entrance,
                floor=unit.floor,
                door=unit.door,
                contact_name="" if common else f"{first} {last}",
                phone="" if common else phone,
                email="" if common else f"{first}.{last}@courriel.example".lower(),
                access=("caretaker",) if common else ("intercom", "call_first"),
                asbestos="no_material",
                commitment_number="EJ-2026-1042" if self.contract.needs_commitment else "",
                service_code="SRV-PAT" if self.contract.needs_commitment else "",
                clauses=ClausesInput(vat_reason=VatReason.IMPROVEMENT, vat_certified=True),
                target_note="Date convenue avec le demandeur",
                lines=tuple(LineInput(items[code], Decimal(n)) for code, n in story.lines),
            ),
        )

    def _home(self) -> tuple[Unit, str, str, str]:
        """A dwelling of the landlord with somebody in it (or a landing)."""
        world = self.world
        first, last = next(world.tenants)
        phone = world.phone()
        with system_scope("demo: a dwelling"):
            rows = Group.objects.filter(landlord=world.orgs[self.story.landlord], dwellings__gte=10)
            if self.story.agency:
                rows = rows.filter(sector__agency__name=self.story.agency)
            groups = list(rows.order_by("source_key"))
        group = world.random.choice(groups)
        common = self.story.nature == "common_parts"
        number = "Palier 2" if common else str(world.random.randint(1, group.dwellings))
        with scope_of(self.landlord):
            unit = places.get_or_make_unit(
                actor=self.landlord,
                group_id=group.pk,
                kind=UnitKind.COMMON_AREA if common else UnitKind.DWELLING,
                number=number,
            )
            unit.floor = str(world.random.randint(1, 6))
            unit.door = world.random.choice(["Gauche", "Droite", "Face"])
            unit.entrance = world.random.choice(["Escalier A", "Escalier B", "Hall 1"])
            unit.save(update_fields=["floor", "door", "entrance"])
            if not common:
                tenant = Tenant.objects.create(
                    landlord_id=unit.landlord_id,
                    first_name=first,
                    last_name=last,
                    phone=phone,
                    email=f"{first}.{last}@courriel.example".lower(),
                )
                Occupancy.objects.create(
                    landlord_id=unit.landlord_id,
                    unit=unit,
                    tenant=tenant,
                    starts_on=date(2019, 6, 1),
                )
        return unit, first, last, phone

    @property
    def _pk(self) -> Any:
        assert self.order is not None
        return self.order.pk

    def _issue(self) -> None:
        self._do(self.landlord, services.issue_order, order_id=self._pk)

    def _accept(self) -> None:
        self._do(self.desk, services.accept_order, order_id=self._pk)

    def _return(self) -> None:
        self._do(
            self.desk,
            services.return_order,
            order_id=self._pk,
            items=["access", "description"],
            note="Quel étage exactement, et où se trouve le ballon ?",
        )

    def _decline(self) -> None:
        self._do(self.desk, services.decline_order, order_id=self._pk, reason="no_capacity")

    def _cancel(self) -> None:
        self._do(self.landlord, services.cancel_order, order_id=self._pk, reason="repaired")

    def _propose(self, days_ahead: int, *, confirm: bool = True) -> None:
        day = clock.day_of(self.world.now) + timedelta(days=days_ahead)
        start = datetime.combine(day, time(14 if days_ahead else 16), PARIS)
        if start + timedelta(hours=2) <= self.world.now:
            start = datetime.combine(day, time(22), PARIS)
        self._visit(start, hours=2)
        if confirm:
            self._confirm()

    def _past_visit(self, *, remind: bool = False) -> None:
        start = datetime.combine((self.at + timedelta(days=2)).date(), time(9), PARIS)
        self._visit(start, hours=2)
        self._confirm()
        if remind:
            self._remind(start)
        self.at = start - timedelta(minutes=25)
        self._do(self.technician, services.leave, visit_id=self.visit_id)
        self._do(self.technician, services.arrive, visit_id=self.visit_id)

    def _visit(self, start: datetime, *, hours: int) -> None:
        visit = self._do(
            self.desk,
            services.propose_visit,
            order_id=self._pk,
            start=start,
            end=start + timedelta(hours=hours),
            technician_id=self.technician.membership_id,
            off_hours=True,
        )
        self.visit_id = visit.pk

    def _tenant(self) -> Actor:
        """The tenant, by the link that he held then: in the invented past it had not expired."""
        with system_scope("demo: the tenant's link"):
            link = Link.objects.get(case__orders=self._pk, party=LinkParty.TENANT)
        return link_actor(
            FoundLink(
                link.pk,
                link.landlord_id,
                link.case_id,
                link.party,
                frozenset(link.purposes),
                link.expires_at,
            )
        )

    def _confirm(self) -> None:
        if self.story.nature != "common_parts":  # there the appointment stands at once
            self._do(self._tenant(), services.confirm_visit, visit_id=self.visit_id)

    def _finish(self) -> None:
        self._do(
            self.technician,
            services.complete_visit,
            visit_id=self.visit_id,
            report="Pièce remplacée, essai fait devant l’occupant.",
        )

    def _prove(self) -> None:
        """What the contract asks for with the invoice: photos of the work, the tenant's word."""
        for moment, colour in (("before", "#8f7a7a"), ("after", "#7a8b8f")):
            self._do(
                self.technician,
                services.add_photo,
                visit_id=self.visit_id,
                photo=picture(colour),
                moment=moment,
            )
        with system_scope("demo: who signs"):
            name = str(Visit.objects.select_related("tenant").get(pk=self.visit_id).tenant)
        self._do(
            self.technician,
            services.sign_on_screen,
            visit_id=self.visit_id,
            data=services.SignOffInput(name=name, satisfied=True),
        )

    def _certify(self) -> None:
        with scope_of(self.landlord):
            pk = Certificate.objects.get(order_id=self._pk).pk
        self._do(self.landlord, services.sign_certificate, certificate_id=pk)

    def _later(self, days: int) -> None:
        self.at = min(self.at + timedelta(days=days), self.world.now)

    def _prepare(self) -> None:
        found = self._do(self.desk, invoicing.prepare_invoice, order_id=self._pk)
        self.invoice_id = found.pk

    def _file(self) -> None:
        self._do(self.desk, invoicing.file_invoice, invoice_id=self.invoice_id)

    def _approve(self) -> None:
        self._do(self.landlord, invoicing.take_charge, invoice_id=self.invoice_id)
        self._do(self.landlord, invoicing.approve, invoice_id=self.invoice_id)

    def _finish_in_part(self) -> None:
        self._do(
            self.technician,
            services.complete_visit,
            visit_id=self.visit_id,
            in_part=True,
            report="Tableau sécurisé, différentiel à commander.",
            next_step="Retour avec le disjoncteur commandé, sous dix jours.",
        )

    def _hold(self) -> None:
        self._do(
            self.desk,
            services.hold_order,
            order_id=self._pk,
            reason="material",
            expected_on=clock.today() + timedelta(days=4),
        )

    def _ask_extra(self) -> None:
        """On site more is found than was ordered: the technician asks before he goes on."""
        extra = services.LineInput(
            None,
            Decimal(1),
            label="Remplacement du groupe de sécurité et du siphon",
            unit="u",
            unit_price=Decimal("184.00"),
        )
        variation = self._do(
            self.technician,
            services.draft_variation,
            order_id=self._pk,
            visit_id=self.visit_id,
            data=services.VariationInput(
                reason="hidden_defect",
                note="Le groupe de sécurité est entartré : il ne tiendra pas avec la pièce neuve.",
                lines=(extra,),
                photo=picture(),
            ),
        )
        self._do(self.technician, services.ask_variation, variation_id=variation.pk)

    def _regularise(self) -> None:
        """Once the works are done the desk asks for what was done on top, in an urgency."""
        line = services.LineInput(
            None,
            Decimal(1),
            label="Remplacement de la vanne d’arrêt cassée",
            unit="u",
            unit_price=Decimal("96.00"),
        )
        asked = self._do(
            self.desk,
            services.draft_variation,
            order_id=self._pk,
            data=services.VariationInput(
                kind="regularisation",
                reason="water",
                note="La vanne a cédé pendant l’intervention : l’eau coulait chez le voisin.",
                urgency="Gardienne prévenue sur place à 10 h 20, accord donné par téléphone.",
                lines=(line,),
                photo=picture(),
            ),
        )
        self._do(self.desk, services.ask_variation, variation_id=asked.pk)

    def _remind(self, start: datetime) -> None:
        """Let the clock remind the tenant of the visit: the eve, and on the day."""
        with system_scope("demo: reminders"):
            due = list(
                VisitReminder.objects.filter(visit_id=self.visit_id)
                .order_by("remind_at")
                .values_list("pk", "remind_at")
            )
            for pk, at in due:
                with clock.moved_to(min(at or start, self.world.now)):
                    remind_visit(reminder_id=pk)

    def _nobody(self, *, full: bool = False) -> None:
        photo = picture() if full else None
        if full:  # he came within the window, and waits in it
            self.at += timedelta(minutes=25)
        self._do(
            self.technician,
            services.declare_no_access,
            visit_id=self.visit_id,
            proof=services.ProofInput(
                minutes_waited=15, call_tried=True, sms_tried=True, notice_number="AV-20418"
            ),
            photo=photo,
        )

    def _says_he_was_there(self) -> None:
        """The tenant contradicts; the company has some days left to answer."""
        self.at = max(self.at, self.world.now - timedelta(days=1))
        self._do(self._tenant(), services.answer_absence, visit_id=self.visit_id, was_here=True)


def picture(colour: str = "#7a8b8f") -> io.BytesIO:
    """Return a photo in one colour."""
    photo = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(photo, "JPEG")
    photo.seek(0)
    return photo
