"""What becomes of a file that is a message of the life cycle: the invoice that it names keeps it.

Runs in a worker, as the system; the pair of organisations and the file are locked by the caller. It
moves no state, since what a code means is done by the acts of the side whose it is; but a technical
rejection by a platform (213) is nobody's act: the invoice is rejected, to be mended and sent again.
Only the company may bring one: in a landlord's hand it would refuse an invoice past the legality
guard.
"""

from __future__ import annotations

from contractors import received_events
from contractors.einvoices import ReadLifecycle
from contractors.incoming import Problem
from contractors.models import Invoice, ReceivedInvoice
from contractors.received_states import ReceivedState
from contractors.services.answers import note_code, reject
from contractors.services.comparing import sirens_of
from contractors.services.received_rows import refuse, share
from contractors.states import CODE_OF, INVOICE, InvoiceState
from nexxio.core.actors import Actor, Side
from nexxio.core.outbox import record

MESSAGE = "CDAR"
"""The profile of a file that is a message."""
REJECTED = CODE_OF[InvoiceState.REJECTED]
NOT_YOURS = (
    "Le rejet d’une plateforme (statut 213) est déposé par l’entreprise qui a envoyé la facture. Si"
    " vous n’en voulez pas, ouvrez la facture et choisissez « Refuser »."
)


def note_lifecycle(received: ReceivedInvoice, read: ReadLifecycle, actor: Actor) -> ReceivedInvoice:
    """Keep the code of a message on the invoice of these two parties that it names.

    Refused, and kept as evidence, where there is none such, when the same file came before, and for
    a platform's rejection that the landlord sends.
    """
    received.verdict, received.profile = "valid", MESSAGE
    received.number, received.issued_on = read.number[:40], read.issued_on
    saved = ["verdict", "profile", "number", "issued_on"]
    twin = ReceivedInvoice.objects.filter(
        landlord_id=received.landlord_id,
        contractor_id=received.contractor_id,
        sha256=received.sha256,
        state=ReceivedState.NOTED,
    ).exclude(pk=received.pk)
    if twin.exists():
        problem = Problem("NX-SAME-FILE", "Ce message de statut a déjà été pris en compte.")
        return refuse(received, problem, actor, saved=saved)
    invoice = _invoice(received, read)
    if invoice is None:
        text = f"Ce message de statut est d’une facture que nous n’avons pas : {read.number[:40]}."
        return refuse(received, Problem("NX-STATUS", text), actor, saved=saved)
    if read.code == REJECTED and received.side == Side.LANDLORD:
        return refuse(received, Problem("NX-REJECTION", NOT_YOURS), actor, saved=saved)
    received.state, received.problems = ReceivedState.NOTED, []
    received.order = invoice.order
    received.note = " ".join(part for part in (read.code, read.reason, read.words) if part)[:500]
    received.save(update_fields=[*saved, "state", "problems", "order", "note"])
    share(received)
    event = received_events.ReceivedNoted(number=invoice.number, code=read.code[:20])
    record(event, actor=actor, subject=received, subject_type="received")
    if invoice.platform_code != read.code[:20]:
        note_code(actor=actor, invoice_id=invoice.pk, code=read.code)
    if read.code == REJECTED and INVOICE.permits(
        name="reject", state=invoice.state, side=actor.side
    ):
        said = f"{read.reason} {read.words}".strip() or "Rejet technique, sans motif indiqué"
        reject(actor=actor, invoice_id=invoice.pk, note=said)
    return received


def _invoice(received: ReceivedInvoice, read: ReadLifecycle) -> Invoice | None:
    """Return the one of that number, if date and seller are its own too."""
    rows = Invoice.objects.filter(
        landlord_id=received.landlord_id,
        contractor_id=received.contractor_id,
        number=read.number,
        filed_at__isnull=False,
    )
    found = rows.order_by("-filed_at", "-id").first()  # sent again, the newest counts
    if found is None or received.contractor is None:
        return None
    own = sirens_of(received.contractor)[received.contractor_id]
    if read.seller_siren and own and read.seller_siren not in own:
        return None
    return found if read.issued_on in (None, found.issued_on) else None
