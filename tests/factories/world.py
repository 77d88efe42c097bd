"""Named characters: Claire orders, Hélène accepts, Karim repairs, Amina waits.

Everything of the second landlord and the second contractor carries the sentinel ``ZZ9``: it must
appear nowhere where the first ones look (tests/access/test_canaries.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from nexxio.core import clock, links
from nexxio.core.actors import Actor, Role, scope_of
from nexxio.core.http import actor_of
from nexxio.core.models import (
    Group,
    LegalForm,
    Link,
    Membership,
    Occupancy,
    Organisation,
    OrganisationKind,
    Partnership,
    Tenant,
    Unit,
    User,
)
from orders import services
from orders.models import Contract, Order, PriceItem, PriceSchedule, Trade
from orders.services import ClausesInput, LineInput, OrderInput
from orders.services.documents import open_code

SENTINEL = "ZZ9"
REDUCED_VAT = ClausesInput(vat_reason="improvement", vat_certified=True)
"""What each order with lines at 10 % says of it."""
PASSWORD = "un-mot-de-passe-long"


@dataclass
class Party:
    """A landlord with its contractor and an order that has been issued."""

    landlord: Organisation
    contractor: Organisation
    manager: Membership
    clerk: Membership
    reader: Membership
    desk: Membership
    technician: Membership
    unit: Unit
    tenant: Tenant
    contract: Contract
    item: PriceItem
    order: Order
    link: Link

    def actor(self, who: str) -> Actor:
        """Return manager, clerk, reader, desk, technician, tenant (by the link), or paper.

        paper: who holds the printed order. The first one makes its code.
        """
        if who == "paper":
            found = links.find(self.paper_token())
            assert found is not None
            return links.actor_of(found)
        if who == "tenant":
            found = links.find(links.token_of(self.link.pk))
            assert found is not None
            return links.actor_of(found)
        return actor_of(getattr(self, who))

    def paper_token(self) -> str:
        """Return the token in the code of the party's printed order."""
        with scope_of(self.actor("manager")):
            return open_code(order_id=self.order.pk).rstrip("/").rpartition("/")[2]

    def order_input(self, **changes) -> OrderInput:
        """Return a complete order as typed. clauses: with the reduced rate's mention besides."""
        clauses = changes.pop("clauses", REDUCED_VAT)
        if not clauses.vat_reason:
            clauses = replace(clauses, vat_reason="improvement", vat_certified=True)
        values = {
            "unit_id": self.unit.pk,
            "title": "Fuite sous l’évier",
            "trade_code": "plomberie",
            "contract_id": self.contract.pk,
            "description": "L’eau coule sous l’évier de la cuisine depuis hier soir.",
            "target_date": clock.today() + timedelta(days=10),
            "target_note": "Convenu avec le locataire",
            "entrance": "Escalier A",
            "floor": "3",
            "door": "Gauche",
            "contact_name": str(self.tenant),
            "phone": self.tenant.phone,
            "access": ("intercom",),
            "asbestos": "no_material",
            "clauses": clauses,
            "lines": (LineInput(self.item.pk, Decimal(1)),),
        }
        return OrderInput(**{**values, **changes})


@dataclass
class World:
    """The first party, the second one (full of sentinels), the staff and an outsider."""

    first: Party
    second: Party
    staff: User
    outsider: User
    former_tenant: Tenant


def build_world() -> World:
    """Build it, in a system scope; aggregates through services, as their actors."""
    Trade.objects.bulk_create([Trade(code="plomberie", label="Plomberie")], ignore_conflicts=True)
    first = _party("", "rivage", "lutece", "+33612345678")
    second = _party(f" {SENTINEL}", "zz9-bailleur", "zz9-entreprise", "+33699999999")
    former = Tenant.objects.create(
        landlord=first.landlord, first_name="Ancien", last_name="Occupant", phone="+33611111111"
    )
    Occupancy.objects.create(
        landlord=first.landlord,
        unit=first.unit,
        tenant=former,
        starts_on=date(2015, 1, 1),
        ends_on=date(2019, 12, 31),
    )
    return World(
        first=first,
        second=second,
        staff=User.objects.create_superuser("plateforme@nexxio.example", PASSWORD),
        outsider=User.objects.create_user("personne@ailleurs.example", PASSWORD),
        former_tenant=former,
    )


