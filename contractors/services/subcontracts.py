"""Writes of declared subcontractors (DC4): declared, answered, withdrawn, ended.

A declaration is locked before it changes. What changes here opens and closes B16 on the
orders that name him, by its event.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from contractors import money_book, policies
from contractors import subcontract_events as events
from contractors.models import NamedSubcontractor, Subcontract
from contractors.money_states import MoneyCode
from contractors.services.moves import required
from contractors.services.payment_facts import regime_for
from contractors.subcontract_states import (
    ACCEPTED,
    GIVEN_UP,
    SubcontractState,
    tacit_from,
    with_vat,
)
from nexxio.core import attachments, clock, files
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.imports.cells import BadCell, siret
from nexxio.core.models import StoredFile
from nexxio.core.outbox import Subject, record
from nexxio.core.templatetags.ui import money_text
from orders import policies as order_policies
from orders.models import Contract

PDF = "application/pdf"
MOST_VAT = 99


@dataclass(frozen=True, kw_only=True)
class SubcontractInput:
    """A declaration as typed. amount: the most that he is paid, euros excluding VAT; vat_rate: of
    his invoices, which doesn't count where the contractor owes the VAT (is_reverse_charge).
    """

    name: str
    siret: str
    object: str
    amount: Decimal
    vat_rate: Decimal = Decimal(20)
    is_reverse_charge: bool = False
    is_direct: bool = False


@transaction.atomic
def declare_subcontractor(
    *, actor: Actor, contract_id: UUID, data: SubcontractInput, upload: IO[bytes] | None = None
) -> Subcontract:
    """Ask the landlord to accept a subcontractor on a contract, and how he is paid.

    upload: the act as a PDF. Who was named on the contract's orders by the same name, or is
    declared again after a refusal, is declared there from now on. Nothing is locked: a
    constraint decides between two at once. Raises Refused for another house's contract, Invalid for
    numbers and sums that can't be, for a direct payment below the sum of the law (Code de la
    commande publique, R2193-10), and for the same company twice.
    """
    contract = Contract.objects.select_related("landlord", "contractor").get(pk=contract_id)
    if not policies.declares(actor) or contract.contractor_id != actor.own_id:
        text = "Seul le bureau de l’entreprise titulaire déclare ses sous-traitants."
        raise Refused(text, code="role")
    figures = money_book.figures_on(clock.today())
    values = _checked(data, figures, own=contract.contractor.siret)
    is_public = regime_for(contract.landlord).is_public
    silence = figures.get(MoneyCode.TACIT_DAYS) if is_public else None
    declared = Subcontract(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        contract=contract,
        declared_on=clock.today(),
        tacit_on=tacit_from(clock.today(), silence),
        file=_kept(contract, upload),
        **values,
    )
    with explained():
        declared.save(force_insert=True)
    _take_up(declared)
    _record(events.SubcontractDeclared(), declared, actor)
    return declared


@transaction.atomic
def accept_subcontractor(*, actor: Actor, subcontract_id: UUID) -> Subcontract:
    """Accept a subcontractor, and how he is paid. Locks the declaration.

    Raises Refused for whoever doesn't manage contracts, Conflict once it was answered.
    """
    declared = _to_answer(actor, subcontract_id)
    return _move(declared, SubcontractState.ACCEPTED, events.SubcontractAccepted(), actor)


@transaction.atomic
def refuse_subcontractor(*, actor: Actor, subcontract_id: UUID, note: str) -> Subcontract:
    """Refuse a subcontractor, with a reason that the contractor reads. Locks the declaration."""
    reason = required(note, "Dites à l’entreprise pourquoi.")
    declared = _to_answer(actor, subcontract_id)
    declared.note = reason
    return _move(declared, SubcontractState.REFUSED, events.SubcontractRefused(), actor)


@transaction.atomic
def accept_by_silence(*, actor: Actor, subcontract_id: UUID) -> Subcontract | None:
    """Accept whom the landlord has left without an answer for as long as the law waits.

    As the clock; None where the answer came, or the day hasn't. Locks the declaration.
    """
    declared = _lock(subcontract_id)
    waits = declared.state == SubcontractState.DECLARED
    if not waits or declared.tacit_on is None or clock.today() < declared.tacit_on:
        return None
    return _move(declared, SubcontractState.TACIT, events.SubcontractTacit(), actor)


@transaction.atomic
def withdraw_subcontractor(*, actor: Actor, subcontract_id: UUID) -> Subcontract:
    """Take a declaration back before its answer. Locks it; Conflict afterwards."""
    declared = _lock(subcontract_id)
    if not policies.declares(actor):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    if declared.state != SubcontractState.DECLARED:
        raise Conflict("Le bailleur a déjà répondu : mettez plutôt fin à la sous-traitance.")
    declared.state, declared.ended_at = SubcontractState.WITHDRAWN, clock.now()
    declared.save(update_fields=["state", "ended_at"])
    _record(events.SubcontractWithdrawn(), declared, actor)
    return declared


@transaction.atomic
def end_subcontractor(*, actor: Actor, subcontract_id: UUID, note: str) -> Subcontract:
    """Say that an accepted subcontractor comes no more, with a reason that both sides read.

    The orders that name him already stay covered. Locks the declaration.
    """
    reason = required(note, "Dites pourquoi cette sous-traitance prend fin.")
    declared = _lock(subcontract_id)
    if not (policies.declares(actor) or order_policies.manages_contracts(actor)):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    if declared.state not in ACCEPTED:
        raise Conflict("Cette sous-traitance n’est pas en cours.")
    declared.note, declared.ended_at = reason, clock.now()
    return _move(declared, SubcontractState.ENDED, events.SubcontractEnded(), actor)


# --- inside -----------------------------------------------------------------------------------


def _checked(data: SubcontractInput, figures: dict[str, Decimal], *, own: str) -> dict[str, object]:
    """Return the columns, numbers as they are kept. Raises Invalid, all faults at once."""
    name, what = " ".join(data.name.split())[:120], data.object.strip()[:300]
    number, fault = _number(data.siret, own)
    rate = Decimal(0) if data.is_reverse_charge else data.vat_rate
    faults = (
        ("name", "" if name else "Indiquez la raison sociale du sous-traitant."),
        ("siret", fault),
        ("object", "" if what else "Dites quelles prestations il fait."),
        ("amount", "" if data.amount > 0 else "Le montant maximum est au-dessus de zéro."),
        ("vat_rate", "" if 0 <= rate <= MOST_VAT else "Le taux de TVA va de 0 à 99 %."),
    )
    errors = {field: [text] for field, text in faults if text}
    if data.is_direct and not errors.keys() & {"amount", "vat_rate"}:
        too_little = _too_little(with_vat(data.amount, rate), figures)
        errors |= {"is_direct": [too_little]} if too_little else {}
    if errors:
        raise Invalid(errors)
    return {
        "name": name,
        "siret": number,
        "object": what,
        "amount": data.amount,
        "vat_rate": rate,
        "is_reverse_charge": data.is_reverse_charge,
        "is_direct": data.is_direct,
    }


def _number(typed: str, own: str) -> tuple[str, str]:
    """Return (the SIRET as it is kept, what is wrong with it)."""
    try:
        found = siret(typed)
    except BadCell as fault:
        return "", f"{str(fault)[:1].upper()}{str(fault)[1:]}."
    if not found:
        return "", "Indiquez le SIRET du sous-traitant."
    if found == own:
        return "", "C’est le SIRET de votre entreprise : indiquez celui du sous-traitant."
    return found, ""


def _too_little(amount: Decimal, figures: dict[str, Decimal]) -> str:
    least = figures.get(MoneyCode.DIRECT_PAYMENT)
    if least is None:
        return "Le seuil du paiement direct n’est pas connu à ce jour : décochez cette case."
    if amount < least:
        return (
            f"Le paiement direct commence à {money_text(least)} TTC : ce sous-traité s’arrête à"
            f" {money_text(amount)}. Décochez cette case, ou corrigez le montant."
        )
    return ""


def _kept(contract: Contract, upload: IO[bytes] | None) -> StoredFile | None:
    if upload is None:
        return None
    return files.store(
        attachments.clean_pdf(upload, field="file"),
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        tenant_id=None,
        reader_case_id=None,
        media_type=PDF,
        name="acte-de-sous-traitance.pdf",
    )


def _take_up(declared: Subcontract) -> None:
    """Let the contract's orders that name him, or named him before a refusal, point here."""
    by_name = Q(subcontract__isnull=True, name__iexact=declared.name)
    again = Q(subcontract__siret=declared.siret, subcontract__state__in=GIVEN_UP)
    rows = NamedSubcontractor.objects.filter(
        by_name | again,
        landlord_id=declared.landlord_id,
        order__contract_id=declared.contract_id,
    )
    keys = list(rows.values_list("pk", flat=True))
    own = {"landlord_id": declared.landlord_id, "pk__in": keys}
    NamedSubcontractor.objects.filter(**own).update(subcontract=declared)


def _to_answer(actor: Actor, pk: UUID) -> Subcontract:
    declared = _lock(pk)
    if actor.side is not Side.LANDLORD or not order_policies.manages_contracts(actor):
        text = "Seuls les responsables des marchés répondent à une déclaration."
        raise Refused(text, code="role")
    if declared.state != SubcontractState.DECLARED:
        raise Conflict("Cette déclaration n’attend plus de réponse.")
    return declared


def _lock(pk: UUID) -> Subcontract:
    found: Subcontract = Subcontract.objects.select_for_update(of=("self",)).get(pk=pk)
    return found


def _move(
    declared: Subcontract, state: SubcontractState, event: EventType, actor: Actor
) -> Subcontract:
    declared.state = state
    declared.answered_at = declared.answered_at or clock.now()
    declared.save(update_fields=["state", "answered_at", "ended_at", "note"])
    _record(event, declared, actor)
    return declared


def _record(event: EventType, declared: Subcontract, actor: Actor) -> None:
    subject = Subject(
        pk=declared.pk, landlord_id=declared.landlord_id, contractor_id=declared.contractor_id
    )
    record(event, actor=actor, subject=subject, subject_type="subcontract")
