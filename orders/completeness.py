"""What an order must carry before it leaves: rules as data, checked on the form and at issue.

Pure: works on a plain description of the order, so that the form shows it as it is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from orders.attribution import Due
from orders.models import Contract, FileKind
from orders.states import AccessCode, Asbestos, Nature, Priority, ReturnReason
from orders.working_days import add_working_days


@dataclass(frozen=True)
class Facts:
    """What is known of an order that may be issued. total: euros excluding VAT."""

    nature: str = Nature.MAINTENANCE
    urgent: bool = False
    has_trade: bool = False
    has_unit: bool = False
    has_floor: bool = False
    has_door: bool = False
    contract_in_force: bool = False
    contract_covers_trade: bool = False
    contract_covers_place: bool = True
    leaves_rule: bool = False
    rule_reason: str = ""
    ceiling: Decimal | None = None
    ceiling_left: Decimal | None = None
    earliest: date | None = None
    needs_commitment: bool = False
    commitment_number: str = ""
    service_code: str = ""
    phone: str = ""
    second_phone: str = ""
    contact_name: str = ""
    access: tuple[str, ...] = ()
    access_code: str = ""
    description: str = ""
    line_count: int = 0
    gone: tuple[str, ...] = ()
    total: Decimal = Decimal(0)
    asbestos: str = ""
    asbestos_measures: str = ""
    has_report: bool = False
    has_photo: bool = False
    target_date: date | None = None
    target_note: str = ""
    today: date = field(default_factory=clock.today)


_TEXTS = (
    "commitment_number",
    "service_code",
    "phone",
    "second_phone",
    "contact_name",
    "access_code",
    "description",
    "asbestos",
    "asbestos_measures",
    "rule_reason",
    "target_note",
)


def facts_from(
    values: Mapping[str, Any],
    *,
    contract: Contract | None,
    ceiling_left: Decimal | None,
    line_count: int,
    total: Decimal,
    gone: Iterable[str] = (),
    due: Due | None = None,
    file_kinds: Iterable[str] = (),
    house_needs_commitment: bool = False,
) -> Facts:
    """Return the facts of an order that is stored or being typed.

    values: by the names of the form's fields; what is missing or empty counts as missing. trade:
    its code. contract: the one that the values name. total: of the lines, excluding VAT. gone:
    codes of lines that the price schedule in force doesn't have any more. due: whose turn it is;
    None where nobody asks, as for the rows of a file before they are orders. file_kinds: of what
    is attached. house_needs_commitment: the landlord asks for it whatever the contract says.
    """
    today = clock.today()
    trade = values.get("trade")
    kinds = frozenset(file_kinds)
    return Facts(
        nature=values.get("nature") or Nature.MAINTENANCE,
        urgent=values.get("priority") == Priority.URGENT,
        has_trade=bool(trade),
        has_unit=bool(values.get("unit")),
        has_floor=bool(values.get("floor")),
        has_door=bool(values.get("door")),
        contract_in_force=contract is not None and contract.starts_on <= today <= contract.ends_on,
        contract_covers_trade=contract is not None and trade in contract.trades,
        contract_covers_place=due is None or contract is None or due.covers(contract.pk),
        leaves_rule=due is not None and contract is not None and due.leaves_rule(contract.pk),
        ceiling=contract.ceiling if contract else None,
        ceiling_left=ceiling_left,
        earliest=sla_date(contract, values.get("priority")) if contract else None,
        needs_commitment=house_needs_commitment
        or (contract is not None and contract.needs_commitment),
        access=tuple(values.get("access") or ()),
        has_report=FileKind.ASBESTOS.value in kinds,
        has_photo=FileKind.PHOTO.value in kinds,
        line_count=line_count,
        total=total,
        gone=tuple(gone),
        target_date=values.get("target_date")
        or (sla_date(contract, values.get("priority")) if contract else None),
        today=today,
        **{name: values.get(name) or "" for name in _TEXTS},
    )


@dataclass(frozen=True)
class Rule:
    """One thing that an order must (or should) carry. natures: empty means all."""

    code: str
    sentence: Any
    field_name: str
    holds: Callable[[Facts], bool]
    blocking: bool = True
    natures: frozenset[str] = frozenset()

    @property
    def form_field(self) -> str:
        """Name of the form's control that mends it."""
        return {"place_floor": "floor", "lines": "lignes-0-price_item"}.get(
            self.field_name, self.field_name
        )


