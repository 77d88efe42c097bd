"""Contracts: opened and changed by the landlord's managers."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Agency, Group, Partnership, Sector
from nexxio.core.outbox import Subject, record
from orders import contract_events as events
from orders import policies
from orders.models import Contract, ContractPlace, Trade
from orders.terms import MOST_REGULARISATION_DAYS, Attribution, InvoicePiece

_PERIMETER = ("agencies", "sectors", "groups")
MOST_VARIATION_HOURS = 72
MOST_ON_CALL_HOURS = 72
MOST_CERTIFICATE_DAYS = 30
"""Most that a verification may last (Code de la commande publique, R. 2192-10 and following)."""


@dataclass(frozen=True, kw_only=True)
class ContractInput:
    """A contract as typed. Sums in euros excluding VAT; ceiling: None without one.

    agencies, sectors, groups: its perimeter; none of them means the whole estate.
    """

    number: str
    title: str
    trades: tuple[str, ...]
    starts_on: date
    ends_on: date
    ceiling: Decimal | None = None
    target_days: int = 15
    urgent_hours: int = 24
    urgent_ack_hours: int | None = None
    tolerance_percent: Decimal = Decimal(0)
    tolerance_amount: Decimal = Decimal(0)
    needs_commitment: bool = False
    pieces: tuple[str, ...] = ()
    pieces_to_finish: bool = False
    attribution: str = Attribution.SINGLE.value
    attribution_rank: int = 1
    attribution_share: int | None = None
    agencies: tuple[UUID, ...] = ()
    sectors: tuple[UUID, ...] = ()
    groups: tuple[UUID, ...] = ()
    certificate_days: int = 30
    tacit_clause: str = ""
    regularisation_days: int | None = None
    variation_days: int = 3
    variation_hours: int = 4
    contractor_cancels: bool = False
    on_call: bool = False
    on_call_cap: Decimal | None = None
    on_call_from: time | None = None
    on_call_to: time | None = None
    on_call_days_off: bool = False
    on_call_hours: int | None = None
    on_call_phone: str = ""


@transaction.atomic
def open_contract(*, actor: Actor, contractor_id: UUID, data: ContractInput) -> Contract:
    """Open a contract with a partner of the landlord.

    Raises Refused for who manages no contracts, Invalid for a company that is no partner, a number
    that another contract has, and terms that no contract can have.
    """
    _require(actor, data)
    landlord_id = actor.own_id
    partners = Partnership.objects.filter(landlord_id=landlord_id, contractor_id=contractor_id)
    if not partners.exists():
        raise Invalid({"contractor": ["Cette entreprise n’est pas parmi vos prestataires."]})
    places = _places(landlord_id, data)
    contract = Contract(landlord_id=landlord_id, contractor_id=contractor_id, **_columns(data))
    with explained():
        contract.save(force_insert=True)
    _write_places(contract, places)
    _record(actor, contract, events.ContractOpened())
    return contract


@transaction.atomic
def change_contract(
    *, actor: Actor, contract_id: UUID, version: int, data: ContractInput
) -> Contract:
    """Rewrite a contract's terms; its company stays. Locks it.

    Raises as `open_contract`, and Refused when somebody else saved in between. Orders that have
    left keep what they copied.
    """
    _require(actor, data)
    contract = Contract.objects.select_for_update(of=("self",), no_key=True).get(pk=contract_id)
    if contract.version != version:
        raise Refused(
            "Quelqu’un d’autre a modifié ce marché entre-temps. Votre saisie est gardée"
            " ci-dessous : comparez, puis enregistrez à nouveau.",
            code="version",
        )
    values = _columns(data)
    places = _places(contract.landlord_id, data)
    changed = [name for name, value in values.items() if getattr(contract, name) != value]
    moved = {_key(one) for one in places} != {
        _key(one) for one in ContractPlace.objects.filter(contract_id=contract.pk)
    }
    if not changed and not moved:
        return contract
    for name in changed:
        setattr(contract, name, values[name])
    contract.version = version + 1
    with explained():
        contract.save(update_fields=[*changed, "version"])
    if moved:
        _write_places(contract, places)
    terms = (*changed, "perimeter") if moved else tuple(changed)
    _record(actor, contract, events.ContractChanged(terms=terms))
    return contract


def contract_as_typed(contract: Contract) -> ContractInput:
    """Return a stored contract with its perimeter as it would be typed."""
    columns = {one.name for one in fields(ContractInput)} - set(_PERIMETER)
    values = {name: getattr(contract, name) for name in columns}
    places = list(ContractPlace.objects.filter(contract_id=contract.pk))
    return ContractInput(
        **{**values, "trades": tuple(contract.trades), "pieces": tuple(contract.pieces)},
        agencies=tuple(one.agency_id for one in places if one.agency_id),
        sectors=tuple(one.sector_id for one in places if one.sector_id),
        groups=tuple(one.group_id for one in places if one.group_id),
    )


def write_places(contract: Contract, data: ContractInput) -> None:
    """Rewrite a stored contract's perimeter as it is typed. The caller holds it."""
    _write_places(contract, _places(contract.landlord_id, data))


