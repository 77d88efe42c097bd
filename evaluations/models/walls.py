"""Who reads what of evaluations. A side's own voices stay its own until they are shared.

What a company says of its landlord is never shared: no policy lets a landlord read such a row. Its
own means of a closed quarter are read there while it shows them (GIVEN).
"""

from __future__ import annotations

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from evaluations.axes import OWN, Direction
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import Partnership
from nexxio.core.scoping import Scope

_L2C, _C2L = Direction.LANDLORD_CONTRACTOR.value, Direction.CONTRACTOR_LANDLORD.value

BOTH = Rule(
    landlord="landlord_id",
    contractor="contractor_id",
    read_only=frozenset({"landlord", "contractor"}),
)

EVALUATIONS = Rule(
    landlord=Custom(
        f"landlord_id = {setting('landlord')} AND (direction = '{_L2C}' OR is_shared)",
        lambda scope: Q(landlord_id=scope.landlord_id) & (Q(direction=_L2C) | Q(is_shared=True)),
    ),
    contractor=Custom(
        f"contractor_id = {setting('contractor')} AND (direction = '{_C2L}' OR is_shared)",
        lambda scope: (
            Q(contractor_id=scope.contractor_id) & (Q(direction=_C2L) | Q(is_shared=True))
        ),
    ),
    tenant="tenant_id",
    link="reader_case_id",
    checks={"landlord": f"direction = '{_L2C}'"},
)

SEATS = Rule(
    landlord=Custom(
        f"landlord_id = {setting('landlord')} AND direction = '{_L2C}'",
        lambda scope: Q(landlord_id=scope.landlord_id, direction=_L2C),
    ),
    contractor=Custom(
        f"contractor_id = {setting('contractor')} AND direction = '{_C2L}'",
        lambda scope: Q(contractor_id=scope.contractor_id, direction=_C2L),
    ),
    read_only=frozenset({"landlord", "contractor"}),
)
"""Whom a house asks is its own to read, and the clock's to write."""

_SHARED = (
    "EXISTS (SELECT 1 FROM evaluations_evaluation e WHERE e.id = evaluation_id AND e.is_shared)"
)
ANSWERS = Rule(
    landlord=Custom(
        f"landlord_id = {setting('landlord')} AND {_SHARED}",
        lambda scope: Q(landlord_id=scope.landlord_id, evaluation__is_shared=True),
    ),
    contractor=Custom(
        f"contractor_id = {setting('contractor')} AND {_SHARED}",
        lambda scope: Q(contractor_id=scope.contractor_id, evaluation__is_shared=True),
    ),
    tenant="tenant_id",
    link="reader_case_id",
    user="user_id",
    read_only=frozenset({"landlord", "contractor"}),
)
"""Marks: whoever gave them until they are shared, then both sides; no writer's name by then."""


def _partners_result(scope: Scope) -> Q:
    partners = Partnership.objects.filter(contractor_id=scope.contractor_id)
    of_landlords = Q(
        contractor__isnull=True,
        direction=_C2L,
        dimension="overall",
        landlord_id__in=partners.values("landlord_id"),
    )
    return Q(contractor_id=scope.contractor_id) | (of_landlords & ~Q(subject__startswith=OWN))


RESULTS = Rule(
    landlord="landlord_id",
    contractor=Custom(
        f"contractor_id = {setting('contractor')} OR (contractor_id IS NULL"
        f" AND direction = '{_C2L}' AND dimension = 'overall' AND left(subject, 4) <> '{OWN}'"
        " AND landlord_id IN (SELECT p.landlord_id FROM core_partnership p"
        f" WHERE p.contractor_id = {setting('contractor')}))",
        _partners_result,
    ),
    read_only=frozenset({"landlord", "contractor"}),
)
"""A company's own results, and what all companies together say of a landlord of its own.

What they answer to the landlord's own questions is the landlord's alone.
"""

_T2R = Direction.TENANT_REPAIR.value


def _asked_of_tenants(kind: str) -> Custom:
    return Custom(
        f"({setting(kind)} IS NOT NULL) AND landlord_id = {setting('via')}"
        f" AND direction = '{_T2R}'",
        lambda scope: Q(landlord_id=scope.via_id, direction=_T2R),
    )


def _partners_question(scope: Scope) -> Q:
    partners = Partnership.objects.filter(contractor_id=scope.contractor_id)
    return Q(landlord_id__in=partners.values("landlord_id"))