def _member(organisation: Organisation, first: str, mark: str, *roles: Role, **extra) -> Membership:
    user = User.objects.create_user(
        f"{first.lower()}@{organisation.slug}.example",
        PASSWORD,
        first_name=first,
        last_name=f"Martin{mark}",
    )
    department = "terrain" if Role.TECHNICIAN in roles else "patrimoine"
    return Membership.objects.create(
        organisation=organisation, user=user, department=department, roles=list(roles), **extra
    )


def _party(mark: str, landlord_slug: str, contractor_slug: str, phone: str) -> Party:
    landlord = Organisation.objects.create(
        kind=OrganisationKind.LANDLORD,
        legal_form=LegalForm.OPH,
        name=f"Rivage Habitat{mark}",
        slug=landlord_slug,
        phone="+33140000000",
        email=f"contact@{landlord_slug}.example",
    )
    contractor = Organisation.objects.create(
        kind=OrganisationKind.CONTRACTOR,
        legal_form=LegalForm.COMPANY,
        name=f"Plomberie Lutèce{mark}",
        slug=contractor_slug,
        phone="+33141000000",
    )
    Partnership.objects.create(landlord=landlord, contractor=contractor)
    group = Group.objects.create(
        landlord=landlord,
        name=f"Résidence des Lilas{mark}",
        address=f"12 rue des Lilas{mark}",
        postcode="75019",
        city="Paris",
        dwellings=40,
    )
    unit = Unit.objects.create(
        landlord=landlord, group=group, number=f"12{mark}", floor="3", door="Gauche"
    )
    tenant = Tenant.objects.create(
        landlord=landlord,
        first_name="Amina",
        last_name=f"Diallo{mark}",
        phone=phone,
        email=f"amina@{landlord_slug}.example",
    )
    Occupancy.objects.create(
        landlord=landlord, unit=unit, tenant=tenant, starts_on=date(2020, 1, 1)
    )
    contract = Contract.objects.create(
        landlord=landlord,
        contractor=contractor,
        number=f"2026-PLB{mark}",
        title=f"Plomberie courante{mark}",
        trades=["plomberie"],
        starts_on=date(2020, 1, 1),
        ends_on=date(2040, 12, 31),
        ceiling=Decimal("50000.00"),
    )
    schedule = PriceSchedule.objects.create(
        landlord=landlord,
        contractor=contractor,
        contract=contract,
        number=1,
        effective_on=contract.starts_on,
        published_at=clock.now(),
    )
    item = PriceItem.objects.create(
        landlord=landlord,
        contractor=contractor,
        contract=contract,
        schedule=schedule,
        code="PLB-01",
        label=f"Remplacement d’un siphon{mark}",
        unit="u",
        unit_price=Decimal("62.5000"),
    )
    people = {
        "manager": _member(landlord, "Claire", mark, Role.MANAGER),
        "clerk": _member(landlord, "Samir", mark, Role.CLERK, spend_limit=Decimal("500.00")),
        "reader": _member(landlord, "Ines", mark, Role.READER),
        "desk": _member(contractor, "Helene", mark, Role.MANAGER),
        "technician": _member(contractor, "Karim", mark, Role.TECHNICIAN),
    }
    party = Party(
        landlord=landlord,
        contractor=contractor,
        unit=unit,
        tenant=tenant,
        contract=contract,
        item=item,
        order=None,  # type: ignore[arg-type]
        link=None,  # type: ignore[arg-type]
        **people,
    )
    manager = party.actor("manager")
    with scope_of(manager):
        order = services.draft_order(
            actor=manager,
            data=party.order_input(
                title=f"Fuite sous l’évier{mark}",
                description=f"L’eau coule sous l’évier depuis hier.{mark}",
            ),
        )
        party.order = services.issue_order(actor=manager, order_id=order.pk)
        party.link = Link.objects.get(case_id=order.case_id)
    return party
