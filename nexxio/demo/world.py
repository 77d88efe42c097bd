"""Builds the demo world by running the real services with a moved clock."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction
from PIL import Image

from contractors import services as invoicing
from contractors.models import BillingDetails
from nexxio.core import clock, places, saved_views
from nexxio.core.actors import Actor, Role, scope_of
from nexxio.core.estate.landlords import LandlordNames
from nexxio.core.estate.plan import make_plan
from nexxio.core.estate.reader import EstateReader
from nexxio.core.http import actor_of
from nexxio.core.links import actor_of as link_actor
from nexxio.core.links import find, token_of
from nexxio.core.models import (
    Agency,
    Delivery,
    Group,
    Link,
    LinkParty,
    Membership,
    Occupancy,
    Organisation,
    Partnership,
    SavedView,
    Sector,
    Tenant,
    Unit,
    UnitKind,
    User,
)
from nexxio.core.scoping import system_scope
from nexxio.demo import billing, papers
from nexxio.demo import characters as who
from nexxio.demo.stories import STORIES, Story
from orders import services
from orders.models import (
    Certificate,
    Contract,
    Order,
    PriceItem,
    PriceSchedule,
    Trade,
    Visit,
    VisitReminder,
)
from orders.services import LineInput, OrderInput
from orders.services.reminders import remind_visit

ESTATE = Path(__file__).parent / "estate.csv"
PARIS = clock.PARIS


class DemoWorld:
    """Makes everything once; `build` is not idempotent, the command asks `exists` first."""

    def __init__(self) -> None:
        self.random = random.Random(20261124)
        self.now = clock.now()
        self.orgs: dict[str, Organisation] = {}
        self.members: dict[tuple[str, str], Membership] = {}
        self.contracts: dict[tuple[str, str], Contract] = {}
        self.phones = iter(range(10, 90))
        self.tenants = iter(who.TENANTS * 3)

    @staticmethod
    def exists() -> bool:
        """Tell whether there are organisations already."""
        with system_scope("demo: look"):
            return Organisation.objects.exists()

    def build(self) -> int:
        """Build all; returns how many orders were told."""
        with (
            system_scope("demo: organisations, people, estate, contracts"),
            transaction.atomic(),
        ):
            self._organisations()
            self._people()
            self._estate()
            self._sectors()
            self._contracts()
        for landlord in who.LANDLORDS:
            self._warranties(landlord.slug)
        for story in STORIES:
            self._tell(story)
        self._emergency(who.LANDLORDS[0].slug, "plomberie")
        self._papers()
        self._views()
        with system_scope("demo: no page was open in the invented past"):
            Delivery.objects.filter(subscriber="push").delete()
        return len(STORIES)

    # --- who and where --------------------------------------------------------------------------

    def _organisations(self) -> None:
        for org in (*who.LANDLORDS, *who.CONTRACTORS):
            self.orgs[org.slug] = Organisation.objects.create(
                kind=org.kind,
                legal_form=org.form,
                name=org.name,
                slug=org.slug,
                phone=org.phone,
                email=f"contact@{org.slug}.example",
                colour=org.colour,
                aliases=list(org.aliases),
            )
            BillingDetails.objects.create(
                organisation=self.orgs[org.slug], **billing.details_of(org.slug)
            )
        for landlord in who.LANDLORDS:
            for contractor in who.CONTRACTORS:
                Partnership.objects.create(
                    landlord=self.orgs[landlord.slug], contractor=self.orgs[contractor.slug]
                )

    def _people(self) -> None:
        User.objects.create_superuser(
            who.STAFF[0], who.PASSWORD, first_name=who.STAFF[1], last_name=who.STAFF[2]
        )
        for person in who.PEOPLE:
            user = User.objects.create_user(
                person.email, who.PASSWORD, first_name=person.first, last_name=person.last
            )
            for slug, department, roles in person.places:
                self.members[slug, person.first] = Membership.objects.create(
                    organisation=self.orgs[slug],
                    user=user,
                    department=department,
                    roles=[role.value for role in roles],
                    spend_limit=person.limit,
                )

    def _estate(self) -> None:
        for org in who.LANDLORDS:
            names = LandlordNames([org.name, *org.aliases])
            with ESTATE.open("rb") as stream:
                plan = make_plan(EstateReader(stream, wanted=names.__contains__), {})
            for verdict in plan.verdicts:
                row, fields = verdict.row, verdict.fields
                Group.objects.create(
                    landlord=self.orgs[org.slug],
                    source_key=str(row.key),
                    identifier=row.identifier,
                    name=verdict.address.label,
                    address=verdict.address.line,
                    raw_address=row.address,
                    postcode=fields.postcode,
                    city=fields.city,
                    year=row.key.year,
                    nature=row.key.nature,
                    dwellings=row.dwellings,
                    latitude=fields.latitude,
                    longitude=fields.longitude,
                )

    def _sectors(self) -> None:
        for slug, rows in who.SECTORS.items():
            landlord = self.orgs[slug]
            for agency_name, name, postcodes in rows:
                agency, _made = Agency.objects.get_or_create(landlord=landlord, name=agency_name)
                sector = Sector.objects.create(landlord=landlord, agency=agency, name=name)
                Group.objects.filter(landlord=landlord, postcode__in=postcodes).update(
                    sector=sector
                )
        for first, (slug, name) in who.IN_SECTOR.items():
            member = self.members[slug, first]
            member.sector = Sector.objects.select_related("agency").get(
                landlord=self.orgs[slug], name=name
            )
            member.agency = member.sector.agency
            member.save(update_fields=["agency", "sector"])

    def _contracts(self) -> None:
        Trade.objects.bulk_create(
            [Trade(code=code, label=label, icon=icon) for code, label, icon in who.TRADES]
        )
        year = clock.today().year
        pairs = zip(who.TRADES, who.CONTRACTORS, strict=True)
        for (code, label, _icon), contractor in list(pairs):
            for landlord in who.LANDLORDS:
                contract = Contract.objects.create(
                    landlord=self.orgs[landlord.slug],
                    contractor=self.orgs[contractor.slug],
                    number=f"{year - 1}-{code[:3].upper()}-{landlord.slug[:3].upper()}",
                    title=f"{label}, entretien courant et urgences",
                    trades=[code],
                    starts_on=date(year - 1, 1, 1),
                    ends_on=date(year + 2, 12, 31),
                    ceiling=Decimal("180000.00"),
                    needs_commitment=landlord.form == "oph",
                    tolerance_percent=Decimal(10),
                    tolerance_amount=Decimal(150),
                    on_call=True,
                    on_call_cap=Decimal(800),
                    pieces=["photos_after", "sign_off"],
                )
                self.contracts[landlord.slug, code] = contract
                schedule = PriceSchedule.objects.create(
                    landlord=contract.landlord,
                    contractor=contract.contractor,
                    contract=contract,
                    number=1,
                    effective_on=contract.starts_on,
                    published_at=clock.now(),
                )
                for item, text, unit, price in who.PRICES[code]:
                    PriceItem.objects.create(
                        landlord=contract.landlord,
                        contractor=contract.contractor,
                        contract=contract,
                        schedule=schedule,
                        code=item,
                        label=text,
                        unit=unit,
                        unit_price=Decimal(price),
                    )

    def _warranties(self, slug: str) -> None:
        """A residence just built, and one after a flood."""
        actor, today = self.manager(slug), clock.today()
        with scope_of(actor):
            groups = Group.objects.filter(landlord=self.orgs[slug], dwellings__gte=10)
            new, flooded = groups.order_by("-source_key")[:2]
            for group, typed in (
                (new, ("completion", "Bâti-Seine Construction", "PV du 12 mai", "", 200, 165)),
                (
                    flooded,
                    ("claim", "Assurances du Parc", "2026-118", "plomberie", 20, 90),
                ),
            ):
                kind, company, reference, trade, since, left = typed
                services.note_warranty(
                    actor=actor,
                    group_id=group.pk,
                    data=services.WarrantyInput(
                        kind=kind,
                        company=company,
                        reference=reference,
                        trade=trade,
                        starts_on=today - timedelta(days=since),
                        ends_on=today + timedelta(days=left),
                    ),
                )

    # --- what happens ---------------------------------------------------------------------------

    def _tell(self, story: Story) -> None:
        teller = _Teller(self, story)
        teller.tell()

    def _emergency(self, slug: str, trade: str) -> None:
        """Last night a company on call was called; the landlord has to regularise it."""
        contract = self.contracts[slug, trade]
        house = next(own for own, org in self.orgs.items() if org.pk == contract.contractor_id)
        with scope_of(self.manager(slug)):
            group = Group.objects.filter(dwellings__gte=30).order_by("source_key")[0]
        crew = self.technician(house)
        with clock.moved_to(self.now - timedelta(hours=9)), scope_of(crew):
            services.open_on_call(
                actor=crew,
                contract_id=contract.pk,
                data=services.OnCallInput(
                    group_id=group.pk,
                    number="7",
                    trade_code=trade,
                    reason="water",
                    description="Colonne d’eau percée au-dessus du tableau électrique.",
                    caller="Le gardien",
                    phone="+33612000000",
                    amount=Decimal(320),
                    measures="Sans percement ; zone humidifiée.",
                    floor="1",
                ),
            )

    def _papers(self) -> None:
        """The first landlord asks for papers; two companies send theirs, and where to pay them."""
        landlord = self.manager(who.LANDLORDS[0].slug)
        papers.demand(landlord, self.now)
        for slug, days in (("plomberie-lutece", 30), ("electricite-menil", 3)):
            company, house = self.manager(slug), self.orgs[slug]
            papers.send(company, slug, self.now)
            papers.change_bank(company, slug, house.name, self.now, days=days)
            papers.call_back(landlord, slug, self.now, days=days, phone=house.phone)

    def _views(self) -> None:
        """What each house's manager shares with it."""
        for slug in self.orgs:
            manager = self.manager(slug)
            with scope_of(manager):
                view = saved_views.save_view(
                    actor=manager,
                    page="orders",
                    name="Urgences en cours",
                    query="etat=open&priorite=urgent",
                )
                saved_views.share_view(actor=manager, pk=view.pk, audience=SavedView.HOUSE)

    def manager(self, slug: str) -> Actor:
        """Return the manager of an organisation."""
        return self._with_role(slug, Role.MANAGER)

    def technician(self, slug: str) -> Actor:
        """Return a technician of an organisation."""
        return self._with_role(slug, Role.TECHNICIAN)

    def _with_role(self, slug: str, role: Role) -> Actor:
        return next(
            actor_of(member)
            for (place, _first), member in self.members.items()
            if place == slug and role.value in member.roles
        )