OWN_QUESTIONS = Rule(
    landlord="landlord_id",
    contractor=Custom(
        "landlord_id IN (SELECT p.landlord_id FROM core_partnership p"
        f" WHERE p.contractor_id = {setting('contractor')})",
        _partners_question,
    ),
    tenant=_asked_of_tenants("tenant"),
    link=_asked_of_tenants("case"),
    read_only=frozenset({"contractor", "tenant", "link"}),
)
"""The landlord's to write; its companies read what they are asked, or are marked on, and tenants
what they are asked."""

_OF_HOUSE = (
    f"(organisation_id = {setting('landlord')} OR organisation_id = {setting('contractor')})"
)
STAFF_SURVEYS = Rule(
    landlord="organisation_id",
    contractor="organisation_id",
    read_only=frozenset({"landlord", "contractor"}),
)
"""That its members are asked is the house's to know, and the clock's to write."""
STAFF_RECEIPTS = Rule(user="user_id", checks={"user": _OF_HOUSE})
"""Whoever answered reads that he did; nobody else of his house does."""
STAFF_BALLOTS = Rule(
    insert=f"{_OF_HOUSE} AND EXISTS (SELECT 1 FROM evaluations_staffsurvey s"
    " WHERE s.organisation_id = evaluations_staffballot.organisation_id"
    " AND s.quarter = evaluations_staffballot.quarter AND s.published_at IS NULL)"
)
"""Put in while the house is asked; read back by nobody but the clock that publishes."""

_PROPOSED = (
    "EXISTS (SELECT 1 FROM evaluations_bonusrules r WHERE r.id = rules_id"
    " AND r.proposed_at IS NOT NULL)"
)
BONUS_RULES = Rule(
    landlord="landlord_id",
    contractor=Custom(
        f"contractor_id = {setting('contractor')} AND proposed_at IS NOT NULL",
        lambda scope: Q(contractor_id=scope.contractor_id, proposed_at__isnull=False),
    ),
    read_only=frozenset({"contractor"}),
)
"""The landlord's to write; its company meets them once they are proposed."""
BONUS_TERMS = Rule(
    landlord="landlord_id",
    contractor=Custom(
        f"contractor_id = {setting('contractor')} AND {_PROPOSED}",
        lambda scope: Q(contractor_id=scope.contractor_id, rules__proposed_at__isnull=False),
    ),
    read_only=frozenset({"contractor"}),
)
BY_COMPANY = Rule(
    landlord="landlord_id", contractor="contractor_id", read_only=frozenset({"landlord"})
)
"""The company's own word to its landlord."""
CLOSED_BY_BOTH = Rule(
    landlord="landlord_id",
    contractor="contractor_id",
    checks={"contractor": "closed_at IS NOT NULL"},
)
"""Made by the clock (db/grants.py); a company does nothing to it but close it."""
CONTESTS = Rule(
    landlord="landlord_id",
    contractor="contractor_id",
    checks={"landlord": "outcome <> ''", "contractor": "outcome = ''"},
)
"""The company contests, the landlord answers."""


def _thanks(side: str) -> Custom:
    return Custom(
        f"{side}_id = {setting(side)} AND (from_side = '{side}' OR told_at IS NOT NULL)",
        lambda scope: (
            Q(**{f"{side}_id": scope.value_for(side)})
            & (Q(from_side=side) | Q(told_at__isnull=False))
        ),
    )


