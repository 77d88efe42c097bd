"""What a landlord says once for all of its orders."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.outbox import of_house, record
from orders import policies
from orders.house_events import HouseRulesChanged
from orders.models import HouseRules


def house_rules(landlord_id: UUID) -> HouseRules:
    """Return a landlord's rules; unsaved ones that say nothing where it has none."""
    found = HouseRules.objects.filter(landlord_id=landlord_id).first()
    return found or HouseRules(landlord_id=landlord_id, version=0)


@transaction.atomic
def write_house_rules(
    *,
    actor: Actor,
    version: int,
    billing_address: str,
    needs_commitment: bool,
    vat_mention: bool = False,
    family_threshold: Decimal | None = None,
) -> HouseRules:
    """Rewrite the rules of the actor's landlord; a manager's. version: 0 for the first time.

    Raises Refused for anybody else, Invalid when somebody else saved in between. Orders that have
    left keep the address that they carry until they are sent again.
    """
    if not policies.manages_contracts(actor):
        raise Refused("Votre rôle ne permet pas de changer ces règles.", code="role")
    if family_threshold is not None and family_threshold <= 0:
        raise Invalid({"family_threshold": ["Laissez vide s’il n’y a pas de seuil."]})
    landlord_id = actor.own_id
    HouseRules.objects.bulk_create(
        [HouseRules(landlord_id=landlord_id, version=0)], ignore_conflicts=True
    )
    rules = HouseRules.objects.select_for_update(of=("self",)).get(landlord_id=landlord_id)
    if rules.version != version:
        raise Invalid({"": ["Quelqu’un d’autre a modifié ces règles : rechargez la page."]})
    lines = (" ".join(line.split()) for line in billing_address.splitlines())
    values = {
        "billing_address": "\n".join(line for line in lines if line)[:400],
        "needs_commitment": needs_commitment,
        "vat_mention": vat_mention,
        "family_threshold": family_threshold,
    }
    changed = [name for name, value in values.items() if getattr(rules, name) != value]
    for name in changed:
        setattr(rules, name, values[name])
    rules.version = version + 1
    rules.save(update_fields=[*changed, "version"])
    record(
        HouseRulesChanged(terms=tuple(changed)),
        actor=actor,
        subject=of_house(pk=rules.pk, organisation_id=landlord_id, side=actor.side),
        subject_type="house_rules",
    )
    return rules
