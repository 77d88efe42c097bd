"""Writes of the document that settles a closed statement: the company's own act.

The statement is locked first, then what the document itself locks (contractors' services).
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from contractors import services as contractors
from contractors.models import Invoice
from contractors.services.moves import lock_invoice
from contractors.states import BILLS, GIVEN_UP, InvoiceKind
from evaluations import bonus_events as events
from evaluations import policies
from evaluations.bonus_documents import document_of
from evaluations.models import BonusDocument, BonusStatement
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.outbox import Subject, record
from nexxio.core.templatetags.ui import money_text
from orders.models import Contract

_MOST_NUMBER = 40


@transaction.atomic
def prepare_document(*, actor: Actor, statement_id: UUID) -> Invoice:
    """Prepare what settles a closed statement: an invoice of its bonus, a credit note of its malus.

    In the company's own series; it files it, or throws a credit note away, as any other. Raises
    Refused where there is nothing to settle or no invoice bears the credit note, Conflict while
    there is a document.
    """
    statement = _to_settle(actor, statement_id)
    contract = Contract.objects.get(pk=statement.contract_id)
    is_bonus = statement.total > 0
    word = "Bonus" if is_bonus else "Malus"
    label = (
        f"{word} du {statement.first:%d/%m/%Y} au {statement.last:%d/%m/%Y},"
        f" relevé {statement.reference}"
    )
    make = contractors.prepare_apart if is_bonus else contractors.propose_credit
    invoice = make(actor=actor, contract=contract, label=label, amount=abs(statement.total))
    _keep(actor, statement, invoice)
    return invoice


@transaction.atomic
def note_document(*, actor: Actor, statement_id: UUID, number: str) -> BonusDocument:
    """Note the company's filed credit note or invoice that settles a closed statement.

    It has to be one of the two houses, of the right kind, of the sum to the cent, and no older than
    the statement. Locks statement and document, so that one settles one statement only. Raises
    Refused where there is nothing to settle, Conflict while there is a document, Invalid otherwise.
    """
    statement = _to_settle(actor, statement_id)
    typed = "".join(number.split())[:_MOST_NUMBER]
    if not typed:
        raise Invalid({"number": ["Indiquez le numéro de l’avoir ou de la facture."]})
    kinds = BILLS if statement.total > 0 else (InvoiceKind.CREDIT_NOTE,)
    found = (
        Invoice.objects.filter(
            landlord_id=statement.landlord_id,
            contractor_id=statement.contractor_id,
            number=typed,
            kind__in=kinds,
            filed_at__isnull=False,
            issued_on__gte=clock.day_of(statement.made_at),
        )
        .exclude(state__in=GIVEN_UP)
        .first()
    )
    if found is None:
        what = "facture déposée" if statement.total > 0 else "avoir déposé"
        text = f"Aucun document de ce numéro ({what}) entre vous depuis ce relevé."
        raise Invalid({"number": [text]})
    found = lock_invoice(found.pk)
    if found.total_without_vat != abs(statement.total):
        text = (
            f"Ce document est de {money_text(found.total_without_vat)} HT, le relevé de"
            f" {money_text(abs(statement.total))} HT."
        )
        raise Invalid({"number": [text]})
    if BonusDocument.objects.filter(landlord_id=statement.landlord_id, invoice=found).exists():
        raise Invalid({"number": ["Ce document solde déjà un autre relevé."]})
    return _keep(actor, statement, found)


# --- inside -----------------------------------------------------------------------------------


def _to_settle(actor: Actor, statement_id: UUID) -> BonusStatement:
    statement: BonusStatement = BonusStatement.objects.select_for_update(of=("self",)).get(
        pk=statement_id
    )
    if not policies.may_note_document(actor, statement):
        raise Refused("Il n’y a rien à solder sur ce relevé pour l’instant.", code="state")
    document = document_of(statement)
    if document is not None:
        raise Conflict(f"Le document de ce relevé est déjà là : {document.number}.")
    return statement


def _keep(actor: Actor, statement: BonusStatement, invoice: Invoice) -> BonusDocument:
    assert actor.user_id is not None
    document = BonusDocument(
        landlord_id=statement.landlord_id,
        contractor_id=statement.contractor_id,
        statement=statement,
        invoice=invoice,
        number=invoice.number,
        noted_at=clock.now(),
        noted_by_id=actor.user_id,
    )
    with explained():
        document.save(force_insert=True)
    subject = Subject(
        pk=statement.pk,
        landlord_id=statement.landlord_id,
        contractor_id=statement.contractor_id,
    )
    event = events.DocumentNoted(reference=statement.reference)
    record(event, actor=actor, subject=subject, subject_type="bonus_statement")
    return document
