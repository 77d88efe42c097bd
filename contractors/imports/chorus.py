"""The kinds of import that note filings from a list of Chorus Pro: a landlord's, a company's own.

Number and SIRET find the invoice, prepared by its company or sent in as a file; of a company's own
the number alone does. What is noted already isn't changed: the day of receipt starts the delay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contractors import policies, services
from contractors.imports.by_number import NUMBER, SIRET, ByNumber, ToldKind, companies_of
from contractors.models import Invoice, ReceivedInvoice
from contractors.received_states import ReceivedState
from contractors.states import INVOICE, InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import fault_of, note
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow, Organisation
from nexxio.core.scoping import system_scope

NAME = "chorus"
UNKNOWN = "aucune facture de cette entreprise n’attend ce dépôt"
NOTHING_WAITS = "aucune de vos factures n’a ce numéro"
_SAID = (
    Field(
        "chorus_number",
        _("Numéro Chorus Pro"),
        cells.text(40),
        required=True,
        synonyms=("chorus", "n° chorus", "n° chorus pro", "identifiant chorus", "numéro chorus"),
    ),
    Field(
        "filed_on",
        _("Date de dépôt"),
        cells.day,
        required=True,
        synonyms=("déposée le", "date dépôt", "date", "date de mise à disposition"),
        help=_("Le délai de paiement part de ce jour."),
    ),
)


_KEPT = "un dépôt noté ne se reprend pas : le délai de paiement court"


class ChorusKind(ToldKind):
    """Filings that a public landlord reads in Chorus Pro."""

    name = NAME
    slug = "depots-chorus"
    title = _("Dépôts Chorus Pro")
    about = _("Numéros et dates de dépôt lus dans Chorus Pro : le délai de paiement en part.")
    icon = "upload"
    rank = 61
    fields = (NUMBER, SIRET, *_SAID)
    kept_because = _KEPT

    def session(self, actor: Actor, options: Mapping[str, bool]) -> ChorusSession:
        """Begin one reading."""
        return ChorusSession(actor)


class OwnChorusKind(ToldKind):
    """Filings that a company reads in its own Chorus Pro."""

    name = "chorus-company"
    slug = "mes-depots-chorus"
    title = _("Mes dépôts Chorus Pro")
    about = _(
        "Numéros et dates que Chorus Pro a donnés : vos factures « À déposer » sont déposées."
    )
    icon = "upload"
    rank = 61
    fields = (NUMBER, *_SAID)
    kept_because = _KEPT

    def session(self, actor: Actor, options: Mapping[str, bool]) -> OwnChorusSession:
        """Begin one reading."""
        return OwnChorusSession(actor)


class _Filings(ByNumber):
    """One reading of one file. Chorus Pro gives a number once: to nothing else here, nor there."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._given: dict[tuple[UUID, str], str] = {}

    def _taken(self, rows: Sequence[Row]) -> set[tuple[UUID, str]]:
        """Return which numbers of Chorus Pro an invoice has already, by landlord. As the system:
        it may be an invoice that the reader doesn't see.
        """
        numbers = {row.get("chorus_number") for row in rows}
        with system_scope("imports: numbers of Chorus Pro"):
            found = Invoice.objects.filter(chorus_number__in=numbers)
            return set(found.values_list("landlord_id", "chorus_number"))

    def _is_taken(
        self, row: Row, landlord_id: UUID, taken: Collection[tuple[UUID, str]]
    ) -> Fault | None:
        this, key = (landlord_id, row.get("chorus_number")), self.label(row)[0]
        if this in taken or self._given.setdefault(this, key) != key:
            return fault_of(row, "chorus_number", "une autre facture a ce numéro de Chorus Pro")
        return None


class ChorusSession(_Filings):
    """One reading of a landlord's file."""

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor)
        landlord = Organisation.objects.get(pk=actor.own_id)
        self._by_chorus = policies.goes_by_chorus(landlord)

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against the landlord's companies: five queries for all of them.

        As the system: an invoice that its company hasn't filed is not its landlord's to see; only
        what the list names, with the company's own SIRET, is looked for.
        """
        rows = [thing[0] for thing in things]
        numbers = {row.get("number") for row in rows}
        own = {"landlord_id": self._actor.own_id, "number__in": numbers}
        with system_scope("imports: invoices filed with Chorus Pro"):
            companies = companies_of(self._actor.own_id)
            invoices = {
                (invoice.contractor_id, invoice.number): invoice
                for invoice in Invoice.objects.filter(**own).exclude(state=InvoiceState.REJECTED)
            }
            files = {
                (received.contractor_id, received.number): received
                for received in ReceivedInvoice.objects.filter(
                    **own, state=ReceivedState.WAITING
                ).select_related("landlord")
            }
        taken = self._taken(rows)
        return [self._verdict(row, companies, invoices, files, taken) for row in rows]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Note each filing through its service."""
        notes = []
        for verdict in verdicts:
            plan = verdict.plan
            said = {"chorus_number": plan["chorus_number"], "filed_on": plan["filed_on"]}
            found: Invoice | ReceivedInvoice
            if "received" in plan:
                found = services.note_received_chorus(
                    actor=self._actor, received_id=plan["received"], **said
                )
            else:
                with system_scope("imports: a filing with Chorus Pro"):
                    found = services.note_chorus_of(
                        landlord_id=self._actor.own_id, invoice_id=plan["invoice"], **said
                    )
            notes.append(note(verdict, found, after={"number": found.number}))
        return notes

    def _verdict(
        self,
        row: Row,
        companies: Mapping[str, UUID],
        invoices: Mapping[tuple[UUID | None, str], Invoice],
        files: Mapping[tuple[UUID | None, str], ReceivedInvoice],
        taken: Collection[tuple[UUID, str]],
    ) -> Verdict:
        key, title = self.label(row)
        company = companies.get(row.get("siret"))
        invoice, received = invoices.get((company, title)), files.get((company, title))
        fault = self._obstacle(row, invoice, received)
        if fault is None and (invoice is None or invoice.filed_at is None):
            fault = self._is_taken(row, self._actor.own_id, taken)
        plan = {"invoice": invoice.pk} if invoice else {"received": received and received.pk}
        return _verdict_of(row, key, title, invoice, fault, plan)

    def _obstacle(
        self, row: Row, invoice: Invoice | None, received: ReceivedInvoice | None
    ) -> Fault | None:
        filed_on: date = row.get("filed_on")
        known = invoice or received
        if not self._by_chorus:
            return fault_of(row, "number", "vos factures ne passent pas par Chorus Pro")
        if invoice is not None and invoice.filed_at is not None:
            return _other_filing(row, invoice)
        waits = invoice is not None and invoice.state == InvoiceState.TO_FILE
        waits = waits or (received is not None and policies.can_note_chorus(self._actor, received))
        if known is None or not waits:
            return fault_of(row, "number", UNKNOWN)
        return _wrong_day(row, filed_on, known.issued_on)


