"""What an order must carry before it leaves: rules as data, checked on the form and at issue.

Pure: works on a plain description of the order, so that the form shows it as it is typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from nexxio.core.models import UnitKind
from orders.natures import RATE_OF, UNPRICED, WITHOUT_CONTRACT, VatReason
from orders.order_facts import Facts
from orders.states import ISSUED_NATURES, AccessCode, Asbestos, Nature, ReturnReason


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


def _allows(facts: Facts, owed: date | None) -> bool:
    """Tell whether the target date is no earlier than a contract owes, or why it is."""
    early = owed is not None and facts.target_date is not None and facts.target_date < owed
    return not early or bool(facts.target_note.strip())


def _has_entrance(facts: Facts, kind: UnitKind) -> bool:
    return facts.has_entrance or facts.unit_kind != kind


_OCCUPIED = frozenset({Nature.MAINTENANCE.value})
_BY_CONTRACT = frozenset(code for code, _label in ISSUED_NATURES) - {*WITHOUT_CONTRACT}
_WITHOUT = frozenset(nature.value for nature in WITHOUT_CONTRACT)
_PRICED = frozenset(code for code, _label in ISSUED_NATURES) - {*UNPRICED}
_SOMEBODY = frozenset(
    {
        Nature.CLAIM.value,
        Nature.BY_THE_HOUR.value,
        Nature.OFF_CONTRACT.value,
        Nature.UPKEEP.value,
        Nature.COMPLETION.value,
        Nature.VACANT.value,
    }
)
"""Natures that ask for one person on the spot: who lives there, or the caretaker or the agency."""
_OFF = frozenset({Nature.OFF_CONTRACT.value})


def _names_its_vat(facts: Facts) -> bool:
    """Tell whether the ground of the rate is said, and the mention made where it is reduced.

    Where the landlord makes the mention once for all, it is written when the order leaves.
    """
    reduced = any(rate < RATE_OF[VatReason.NORMAL] for rate in facts.vat_rates)
    said = facts.vat_reason not in ("", VatReason.NORMAL) and facts.vat_certified
    by_house = facts.house_mentions_vat and not facts.vat_reason
    return not reduced or said or by_house


def _vat_agrees(facts: Facts) -> bool:
    """Tell whether a line has the rate whose ground is said."""
    if not facts.vat_reason or not facts.vat_rates:
        return True
    return RATE_OF[facts.vat_reason] in facts.vat_rates


RULES: tuple[Rule, ...] = (
    Rule(
        "contract",
        _("Un marché en vigueur"),
        "contract",
        lambda f: f.contract_in_force,
        natures=_BY_CONTRACT,
    ),
    Rule(
        "company",
        _("L’entreprise, ou un marché en vigueur"),
        "company",
        lambda f: f.has_company or f.contract_in_force,
        natures=_WITHOUT,
    ),
    Rule(
        "off_reason",
        _("Pourquoi hors marché"),
        "off_reason",
        lambda f: bool(f.off_reason),
        natures=_OFF,
    ),
    Rule(
        "purchase_family",
        _("La famille d’achat"),
        "purchase_family",
        lambda f: bool(f.purchase_family.strip()),
        natures=_OFF,
    ),
    Rule(
        "family_threshold",
        _("Un cumul de l’année sous le seuil de la famille d’achat"),
        "purchase_family",
        lambda f: f.family_threshold is None or f.family_spent + f.total <= f.family_threshold,
        blocking=False,
        natures=_OFF,
    ),
    Rule(
        "relet_on",
        _("La date de remise en location visée"),
        "relet_on",
        lambda f: f.relet_on is not None,
        blocking=False,
        natures=frozenset({Nature.VACANT.value}),
    ),
    Rule(
        "quote",
        _("Le devis de l’entreprise, joint"),
        "uploads",
        lambda f: f.has_quote,
        natures=_OFF,
    ),
    Rule(
        "claim",
        _("L’assureur et le numéro de sinistre"),
        "claim_number",
        lambda f: bool(f.insurer and f.claim_number),
        natures=frozenset({Nature.CLAIM.value}),
    ),
    Rule(
        "period",
        _("La période d’entretien, du et au"),
        "period_from",
        lambda f: bool(f.period_from and f.period_to),
        natures=frozenset({Nature.UPKEEP.value}),
    ),
    Rule(
        "contract_trade",
        _("Un marché qui couvre ce corps d’état"),
        "contract",
        lambda f: f.contract_covers_trade,
        natures=_BY_CONTRACT,
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
    Rule("trade", _("Le corps d’état"), "trade", lambda f: f.has_trade),
    Rule("unit", _("Le logement ou la partie commune"), "unit", lambda f: f.has_unit),
    Rule(
        "floor",
        _("L’étage et la porte"),
        "place_floor",
        lambda f: f.unit_kind != UnitKind.DWELLING or (f.has_floor and f.has_door),
    ),
    Rule(
        "entrance",
        _("L’entrée ou l’escalier de la partie commune"),
        "entrance",
        lambda f: _has_entrance(f, UnitKind.COMMON_AREA),
    ),
    Rule(
        "entrance_home",
        _("L’entrée ou l’escalier"),
        "entrance",
        lambda f: _has_entrance(f, UnitKind.DWELLING),
        blocking=False,
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
        "phone_on_site",
        _("Qui demander sur place (occupant, gardien, agence), et son téléphone"),
        "phone",
        lambda f: bool(f.phone and f.contact_name),
        natures=_SOMEBODY,
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
    Rule(
        "lines",
        _("Au moins une ligne de prix, ou un devis plafonné"),
        "lines",
        lambda f: f.line_count > 0 or bool(f.quote_cap),
        natures=_PRICED,
    ),
    Rule(
        "unpriced",
        _("Aucun montant : la garantie se répare aux frais de l’entreprise"),
        "lines",
        lambda f: not f.total,
        blocking=False,
        natures=frozenset(nature.value for nature in UNPRICED),
    ),
    Rule(
        "vat",
        _("Le motif du taux réduit de TVA et sa mention"),
        "vat_reason",
        _names_its_vat,
    ),
    Rule(
        "vat_rate",
        _("Des lignes au taux de TVA annoncé"),
        "vat_reason",
        _vat_agrees,
    ),
    Rule(
        "lines_in_force",
        _("Des articles du bordereau en vigueur"),
        "lines",
        lambda f: not f.gone,
    ),
    Rule(
        "line_prices",
        _("Le prix de chaque ligne hors bordereau, à demander à l’entreprise"),
        "lines",
        lambda f: not f.unpriced,
        natures=_PRICED,
    ),
    Rule(
        "commitment",
        _("Le numéro d’engagement et le code service"),
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
        _("Amiante : les mesures de protection de l’entreprise"),
        "asbestos_measures",
        lambda f: not _exempt_by_urgency(f) or bool(f.asbestos_measures.strip()),
    ),
    Rule(
        "target_date",
        _("Une date limite à partir d’aujourd’hui"),
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
        lambda f: f.urgent or _allows(f, f.owed),
    ),
    Rule(
        "target_date_now",
        _("Une date limite que le délai du marché permet encore, ou pourquoi celle-ci"),
        "target_date",
        # What a contract owes was counted when it was typed; an order that waited leaves later.
        lambda f: _allows(f, f.earliest) or not (f.urgent or _allows(f, f.owed)),
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
    ReturnReason.CONTRACT: (),
    ReturnReason.BUDGET: ("commitment_number",),
    ReturnReason.COMMITMENT: ("commitment_number", "service_code"),
    ReturnReason.ASBESTOS: ("asbestos", "asbestos_measures"),
    ReturnReason.BILLING: (),
    ReturnReason.VAT: ("lignes-0-vat_rate", "vat_reason"),
    ReturnReason.TARGET_DATE: ("target_date",),
}
"""The form's controls that mend what a company asked for, the main one first; the billing address
is the landlord's and on no order's form, and an order that has left keeps its contract."""
BY_ANOTHER = (ReturnReason.CONTRACT, ReturnReason.PLACE)
"""What is mended by an order that takes its place: another contract, or another dwelling."""


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