class _Teller:
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
                target_date=max(due, clock.today()),
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
                lines=tuple(LineInput(items[code], Decimal(n)) for code, n in story.lines),
            ),
        )

    def _home(self) -> tuple[Unit, str, str, str]:
        """A dwelling of the landlord with somebody in it (or a landing)."""
        world = self.world
        first, last = next(world.tenants)
        phone = f"+3363998{next(world.phones):02d}{world.random.randint(10, 99)}"
        with system_scope("demo: a dwelling"):
            groups = list(
                Group.objects.filter(
                    landlord=world.orgs[self.story.landlord], dwellings__gte=10
                ).order_by("source_key")
            )
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
        day = self.world.now.astimezone(PARIS).date() + timedelta(days=days_ahead)
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

    def _confirm(self) -> None:
        with system_scope("demo: the tenant's link"):
            link = Link.objects.filter(case__orders=self._pk, party=LinkParty.TENANT).first()
        if link is None:
            return  # common parts: the appointment stood at once
        found = find(token_of(link.pk))
        assert found is not None
        self._do(link_actor(found), services.confirm_visit, visit_id=self.visit_id)

    def _finish(self) -> None:
        self._do(
            self.technician,
            services.complete_visit,
            visit_id=self.visit_id,
            report="Pièce remplacée, essai fait devant l'occupant.",
        )

    def _prove(self) -> None:
        """What the contract asks for with the invoice: photos of the work, the tenant's word."""
        for moment, colour in (("before", "#8f7a7a"), ("after", "#7a8b8f")):
            self._do(
                self.technician,
                services.add_photo,
                visit_id=self.visit_id,
                photo=_picture(colour),
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
                photo=_picture(),
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
                photo=_picture(),
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
        photo = _picture() if full else None
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
        with system_scope("demo: the tenant's link"):
            link = Link.objects.get(case__orders=self._pk, party=LinkParty.TENANT)
        found = find(token_of(link.pk))
        assert found is not None
        self.at = max(self.at, self.world.now - timedelta(days=1))
        self._do(link_actor(found), services.answer_absence, visit_id=self.visit_id, was_here=True)


def _picture(colour: str = "#7a8b8f") -> io.BytesIO:
    """Return a photo in one colour."""
    photo = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(photo, "JPEG")
    photo.seek(0)
    return photo
