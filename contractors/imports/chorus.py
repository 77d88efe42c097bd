"""The kind of import that notes filings from a landlord's own list of Chorus Pro.

Number and SIRET find the invoice, prepared by its company or sent in as a file. What is noted
already isn't changed: the day of receipt starts the delay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contractors import policies, services
from contractors.imports.companies import companies_by_siret
from contractors.models import Invoice, ReceivedInvoice
from contractors.received_states import ReceivedState
from contractors.states import InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles, fault_of, note
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Undone, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow, Organisation
from nexxio.core.scoping import system_scope

NAME = "chorus"
UNKNOWN = "aucune facture de cette entreprise n’attend ce dépôt"
FIELDS = (
    Field(
        "number",
        _("Numéro de facture"),
        cells.text(40),
        required=True,
        synonyms=("facture", "n° facture", "n° de facture", "numéro", "numéro facture"),
    ),
    Field(
        "siret",
        _("SIRET de l’entreprise"),
        cells.siret,
        required=True,
        synonyms=("siret", "n° siret", "siret fournisseur", "identifiant fournisseur"),
    ),
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


class ChorusKind:
    """Filings that a public landlord reads in Chorus Pro."""

    name = NAME
    slug = "depots-chorus"
    title = _("Dépôts Chorus Pro")
    about = _("Numéros et dates de dépôt lus dans Chorus Pro : le délai de paiement en part.")
    icon = "upload"
    rank = 61
    roles = (Role.MANAGER, Role.CLERK)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> ChorusSession:
        """Begin one reading."""
        return ChorusSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take nothing back: the delay runs, and the companies have been told."""
        reason = "un dépôt noté ne se reprend pas : le délai de paiement court"
        return Undone(kept=[(row.after.get("number", row.key), reason) for row in rows])


class ChorusSession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        landlord = Organisation.objects.get(pk=actor.own_id)
        self._by_chorus = policies.goes_by_chorus(landlord)

    def label(self, row: Row) -> tuple[str, str]:
        """Return the key and the invoice's number."""
        number = row.get("number")
        return f"{row.get('siret')}/{number}", number

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against the landlord's companies: four queries for all of them.

        As the system: an invoice that its company hasn't filed is not its landlord's to see; only
        what the list names, with the company's own SIRET, is looked for.
        """
        rows = [thing[0] for thing in things]
        numbers = {row.get("number") for row in rows}
        own = {"landlord_id": self._actor.own_id, "number__in": numbers}
        with system_scope("imports: invoices filed with Chorus Pro"):
            companies = companies_by_siret(self._actor.own_id)
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
        return [self._verdict(row, companies, invoices, files) for row in rows]

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
    ) -> Verdict:
        key, title = self.label(row)
        company = companies.get(row.get("siret"))
        invoice, received = invoices.get((company, title)), files.get((company, title))
        fault = self._obstacle(row, invoice, received)
        if fault is not None:
            return refusal(row, fault, key=key, title=title)
        if invoice is not None and invoice.filed_at is not None:
            return Verdict(Outcome.UNCHANGED, row.line, key=key, title=title)
        verdict = Verdict(Outcome.CHANGED, row.line, key=key, title=title)
        verdict.changes = (f"Chorus Pro : – → {row.get('chorus_number')}",)
        verdict.plan = {name: row.get(name) for name in ("chorus_number", "filed_on")}
        if invoice is not None:
            verdict.plan["invoice"] = invoice.pk
        else:
            assert received is not None
            verdict.plan["received"] = received.pk
        return verdict

    def _obstacle(
        self, row: Row, invoice: Invoice | None, received: ReceivedInvoice | None
    ) -> Fault | None:
        filed_on: date = row.get("filed_on")
        known = invoice or received
        if not self._by_chorus:
            return fault_of(row, "number", "vos factures ne passent pas par Chorus Pro")
        if invoice is not None and invoice.filed_at is not None:
            same = invoice.chorus_number == row.get("chorus_number")
            if same and invoice.received_on == filed_on:
                return None
            words = f"dépôt déjà noté : {invoice.chorus_number or '–'}"
            return fault_of(row, "chorus_number", words)
        waits = invoice is not None and invoice.state == InvoiceState.TO_FILE
        waits = waits or (received is not None and policies.can_note_chorus(self._actor, received))
        if known is None or not waits:
            return fault_of(row, "number", UNKNOWN)
        return _wrong_day(row, filed_on, known.issued_on)


def _wrong_day(row: Row, filed_on: date, issued_on: date | None) -> Fault | None:
    if filed_on > clock.today():
        return fault_of(row, "filed_on", "cette date n’est pas encore passée")
    if issued_on is not None and filed_on < issued_on:
        return fault_of(row, "filed_on", "la facture n’existait pas encore ce jour-là")
    return None


register_kind(ChorusKind())