THANKS = Rule(
    landlord=_thanks("landlord"),
    contractor=_thanks("contractor"),
    link="reader_case_id",
    checks={
        "landlord": "from_side = 'landlord' AND told_at IS NULL",
        "contractor": "from_side = 'contractor' AND told_at IS NULL",
        "link": "from_side = 'tenant' AND told_at IS NULL",
    },
)
"""Each gives his own, and may take it back; the clock tells it, and then both houses read it."""
REVIEWS = Rule(landlord="landlord_id", contractor="contractor_id")
"""Both sides read and write it; what may change when is kept by the services and the hash."""
OF_OWN_SIDE = Rule(
    landlord="landlord_id",
    contractor="contractor_id",
    checks={"landlord": "side = 'landlord'", "contractor": "side = 'contractor'"},
)
"""Both sides read it, each writes its own."""
REPORTED = Rule(
    landlord="landlord_id",
    contractor="contractor_id",
    checks={
        "landlord": "side = 'landlord' AND outcome = ''",
        "contractor": "side = 'contractor' AND outcome = ''",
    },
)
"""Both sides read it, each writes its own; the platform decides."""
GIVEN = Rule(
    landlord=Custom(
        f"landlord_id = {setting('landlord')} AND shown_at IS NOT NULL AND withdrawn_at IS NULL",
        lambda scope: Q(
            landlord_id=scope.landlord_id, shown_at__isnull=False, withdrawn_at__isnull=True
        ),
    ),
    contractor="contractor_id",
    read_only=frozenset({"landlord"}),
)
"""Made by the clock (db/grants.py); the company's own, and its landlord's to read while shown."""
STANDINGS = Rule(contractor="contractor_id", read_only=frozenset({"contractor"}))
"""The company's own to read, and no landlord's: it would tell who answered."""
SENT = Rule(landlord="landlord_id", contractor="contractor_id", read_only=frozenset({"landlord"}))
"""The company's to write; its landlord reads it."""
OWN_ROWS = Rule(landlord="landlord_id")
"""The landlord's alone."""
BOTH_READ = Rule(
    landlord="landlord_id", contractor="contractor_id", read_only=frozenset({"contractor"})
)
"""The landlord's to write; its company reads it."""


def touched(column: str) -> str:
    """Return the SQL that a pilot (`column`) touches a contract of the company that reads."""
    return (
        "EXISTS (SELECT 1 FROM evaluations_pilotcontract c"
        f" WHERE c.pilot_id = {column} AND c.contractor_id = {setting('contractor')})"
    )


CARD_READINGS = Rule(user="user_id", checks={"user": _OF_HOUSE})
"""Whoever read a card reads that he did; what a house reads is counted by the clock."""
TRAINING = Rule(
    landlord=Custom(
        f"organisation_id = {setting('landlord')} OR organisation_id IN (SELECT p.contractor_id"
        f" FROM core_partnership p WHERE p.landlord_id = {setting('landlord')})",
        lambda scope: (
            Q(organisation_id=scope.landlord_id)
            | Q(
                organisation_id__in=Partnership.objects.filter(
                    landlord_id=scope.landlord_id
                ).values("contractor_id")
            )
        ),
    ),
    contractor="organisation_id",
    read_only=frozenset({"landlord", "contractor"}),
)
"""Numbers of a house, or of its services: its own to read, a company's its landlords' too."""

PEER_REFERENCES = Rule(
    landlord=Custom(
        f"landlord_id = {setting('landlord')}"
        f" OR (withdrawn_at IS NULL AND {setting('landlord')} IS NOT NULL)",
        lambda scope: Q(landlord_id=scope.landlord_id) | Q(withdrawn_at__isnull=True),
    ),
    contractor="contractor_id",
    read_only=frozenset({"landlord"}),
)
"""The company's to publish and to withdraw; until then every landlord reads it."""

PEER_RULES = Rule(
    landlord="landlord_id",
    contractor=OWN_QUESTIONS.contractor,
    read_only=frozenset({"contractor"}),
)
"""The landlord's to write; its companies read it before they publish."""


def _called_by_peers(_scope: Scope) -> Q:
    live = apps.get_model("evaluations", "PeerReference")._base_manager.filter(
        landlord_id=OuterRef("landlord_id"),
        contractor_id=OuterRef("contractor_id"),
        withdrawn_at__isnull=True,
    )
    return Q(withdrawn_at__isnull=True) & Q(Exists(live))


PEER_CONTACTS = Rule(
    landlord=Custom(
        f"landlord_id = {setting('landlord')} OR (withdrawn_at IS NULL AND"
        f" {setting('landlord')} IS NOT NULL AND EXISTS (SELECT 1 FROM evaluations_peerreference r"
        " WHERE r.landlord_id = evaluations_peercontact.landlord_id"
        " AND r.contractor_id = evaluations_peercontact.contractor_id"
        " AND r.withdrawn_at IS NULL))",
        lambda scope: Q(landlord_id=scope.landlord_id) | _called_by_peers(scope),
    ),
    contractor="contractor_id",
    read_only=frozenset({"contractor"}),
    checks={"landlord": f"landlord_id = {setting('landlord')}"},
)
"""Each landlord's own to offer and to take back; others read it beside a published reference."""