MIN_DESCRIPTION = 15
NEARLY = 80
"""Percent of a contract's ceiling from which people are warned."""


def sla_date(
    contract: Contract, priority: object, *, where: str = "", since: datetime | None = None
) -> date:
    """Return the day by which a contract owes the works, ordered now; earlier is more than it owes.

    Working days of the place (where: its department) for a normal order, hours for an urgent one.
    """
    now = since or clock.now()
    if priority == Priority.URGENT:
        return (now + timedelta(hours=contract.urgent_hours)).astimezone(clock.PARIS).date()
    return add_working_days(now.astimezone(clock.PARIS).date(), contract.target_days, where)


def _nearly_drawn(facts: Facts) -> bool:
    """Tell whether less than a fifth of the ceiling would be left."""
    if not facts.ceiling or facts.ceiling_left is None:
        return False
    return 100 * (facts.ceiling - facts.ceiling_left + facts.total) >= NEARLY * facts.ceiling


def _exempt_by_urgency(facts: Facts) -> bool:
    """Tell whether works begin without a report because they can't wait."""
    ground = facts.asbestos or (Asbestos.URGENT.value if facts.urgent else "")
    return ground == Asbestos.URGENT.value


def _asbestos_is_settled(facts: Facts) -> bool:
    """Tell whether the report is attached, or a ground of exemption recorded.

    An urgent leak doesn't wait for a report: the measures are the ground that is recorded.
    """
    if facts.asbestos == Asbestos.REPORT:
        return facts.has_report
    return bool(facts.asbestos) or facts.has_report or facts.urgent


_OCCUPIED = frozenset({Nature.MAINTENANCE.value})

RULES: tuple[Rule, ...] = (
    Rule("contract", _("Un marché en vigueur"), "contract", lambda f: f.contract_in_force),
    Rule(
        "contract_trade",
        _("Un marché qui couvre ce corps d'état"),
        "contract",
        lambda f: f.contract_covers_trade,
    ),
    Rule(
        "contract_place",
        _("Un marché dont le périmètre couvre ce lieu"),
        "contract",
        lambda f: f.contract_covers_place,
    ),
    Rule(
        "attribution",
        _("Le marché dont c’est le tour, ou le motif d’en choisir un autre"),
        "rule_reason",
        lambda f: not f.leaves_rule or bool(f.rule_reason),
    ),
    Rule(
        "ceiling",
        _("Un montant qui tient dans le plafond du marché"),
        "lines",
        lambda f: f.ceiling_left is None or f.total <= f.ceiling_left,
    ),
    Rule("trade", _("Le corps d'état"), "trade", lambda f: f.has_trade),
    Rule("unit", _("Le logement ou la partie commune"), "unit", lambda f: f.has_unit),
    Rule(
        "floor",
        _("L'étage et la porte"),
        "place_floor",
        lambda f: f.has_floor and f.has_door,
        natures=frozenset({Nature.MAINTENANCE.value, Nature.VACANT.value}),
    ),
    Rule(
        "phone",
        _("Un téléphone où joindre le locataire"),
        "phone",
        lambda f: bool(f.phone),
        natures=_OCCUPIED,
    ),
    Rule(
        "contact",
        _("La personne à demander"),
        "contact_name",
        lambda f: bool(f.contact_name),
        natures=_OCCUPIED,
    ),
    Rule(
        "access",
        _("Comment entrer (accès)"),
        "access",
        lambda f: bool(f.access),
    ),
    Rule(
        "access_code",
        _("Le code du digicode"),
        "access_code",
        lambda f: AccessCode.DIGICODE.value not in f.access or bool(f.access_code),
    ),
    Rule(
        "description",
        _("Une description du problème (15 caractères au moins)"),
        "description",
        lambda f: len(f.description.strip()) >= MIN_DESCRIPTION,
    ),
    Rule("lines", _("Au moins une ligne de prix"), "lines", lambda f: f.line_count > 0),
    Rule(
        "lines_in_force",
        _("Des articles du bordereau en vigueur"),
        "lines",
        lambda f: not f.gone,
    ),
    Rule(
        "commitment",
        _("Le numéro d'engagement et le code service"),
        "commitment_number",
        lambda f: not f.needs_commitment or bool(f.commitment_number and f.service_code),
    ),
    Rule(
        "asbestos",
        _("Amiante : le rapport avant travaux joint, ou l’exemption"),
        "asbestos",
        _asbestos_is_settled,
    ),
    Rule(
        "asbestos_measures",
        _("Amiante : les mesures de protection de l'entreprise"),
        "asbestos_measures",
        lambda f: not _exempt_by_urgency(f) or bool(f.asbestos_measures.strip()),
    ),
    Rule(
        "target_date",
        _("Une date limite à partir d'aujourd'hui"),
        "target_date",
        lambda f: f.target_date is not None and f.target_date >= f.today,
    ),
    Rule(
        "ceiling_nearly",
        _("Plafond du marché engagé à 80 % ou plus"),
        "lines",
        lambda f: not _nearly_drawn(f),
        blocking=False,
    ),
    Rule(
        "target_date_sla",
        _("Une date limite que le délai du marché permet, ou pourquoi celle-ci"),
        "target_date",
        lambda f: (
            not (f.earliest and f.target_date)
            or f.target_date >= f.earliest
            or bool(f.target_note.strip())
        ),
        blocking=False,
    ),
    Rule(
        "photo",
        _("Une photo du problème"),
        "uploads",
        lambda f: f.has_photo,
        blocking=False,
    ),
    Rule(
        "second_phone",
        _("Un second téléphone"),
        "second_phone",
        lambda f: bool(f.second_phone),
        blocking=False,
        natures=_OCCUPIED,
    ),
)