class OwnChorusSession(_Filings):
    """One reading of a company's own file. Its numbers are its own: one finds one invoice."""

    def label(self, row: Row) -> tuple[str, str]:
        """The number is both."""
        return row.get("number"), row.get("number")

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against the company's invoices: two queries for all of them."""
        rows = [thing[0] for thing in things]
        found = Invoice.objects.filter(
            contractor_id=self._actor.own_id, number__in={row.get("number") for row in rows}
        )
        known = {
            invoice.number: invoice
            for invoice in found.exclude(state=InvoiceState.REJECTED).select_related("landlord")
        }
        taken = self._taken(rows)
        return [self._verdict(row, known.get(row.get("number")), taken) for row in rows]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Note each filing through the service of one."""
        notes = []
        for verdict in verdicts:
            found = services.note_chorus(
                actor=self._actor,
                invoice_id=verdict.plan["invoice"],
                chorus_number=verdict.plan["chorus_number"],
                filed_on=verdict.plan["filed_on"],
            )
            notes.append(note(verdict, found, after={"number": found.number}))
        return notes

    def _verdict(
        self, row: Row, invoice: Invoice | None, taken: Collection[tuple[UUID, str]]
    ) -> Verdict:
        key, title = self.label(row)
        fault = _own_obstacle(self._actor, row, invoice)
        if fault is None and invoice is not None and invoice.filed_at is None:
            fault = self._is_taken(row, invoice.landlord_id, taken)
        return _verdict_of(row, key, title, invoice, fault, {"invoice": invoice and invoice.pk})


def _own_obstacle(actor: Actor, row: Row, invoice: Invoice | None) -> Fault | None:
    if invoice is None:
        return fault_of(row, "number", NOTHING_WAITS)
    if not policies.goes_by_chorus(invoice.landlord):
        name = invoice.landlord.name
        return fault_of(row, "number", f"{name} ne reçoit pas ses factures par Chorus Pro")
    if invoice.filed_at is not None:
        return _other_filing(row, invoice)
    if not policies.can_do("file", actor, invoice):
        label = INVOICE.label(invoice.state, Side.CONTRACTOR)
        return fault_of(row, "number", f"ne se dépose plus : « {label} »")
    return _wrong_day(row, row.get("filed_on"), invoice.issued_on)


def _verdict_of(
    row: Row,
    key: str,
    title: str,
    invoice: Invoice | None,
    fault: Fault | None,
    plan: dict[str, Any],
) -> Verdict:
    """Refuse a row for its fault; else it says what is noted already, or is to be noted."""
    if fault is not None:
        return refusal(row, fault, key=key, title=title)
    if invoice is not None and invoice.filed_at is not None:
        return Verdict(Outcome.UNCHANGED, row.line, key=key, title=title)
    verdict = Verdict(Outcome.CHANGED, row.line, key=key, title=title)
    verdict.changes = (f"Chorus Pro : – → {row.get('chorus_number')}",)
    verdict.plan = {**plan, **{name: row.get(name) for name in ("chorus_number", "filed_on")}}
    return verdict


def _other_filing(row: Row, invoice: Invoice) -> Fault | None:
    """Return what is wrong with a row about an invoice that was filed; None where it says that."""
    same = invoice.chorus_number == row.get("chorus_number")
    if same and invoice.received_on == row.get("filed_on"):
        return None
    return fault_of(row, "chorus_number", f"dépôt déjà noté : {invoice.chorus_number or '–'}")


def _wrong_day(row: Row, filed_on: date, issued_on: date | None) -> Fault | None:
    if filed_on > clock.today():
        return fault_of(row, "filed_on", "cette date n’est pas encore passée")
    if issued_on is not None and filed_on < issued_on:
        return fault_of(row, "filed_on", "la facture n’existait pas encore ce jour-là")
    return None


register_kind(ChorusKind())
register_kind(OwnChorusKind(), side=Side.CONTRACTOR)
