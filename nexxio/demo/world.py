"""Builds the demo world by running the real services with a moved clock."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from contractors.models import BillingDetails, InvoiceFile, InvoiceFileState
from evaluations import services as evaluating
from nexxio.core import clock, relay, saved_views
from nexxio.core.actors import SYSTEM, Actor, Role, scope_of
from nexxio.core.estate.landlords import LandlordNames
from nexxio.core.estate.plan import make_plan
from nexxio.core.estate.reader import EstateReader
from nexxio.core.http import actor_of
from nexxio.core.models import (
    Agency,
    Delivery,
    Group,
    Job,
    JobState,
    Membership,
    Organisation,
    Partnership,
    SavedView,
    Sector,
    User,
)
from nexxio.core.scoping import system_scope
from nexxio.demo import billing, clauses, papers, peers, pilots, subcontractors
from nexxio.demo import characters as who
from nexxio.demo.stories import STORIES
from nexxio.demo.teller import Teller
from nexxio.demo.year import Year
from orders import services
from orders.models import (
    Contract,
    DocumentState,
    OrderDocument,
    PriceItem,
    PriceSchedule,
    Trade,
)
from orders.services.documents import PRINT
from orders.windows import code_of

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
        self.phones = itertools.count(10)
        self.tenants = itertools.cycle(who.TENANTS)

    @staticmethod
    def exists() -> bool:
        """Tell whether there are organisations already."""
        with system_scope("demo: look"):
            return Organisation.objects.exists()

    def build(self, *, year: bool = False, tell: Callable[[str], None] = print) -> int:
        """Build all; returns how many orders were told.

        year: let the houses have worked together for a year before (minutes). tell: hears of it.
        """
        self.settle()
        for landlord in who.LANDLORDS:
            self._warranties(landlord.slug)
        lived = Year(self).build(tell) if year else 0
        self._keep_nobody_waiting()
        for story in STORIES:
            teller = Teller(self, story)
            teller.tell()
            # What follows from it is dated then, not when the worker starts: blocks above all.
            with clock.moved_to(teller.at):
                while relay.deliver_one_by_one():
                    pass
        self._emergency(who.LANDLORDS[0].slug, "plomberie")
        pilots.run(self)
        self._papers()
        self._subcontractors("plomberie")
        self._open_hours()
        self._upkeep()
        self._views()
        peers.learn(self.members.values(), self.now)
        with system_scope("demo: training is counted"):
            for house in self.orgs.values():
                evaluating.tally_training(actor=SYSTEM, organisation_id=house.pk)
        if year:
            peers.publish(self)
            peers.show(self)
        with system_scope("demo: no page was open in the invented past"):
            Delivery.objects.filter(subscriber="push").delete()
        with system_scope("demo: invoices are made from now on"):
            # Asked for in that past, they would stand as given up from their first look on.
            waiting = InvoiceFile.objects.filter(state=InvoiceFileState.PREPARING)
            waiting.update(asked_at=clock.now())
        return lived + len(STORIES)

    def settle(self) -> None:
        """Make who there is, where, and what they have agreed, before anything happens."""
        with (
            system_scope("demo: organisations, people, estate, contracts"),
            transaction.atomic(),
        ):
            self._organisations()
            with clock.moved_to(self.now - timedelta(days=who.JOINED_DAYS)):
                self._people()
            self._estate()
            self._sectors()
            self._contracts()
        clauses.agree(self)

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
        for person in (*who.PEOPLE, *who.colleagues()):
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
            [
                Trade(code=code, label=label, icon=icon)
                for code, label, icon in (*who.TRADES, clauses.TRADE)
            ]
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
                self.priced(contract, who.PRICES[code])

    def priced(self, contract: Contract, prices: Iterable[tuple[str, str, str, str]]) -> None:
        """Publish a contract's first schedule: code, label, unit and price of each article."""
        own = {"landlord_id": contract.landlord_id, "contractor_id": contract.contractor_id}
        with system_scope("demo: first prices"):
            schedule = PriceSchedule.objects.create(
                **own,
                contract=contract,
                number=1,
                effective_on=contract.starts_on,
                published_at=clock.now(),
            )
            for item, text, unit, price in prices:
                PriceItem.objects.create(
                    **own,
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
            clerk = self._with_role(slug, Role.CLERK)
            papers.change_bank(company, clerk, slug, house.name, self.now, days=days)
            papers.call_back(landlord, slug, self.now, days=days, phone=house.phone)

    def _subcontractors(self, trade: str) -> None:
        """The company of a trade has declared two subcontractors to the first landlord."""
        landlord = who.LANDLORDS[0].slug
        contract = self.contracts[landlord, trade]
        house = next(own for own, org in self.orgs.items() if org.pk == contract.contractor_id)
        subcontractors.declare(self.manager(house), self.manager(landlord), contract, self.now)

    def _upkeep(self) -> None:
        """The plumbers keep up boilers of a residence year by year, and noted most visits."""
        contract = self.contracts[who.LANDLORDS[0].slug, "plomberie"]
        house = next(own for own, org in self.orgs.items() if org.pk == contract.contractor_id)
        landlord, desk = self.manager(who.LANDLORDS[0].slug), self.manager(house)
        today = clock.today()
        with clock.moved_to(self.now - timedelta(days=60)), scope_of(landlord):
            group = Group.objects.filter(dwellings__gte=12).order_by("source_key")[0]
            kept = [
                services.note_equipment(
                    actor=landlord,
                    contract_id=contract.pk,
                    group_id=group.pk,
                    data=services.EquipmentInput(
                        kind="boiler",
                        unit_number=f"{n}",
                        first_due_on=today + timedelta(days=9 * n - 36),
                    ),
                )
                for n in range(1, 13)
            ]
        for since, outcome, seen in ((40, "done", kept[6:]), (6, "no_access", kept[1:3])):
            with clock.moved_to(self.now - timedelta(days=since)), scope_of(desk):
                services.note_upkeep(
                    actor=desk,
                    contract_id=contract.pk,
                    visited_on=today - timedelta(days=since),
                    lines=[
                        services.UpkeepLine(
                            equipment_id=one.pk,
                            outcome=outcome,
                            sheet=f"AT-{today.year}-{n:03d}" if outcome == "done" else "",
                        )
                        for n, one in enumerate(seen, 1)
                    ],
                )

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

    def _keep_nobody_waiting(self) -> None:
        """Let hundreds of papers of the year come behind those that somebody waits for.

        Nobody waits for a printed order of last winter: it is made when it is asked for. Left in
        the queue it would stand as failed until its turn: a print is given up after ten minutes.
        """
        with system_scope("demo: papers to be printed"):
            queued = Job.objects.filter(state=JobState.QUEUED)
            queued.filter(kind=PRINT).delete()
            OrderDocument.objects.filter(state=DocumentState.PREPARING).delete()
            queued.update(is_awaited=False)

    def _open_hours(self) -> None:
        """The plumbers let tenants take an appointment by themselves, every working morning."""
        contract = self.contracts[who.LANDLORDS[0].slug, "plomberie"]
        house = next(own for own, org in self.orgs.items() if org.pk == contract.contractor_id)
        desk = self.manager(house)
        mornings = [code_of(day, slot) for day in range(5) for slot in ("8-10", "10-12")]
        with scope_of(desk):
            services.open_tenant_hours(actor=desk, version=0, windows=mornings)

    def phone(self) -> str:
        """Return a number that nobody has (ARCEP keeps 06 39 98 for fiction), each only once."""
        return f"+3363998{next(self.phones) * 37 % 10000:04d}"

    def manager(self, slug: str) -> Actor:
        """Return the manager of an organisation."""
        return self._with_role(slug, Role.MANAGER)

    def technician(self, slug: str) -> Actor:
        """Return a technician of an organisation."""
        return self._with_role(slug, Role.TECHNICIAN)

    def technicians(self, slug: str) -> list[Actor]:
        """Return all technicians of an organisation."""
        return list(self._all_with_role(slug, Role.TECHNICIAN))

    def desk(self, slug: str) -> list[Actor]:
        """Return who works at an organisation's desk, for the whole of it and without a limit."""
        return [
            actor_of(member)
            for (place, _first), member in self.members.items()
            if place == slug
            and {Role.MANAGER.value, Role.CLERK.value} & set(member.roles)
            and member.spend_limit is None
            and member.sector_id is None
        ]

    def _with_role(self, slug: str, role: Role) -> Actor:
        return next(self._all_with_role(slug, role))

    def _all_with_role(self, slug: str, role: Role) -> Iterator[Actor]:
        return (
            actor_of(member)
            for (place, _first), member in self.members.items()
            if place == slug and role.value in member.roles
        )