RETURN_FIELDS: Mapping[str, tuple[str, ...]] = {
    ReturnReason.PHONE: ("phone", "second_phone"),
    ReturnReason.ACCESS: ("access", "access_code"),
    ReturnReason.PLACE: ("floor", "entrance", "door"),
    ReturnReason.DESCRIPTION: ("description",),
    ReturnReason.PRICE_LINE: ("lignes-0-price_item",),
    ReturnReason.QUANTITY: ("lignes-0-quantity",),
    ReturnReason.CONTRACT: ("contract",),
    ReturnReason.BUDGET: ("commitment_number",),
    ReturnReason.COMMITMENT: ("commitment_number", "service_code"),
    ReturnReason.ASBESTOS: ("asbestos", "asbestos_measures"),
    ReturnReason.BILLING: (),
    ReturnReason.VAT: ("lignes-0-vat_rate",),
    ReturnReason.TARGET_DATE: ("target_date",),
}
"""The form's controls that mend what a company asked for, the main one first; the billing address
is the landlord's and on no order's form."""


@dataclass(frozen=True)
class Completeness:
    """The score (0 to 100 of the blocking rules that apply) and what is missing."""

    score: int
    missing: tuple[Rule, ...]
    warnings: tuple[Rule, ...]
    to_review: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Tell whether the order may leave."""
        return not self.missing


def check(facts: Facts, *, returned: Iterable[str] = ()) -> Completeness:
    """Judge an order. returned: codes of what its contractor asked for when it sent it back.

    Whether an answer satisfies the contractor no rule can tell, so they stay to be reviewed.
    """
    known = dict(ReturnReason.choices)
    to_review = tuple(str(known[code]) for code in returned if code in known)
    applying = [rule for rule in RULES if not rule.natures or facts.nature in rule.natures]
    blocking = [rule for rule in applying if rule.blocking]
    missing = tuple(rule for rule in blocking if not rule.holds(facts))
    warnings = tuple(rule for rule in applying if not rule.blocking and not rule.holds(facts))
    score = 100 * (len(blocking) - len(missing)) // len(blocking)
    return Completeness(score=score, missing=missing, warnings=warnings, to_review=to_review)
