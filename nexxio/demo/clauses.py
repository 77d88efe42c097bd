"""The demo world's contracts for small works: one of each clause that a contract may have.

Their trade has no orders yet: rules of attribution show where an order is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from contractors import services as money
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.models import Agency, PriceIndexValue
from nexxio.core.scoping import system_scope
from orders import services

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

TRADE = ("multi", "Multiservice et petits travaux", "tool")
PRICES = (
    ("MUL-010", "Déplacement et première heure", "u", "58.0000"),
    ("MUL-020", "Heure de main-d’œuvre supplémentaire", "h", "44.5000"),
    ("MUL-030", "Reprise d’enduit et de peinture", "m²", "31.2000"),
    ("MUL-040", "Remplacement d’une plinthe", "ml", "18.9000"),
    ("MUL-050", "Évacuation d’encombrants", "m³", "72.0000"),
)
INDEXES = (
    ("BT50", Decimal("125.40"), Decimal("0.30")),
    ("ICHT-IME", Decimal("133.20"), Decimal("0.20")),
)
"""The formula's indexes: what each is worth in the reference month, and more each month."""
LATE = 2
"""Months by which an index appears at the earliest: the last ones have no value yet."""


@dataclass(frozen=True)
class Held:
    """A contract of a landlord with a company, and what it says. agency: its perimeter."""

    landlord: str
    company: str
    terms: dict[str, Any]
    agency: str = ""


HELD = (
    Held(
        "rivp",
        "electricite-menil",
        {
            "attribution": "rotation",
            "attribution_share": 60,
            "pieces": ("photos_before", "photos_after", "report", "waste"),
            "pieces_to_finish": True,
            "contractor_cancels": True,
            "variation_days": 5,
            "variation_hours": 2,
        },
    ),
    Held(
        "rivp",
        "serrurerie-est",
        {
            "attribution": "rotation",
            "attribution_rank": 2,
            "attribution_share": 40,
            "pieces": ("photos_after", "sign_off"),
            "urgent_hours": 12,
            "urgent_ack_hours": 1,
        },
    ),
    Held(
        "paris-habitat",
        "electricite-menil",
        {
            "attribution": "cascade",
            "needs_commitment": True,
            "pieces": ("certificate", "compliance"),
            "on_call": True,
            "on_call_cap": Decimal(500),
            "on_call_from": time(18),
            "on_call_to": time(8),
            "on_call_days_off": True,
            "on_call_hours": 2,
            "on_call_phone": "+33199005566",
            "regularisation_days": 8,
        },
    ),
    Held(
        "paris-habitat",
        "serrurerie-est",
        {
            "attribution": "cascade",
            "attribution_rank": 2,
            "needs_commitment": True,
            "tolerance_percent": Decimal(5),
            "tolerance_amount": Decimal(80),
        },
    ),
    Held(
        "elogie-siemp",
        "electricite-menil",
        {
            "attribution": "perimeter",
            "certificate_days": 15,
            "tacit_clause": "CCAP, article 12.3 : sans réponse sous quinze jours, le service fait"
            " est réputé acquis.",
            "pieces": ("measurements", "sign_off"),
        },
        "Agence Rive droite",
    ),
    Held(
        "elogie-siemp",
        "serrurerie-est",
        {"attribution": "perimeter", "target_days": 10, "ceiling": Decimal(40000)},
        "Agence Rive gauche",
    ),
)


def agree(world: DemoWorld) -> None:
    """Open the contracts with their first prices; the first one has a formula and a retention."""
    year = clock.today().year
    for number, held in enumerate(HELD):
        actor = world.manager(held.landlord)
        with scope_of(actor):
            agencies = Agency.objects.filter(name=held.agency) if held.agency else ()
            contract = services.open_contract(
                actor=actor,
                contractor_id=world.orgs[held.company].pk,
                data=services.ContractInput(
                    number=f"{year - 1}-MUL-{held.landlord[:3].upper()}-{number % 2 + 1}",
                    title=TRADE[1],
                    trades=(TRADE[0],),
                    starts_on=date(year - 1, 1, 1),
                    ends_on=date(year + 2, 12, 31),
                    agencies=tuple(one.pk for one in agencies),
                    **{"ceiling": Decimal(60000), **held.terms},
                ),
            )
            if number == 0:
                _revised_and_retained(actor, contract.pk, year)
        world.priced(contract, PRICES)


def _invent_indexes(reference: date) -> None:
    """Give the formula's indexes values from a month on: invented, as their source says."""
    last = clock.months_from(clock.today().replace(day=1), -LATE)
    months = [reference]
    while months[-1] < last:
        months.append(clock.months_from(reference, len(months)))
    with system_scope("demo: price indexes"):
        PriceIndexValue.objects.bulk_create(
            PriceIndexValue(
                index_id=code,
                month=month,
                value=first + number * step,
                source="Valeur inventée pour la démonstration",
            )
            for code, first, step in INDEXES
            for number, month in enumerate(months)
        )


def _revised_and_retained(actor: Any, contract_id: Any, year: int) -> None:
    reference = date(year - 2, 11, 1)
    services.set_revision_clause(
        actor=actor,
        contract_id=contract_id,
        clause=services.ClauseInput(
            fixed_part=Decimal("0.15"),
            terms=(("BT50", Decimal("0.60")), ("ICHT-IME", Decimal("0.25"))),
            reference_month=reference,
        ),
    )
    _invent_indexes(reference)
    money.save_money_terms(
        actor=actor,
        contract_id=contract_id,
        data=money.MoneyTermsInput(retention_rate=Decimal(3), is_small=True),
    )