# --- inside -----------------------------------------------------------------------------------


def _columns(data: ContractInput) -> dict[str, Any]:
    values = asdict(data)
    for name in _PERIMETER:
        del values[name]
    values["number"] = " ".join(data.number.split())
    values["title"] = " ".join(data.title.split())
    values["tacit_clause"] = " ".join(data.tacit_clause.split())
    values["trades"] = list(data.trades)
    values["pieces"] = list(data.pieces)
    return values


def _places(landlord_id: UUID, data: ContractInput) -> list[ContractPlace]:
    """Return the unsaved rows of a perimeter. Raises Invalid for a place that isn't there."""
    own = {"landlord_id": landlord_id, "archived_at__isnull": True}
    agencies = Agency.objects.filter(**own, pk__in=data.agencies)
    sectors = Sector.objects.filter(**own, pk__in=data.sectors).select_related("agency")
    groups = Group.objects.filter(**own, pk__in=data.groups)
    found = [
        *(ContractPlace(agency=one, name=f"Agence {one.name}") for one in agencies),
        *(ContractPlace(sector=one, name=f"{one.agency.name} · {one.name}") for one in sectors),
        *(ContractPlace(group=one, name=str(one)) for one in groups),
    ]
    asked = {*data.agencies, *data.sectors, *data.groups}
    if len(found) != len(asked):
        raise Invalid({"agencies": ["Un de ces lieux n’est plus dans votre patrimoine."]})
    if data.attribution == Attribution.PERIMETER and not found:
        raise Invalid({"agencies": ["Une attribution par périmètre a un périmètre."]})
    return found


def _key(place: ContractPlace) -> tuple[UUID | None, UUID | None, UUID | None]:
    return place.agency_id, place.sector_id, place.group_id


def _write_places(contract: Contract, places: list[ContractPlace]) -> None:
    ContractPlace.objects.filter(landlord_id=contract.landlord_id, contract_id=contract.pk).delete()
    for place in places:
        place.landlord_id, place.contractor_id = contract.landlord_id, contract.contractor_id
        place.contract = contract
    ContractPlace.objects.bulk_create(places)


def _require(actor: Actor, data: ContractInput) -> None:
    if not policies.manages_contracts(actor):
        raise Refused("Votre rôle ne permet pas de changer un marché.", code="role")
    require_terms(data)


def require_terms(data: ContractInput) -> None:
    """Raise Invalid beside the field of terms that no contract can have."""
    if not data.trades or Trade.objects.filter(pk__in=data.trades).count() != len(data.trades):
        raise Invalid({"trades": ["Choisissez au moins un corps d’état."]})
    if not set(data.pieces) <= set(InvoicePiece.values):
        raise Invalid({"pieces": ["Une pièce n’est pas dans la liste."]})
    _require_delays(data)
    if data.on_call and not data.on_call_cap:
        raise Invalid({"on_call_cap": ["Une astreinte a un plafond."]})
    if (data.on_call_from is None) != (data.on_call_to is None):
        lacks = "on_call_from" if data.on_call_from is None else "on_call_to"
        raise Invalid({lacks: ["Indiquez le début et la fin, ou laissez les deux vides."]})
    if not 1 <= (data.on_call_hours or 1) <= MOST_ON_CALL_HOURS:
        raise Invalid({"on_call_hours": ["Entre 1 et 72 heures."]})
    if not 1 <= (data.urgent_ack_hours or 1) <= data.urgent_hours:
        raise Invalid({"urgent_ack_hours": ["Au plus le délai d’urgence."]})
    if data.attribution_share is not None and not 1 <= data.attribution_share <= 100:  # noqa: PLR2004 (percent)
        raise Invalid({"attribution_share": ["Entre 1 et 100 %."]})
    if data.ceiling is not None and data.ceiling <= 0:
        raise Invalid({"ceiling": ["Laissez vide s’il n’y a pas de plafond."]})


def _require_delays(data: ContractInput) -> None:
    if not 1 <= data.certificate_days <= MOST_CERTIFICATE_DAYS:
        raise Invalid({"certificate_days": ["Entre 1 et 30 jours : la loi n’en permet pas plus."]})
    if not 1 <= (data.regularisation_days or 1) <= MOST_REGULARISATION_DAYS:
        raise Invalid({"regularisation_days": ["Entre 1 et 30 jours ouvrés."]})
    if not 1 <= data.variation_days <= MOST_REGULARISATION_DAYS:
        raise Invalid({"variation_days": ["Entre 1 et 30 jours ouvrés."]})
    if not 1 <= data.variation_hours <= MOST_VARIATION_HOURS:
        raise Invalid({"variation_hours": ["Entre 1 et 72 heures."]})


def _record(actor: Actor, contract: Contract, event: Any) -> None:
    record(
        event,
        actor=actor,
        subject=Subject(
            pk=contract.pk,
            landlord_id=contract.landlord_id,
            contractor_id=contract.contractor_id,
        ),
        subject_type="contract",
    )
