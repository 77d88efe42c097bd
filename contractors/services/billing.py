"""Writes of an organisation's billing details. Every key is checked before it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret as siret_rules
from stdnum.fr import tva as vat_rules

from contractors import events, policies
from contractors.models import BillingDetails
from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Organisation
from nexxio.core.outbox import of_house, record

_SIREN = 9


@dataclass(frozen=True, kw_only=True)
class BillingInput:
    """Billing details as typed; all of them may stay empty."""

    name: str = ""
    siret: str = ""
    vat_number: str = ""
    is_vat_exempt: bool = False
    electronic_address: str = ""
    line: str = ""
    more: str = ""
    postcode: str = ""
    city: str = ""
    legal_form: str = ""
    capital: Decimal | None = None
    register: str = ""


def billing_of(actor: Actor) -> BillingDetails:
    """Return the details of the actor's organisation; empty ones before the first were saved."""
    own = BillingDetails.objects.filter(organisation_id=actor.own_id).first()
    return own or BillingDetails(organisation_id=actor.own_id)


@transaction.atomic
def save_billing(*, actor: Actor, typed: BillingInput) -> BillingDetails:
    """Keep the details of the actor's organisation; invoices to come say them. Locks their row.

    Raises Refused for whoever is no manager, Invalid for a SIRET or a VAT number whose key is
    wrong, for two that belong to two companies, and for what contradicts itself.
    """
    if not policies.manages_billing(actor):
        raise Refused(
            "Seuls les responsables changent les coordonnées de facturation.", code="role"
        )
    organisation = Organisation.objects.get(pk=actor.own_id)
    found = _checked(typed, known=organisation.siret)
    fresh = BillingDetails(organisation_id=actor.own_id)
    BillingDetails.objects.bulk_create([fresh], ignore_conflicts=True)
    details = BillingDetails.objects.select_for_update(of=("self",)).get(
        organisation_id=actor.own_id
    )
    changed = [name for name, value in vars(found).items() if getattr(details, name) != value]
    if not changed:
        return details
    for name in changed:
        setattr(details, name, getattr(found, name))
    details.save(update_fields=changed)
    subject = of_house(pk=details.pk, organisation_id=actor.own_id, side=actor.side)
    event = events.BillingChanged(fields=tuple(changed))
    record(event, actor=actor, subject=subject, subject_type="billing")
    return details


# --- Checks ---------------------------------------------------------------------------------------


def _checked(typed: BillingInput, *, known: str) -> BillingInput:
    """Return what was typed, its numbers as they are kept. Raises Invalid, all faults at once.

    known: the organisation's SIRET, as the platform checked it: another establishment of the same
    company may invoice, another company may not.
    """
    errors: dict[str, list[str]] = {}
    siret, vat_number = _packed(typed.siret), _packed(typed.vat_number)
    address, postcode = _packed(typed.electronic_address), _packed(typed.postcode)
    if siret and not _holds(siret_rules, siret):
        errors["siret"] = [_("SIRET invalide : 14 chiffres, dont la clé doit être juste.")]
    elif siret and known and siret[:_SIREN] != known[:_SIREN]:
        errors["siret"] = [_("Ce SIRET est celui d’une autre entreprise que la vôtre.")]
    company = (siret or known)[:_SIREN]
    if vat_number and not (vat_number.startswith("FR") and _holds(vat_rules, vat_number[2:])):
        errors["vat_number"] = [
            _("Numéro de TVA invalide : FR, deux caractères de clé, puis le SIREN.")
        ]
    elif company and vat_number and not vat_number.endswith(company):
        errors["vat_number"] = [_("Ce numéro de TVA n’est pas celui de l’entreprise du SIRET.")]
    if typed.is_vat_exempt and vat_number:
        errors["is_vat_exempt"] = [
            _("En franchise de TVA, n’indiquez pas de numéro de TVA ; sinon décochez cette case.")
        ]
    if address and not (re.fullmatch(r"[A-Za-z0-9._-]+", address) and address[:_SIREN] == company):
        errors["electronic_address"] = [
            _("Elle commence par le SIREN : lettres, chiffres, point, tiret ou souligné ensuite.")
        ]
    if postcode and not re.fullmatch(r"[0-9]{5}", postcode):
        errors["postcode"] = [_("Le code postal a cinq chiffres.")]
    if typed.capital is not None and typed.capital < 0:
        errors["capital"] = [_("Le capital ne peut pas être négatif.")]
    if errors:
        raise Invalid(errors)
    texts = {
        name: " ".join(value.split()) for name, value in vars(typed).items() if type(value) is str
    }
    numbers = {
        "siret": siret,
        "vat_number": vat_number,
        "electronic_address": address,
        "postcode": postcode,
    }
    return BillingInput(**{**vars(typed), **texts, **numbers})


def _packed(number: str) -> str:
    """Return a number without what people put between its parts."""
    return re.sub(r"[\s\u00a0\u202f]", "", number).upper()


def _holds(rules: object, number: str) -> bool:
    try:
        return bool(rules.validate(number) == number)  # type: ignore[attr-defined]
    except NumberError:
        return False
