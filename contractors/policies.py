"""Pure predicates: who may do what to an invoice or a block, and what stands in the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from contractors.blocking import OWN_ACTS
from contractors.causes import CauseRule, Holder
from contractors.final_states import FINAL, FinalState
from contractors.models import (
    Block,
    BlockHow,
    BlockSide,
    ClaimLetter,
    ClaimState,
    FinalAccount,
    Invoice,
    InvoiceFile,
    InvoiceFileState,
    ProofFile,
    ProofState,
    ReceivedInvoice,
)
from contractors.received_states import ReceivedState
from contractors.states import (
    CLEARED,
    CREDITABLE,
    GRANTED,
    INVOICE,
    OF_CREDIT_NOTES,
    ONLY_OF_CREDIT_NOTES,
    OVER,
    SAID_PAID,
    UNFILED,
    InvoiceKind,
    InvoiceState,
)
from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Department, LegalForm, Organisation
from orders import policies as order_policies
from orders.models import Order, SealState
from orders.states import FINISHED, OrderState

CENT = Decimal("0.01")
VAT_GAP = CENT * 5
"""VAT is rounded once on each document: by so much an invoice and its credit notes may differ."""
NAMED_WHILE = (
    *(OrderState.ACCEPTED, OrderState.PARTLY_DONE, OrderState.DONE),
    *(OrderState.CERTIFIED_WITH_RESERVES, OrderState.CERTIFIED),
)
"""States of an order on which its company may say who comes."""
FILE_LIFE = timedelta(minutes=10)
"""For so long a worker may take to make a file; later it may be asked for again."""


def desk(actor: Actor) -> bool:
    """Tell whether the actor works at a desk of one of the two organisations, not on paper."""
    return any(order_policies.desk(actor, side) for side in (Side.LANDLORD, Side.CONTRACTOR))


def reads(actor: Actor) -> bool:
    """Tell whether the actor reads invoices: no technician, no tenant, nobody on paper."""
    if actor.side is Side.CONTRACTOR:
        return actor.link_id is None and actor.roles != {Role.TECHNICIAN}
    return actor.side is Side.LANDLORD


def goes_by_chorus(landlord: Organisation) -> bool:
    """Tell whether invoices to this landlord go through Chorus Pro, which excludes other ways."""
    return landlord.legal_form == LegalForm.OPH


def manages_billing(actor: Actor) -> bool:
    """Tell whether the actor may say who his organisation is on invoices."""
    return desk(actor) and actor.has(Role.MANAGER)


def asks_for_file(actor: Actor, invoice: Invoice) -> bool:
    """Tell whether the actor may ask for the file of an invoice that was handed over."""
    unsent = (InvoiceState.PREPARED, InvoiceState.DISCARDED)
    handed_over = invoice.state not in unsent and not invoice.came_as_file
    return actor.side is Side.CONTRACTOR and desk(actor) and handed_over


def claims(actor: Actor) -> bool:
    """Tell whether the actor prepares and reads the claim letters of his company."""
    return actor.side is Side.CONTRACTOR and desk(actor)


def keeps_papers(actor: Actor) -> bool:
    """Tell whether the actor sends in the compliance papers of his company."""
    return actor.side is Side.CONTRACTOR and desk(actor)


def answers_papers(actor: Actor) -> bool:
    """Tell whether the actor accepts or refuses the papers of a landlord's companies."""
    return actor.side is Side.LANDLORD and desk(actor)


def manages_papers(actor: Actor) -> bool:
    """Tell whether the actor says which papers his landlord asks for."""
    return answers_papers(actor) and actor.has(Role.MANAGER)


def declares(actor: Actor) -> bool:
    """Tell whether the actor declares the subcontractors of his company."""
    return actor.side is Side.CONTRACTOR and desk(actor)


def names_subcontractors(actor: Actor, order: Order) -> bool:
    """Tell whether the actor says who comes to an order in his company's place."""
    return declares(actor) and order.state in NAMED_WHILE


def sets_shares(actor: Actor, invoice: Invoice) -> bool:
    """Tell whether the actor may say what of an invoice is a subcontractor's: until it is paid."""
    return declares(actor) and not invoice.is_credit and invoice.state not in OVER


def proposes_bank(actor: Actor) -> bool:
    """Tell whether the actor may say where his company wants to be paid."""
    return actor.side is Side.CONTRACTOR and manages_billing(actor)


def pays(actor: Actor) -> bool:
    """Tell whether the actor pays for his landlord: its accounts, and whoever manages it."""
    is_accounts = actor.department == Department.COMPTABILITE or actor.has(Role.MANAGER)
    return actor.side is Side.LANDLORD and desk(actor) and is_accounts


def releases(actor: Actor) -> bool:
    """Tell whether the actor releases retentions and notes refunds: his landlord's desk."""
    return actor.side is Side.LANDLORD and desk(actor)


def sees_iban(actor: Actor) -> bool:
    """Tell whether the actor may look at full bank numbers: who pays, and the company's manager."""
    return pays(actor) or proposes_bank(actor)


def claim_waits(letter: ClaimLetter) -> bool:
    """Tell whether a worker still makes a letter; False once it is there, failed or was lost."""
    is_fresh = letter.asked_at >= clock.now() - FILE_LIFE
    return letter.state == ClaimState.PREPARING and is_fresh


def proof_waits(proof: ProofFile) -> bool:
    """Tell whether a worker still makes a proof file; False once it is there, failed or lost."""
    return proof.state == ProofState.PREPARING and proof.asked_at >= clock.now() - FILE_LIFE


def file_waits(file: InvoiceFile) -> bool:
    """Tell whether nobody makes the file: it lacks something, failed, or a worker was lost."""
    if file.state != InvoiceFileState.PREPARING:
        return file.state != InvoiceFileState.READY
    return file.asked_at is None or file.asked_at < clock.now() - FILE_LIFE


def waits_for_chorus(received: ReceivedInvoice) -> bool:
    """Tell whether a landlord sent in what its company has to file with Chorus Pro itself."""
    by_chorus = received.side == Side.LANDLORD and goes_by_chorus(received.landlord)
    return by_chorus and not received.chorus_number


def can_note_chorus(actor: Actor, received: ReceivedInvoice) -> bool:
    """Tell whether the actor's desk says what Chorus Pro gave to a file that waits for it."""
    waits = received.state == ReceivedState.WAITING and received.order_id is not None
    mine = actor.side is Side.LANDLORD and desk(actor)
    return mine and waits and waits_for_chorus(received) and not received.is_credit


def can_invite(actor: Actor, received: ReceivedInvoice) -> bool:
    """Tell whether the actor's desk may ask the company to file with Chorus Pro; once."""
    waits = received.state == ReceivedState.WAITING and received.invited_at is None
    mine = actor.side is Side.LANDLORD and desk(actor)
    return mine and waits and waits_for_chorus(received)


def can_do(name: str, actor: Actor, invoice: Invoice) -> bool:
    """Tell whether the table lets the actor's desk do `name` now; amounts are obstacles apart."""
    permitted = INVOICE.permits(name=name, state=invoice.state, side=actor.side)
    refusal = why_not_of_kind(name, invoice) or why_not_now(name, invoice)
    return desk(actor) and permitted and refusal is None


def why_not_of_kind(name: str, invoice: Invoice) -> Refused | None:
    """Return why an invoice of this kind can't do `name`: nobody judges or pays a credit note."""
    if not invoice.is_credit and name in ONLY_OF_CREDIT_NOTES:
        return Refused("Seul un avoir peut l’être.", code="kind")
    if not invoice.is_credit or name in OF_CREDIT_NOTES:
        return None
    return Refused("C’est un avoir : il est déduit de sa facture, sans autre geste.", code="kind")


def has_rest(invoice: Invoice) -> bool:
    """Tell whether a part was admitted and the rest is still between the two sides."""
    return invoice.admitted is not None and invoice.contested > VAT_GAP


def why_not_now(name: str, invoice: Invoice) -> Refused | None:
    """Return why what was admitted forbids `name`, beside the state's table.

    What is paid is judged again only for a contested rest; what is admitted in part stays owed.
    """
    judges_rest = name in {"approve", "dispute"} and invoice.state in SAID_PAID
    if judges_rest or (name == "dispute" and invoice.state == InvoiceState.PARTLY_APPROVED):
        if has_rest(invoice):
            return None
        return Refused("Rien n’est plus contesté sur cette facture.", code="state")
    if name in {"suspend", "refuse"} and invoice.admitted is not None:
        text = "Une partie de cette facture est admise, et reste due : contestez le reste."
        return Refused(text, code="state")
    return None


def can_pay(actor: Actor, invoice: Invoice) -> bool:
    """Tell whether the actor's desk may say that something of it was paid: also of the admitted
    part while the rest is disputed.
    """
    disputed = invoice.state == InvoiceState.DISPUTED and invoice.admitted is not None
    mine = actor.side is Side.LANDLORD and desk(actor) and not invoice.is_credit
    return can_do("announce_payment", actor, invoice) or (mine and disputed)


def can_receive(actor: Actor, invoice: Invoice) -> bool:
    """Tell whether the actor's desk may say that money came, on the same terms."""
    disputed = invoice.state == InvoiceState.DISPUTED and invoice.admitted is not None
    mine = actor.side is Side.CONTRACTOR and desk(actor) and not invoice.is_credit
    return can_do("confirm_payment", actor, invoice) or (mine and disputed)


def notes_interest(actor: Actor, invoice: Invoice) -> bool:
    """Tell whether the actor's desk may note what late payment cost: either side, once granted."""
    granted = (*GRANTED, *SAID_PAID)
    return desk(actor) and not invoice.is_credit and invoice.state in granted


def is_in_progress(invoice: Invoice) -> bool:
    """Tell whether it is a situation of works that went on when it was handed over.

    No certificate is waited for: what its landlord approves of it is the agreement. It isn't read
    off dates: works are reopened, and Chorus Pro says a day without its hour.
    """
    return invoice.kind == InvoiceKind.SITUATION and invoice.in_progress


def can_credit(actor: Actor, invoice: Invoice) -> bool:
    """Tell whether the actor's desk may take back an invoice, or a part of it."""
    mine = actor.side is Side.CONTRACTOR and desk(actor)
    return mine and not invoice.is_credit and invoice.state in CREDITABLE and invoice.net > 0


def can_final(name: str, actor: Actor, account: FinalAccount) -> bool:
    """Tell whether the table lets the actor's desk do `name` to a final account now."""
    return desk(actor) and FINAL.permits(name=name, state=account.state, side=actor.side)


def can_ask_final_seal(actor: Actor, account: FinalAccount) -> bool:
    """The landlord's desk asks for the PDF of an agreed account that has none."""
    missing = account.seal in (SealState.NONE, SealState.FAILED)
    is_agreed = account.state == FinalState.AGREED
    return actor.side is Side.LANDLORD and desk(actor) and is_agreed and missing


def desk_only(actor: Actor, _row: Invoice | FinalAccount) -> Refused | None:
    """Policy of acts at a desk."""
    if desk(actor) or actor.side is Side.SYSTEM:
        return None
    return Refused("Votre rôle ne le permet pas.", code="role")


def why_not_prepare(
    actor: Actor,
    order: Order,
    *,
    total: Decimal,
    invoiced: str,
    varied: bool,
    contested: bool,
) -> Refused | None:
    """Return why an order can't be invoiced now; None when it can.

    invoiced: the number of its live invoice, or "". varied: extra works wait for an answer.
    contested: the tenant says that it isn't fixed, and the landlord hasn't checked.
    """
    reasons = (
        (
            actor.side is not Side.CONTRACTOR or not desk(actor),
            "role",
            "Seul le bureau de l’entreprise prépare une facture.",
        ),
        (bool(invoiced), "invoiced", f"Cette commande est déjà facturée : {invoiced}."),
        (
            varied,
            "variation",
            "Un devis complémentaire ou une régularisation attend une réponse : le montant de la"
            " facture en dépend.",
        ),
        (
            order.state not in FINISHED,
            "unfinished",
            "Les travaux ne sont pas déclarés terminés.",
        ),
        (
            contested,
            "contested",
            "Le locataire a signalé que ce n’est pas réglé : le bailleur vérifie d’abord.",
        ),
        (total <= 0, "nothing", "Cette commande n’a aucune ligne de prix à facturer."),
    )
    return next((Refused(text, code=code) for holds, code, text in reasons if holds), None)


def share_without_vat(invoice: Invoice, with_vat: Decimal) -> Decimal:
    """Return what a part of the total comes to excluding VAT, at the invoice's own proportion."""
    if not invoice.total_with_vat:
        return Decimal(0)
    share = with_vat * invoice.total_without_vat / invoice.total_with_vat
    return share.quantize(CENT, ROUND_HALF_UP)


def over_limit(actor: Actor, invoice: Invoice, with_vat: Decimal) -> Refused | None:
    """Return why the actor can't approve so much; None when his limit covers it."""
    if order_policies.within_limit(actor, share_without_vat(invoice, with_vat)):
        return None
    return Refused(
        "Ce montant dépasse votre limite : un collègue dont la limite le couvre peut approuver.",
        code="limit",
    )


def is_open(invoice: Invoice) -> bool:
    """Tell whether blocks still matter to an invoice: not to one that has nothing contested.

    What was admitted in part may be paid: its rest stays blocked until it is granted or credited.
    """
    if invoice.state in SAID_PAID:
        return not invoice.is_credit and has_rest(invoice)
    if invoice.is_credit or invoice.state in CLEARED:
        return False
    return invoice.admitted is None or invoice.contested > 0


def can_reroute(actor: Actor, invoice: Invoice) -> bool:
    """Tell whether the actor's desk may give an invoice to another service of its landlord."""
    mine = actor.side is Side.LANDLORD and desk(actor)
    is_there = invoice.filed_at is not None and invoice.state not in OVER
    return mine and is_there and not invoice.is_credit


def can_open_block(actor: Actor, invoice: Invoice) -> bool:
    """Both desks may say what holds an invoice that has been filed and isn't settled."""
    return desk(actor) and is_open(invoice) and invoice.state not in UNFILED


def why_not_close(actor: Actor, block: Block) -> Refused | None:
    """Return why the actor can't lift a block by hand; None when he can.

    What a fact opened ends by the fact; the landlord may waive what it asks for itself.
    """
    if not desk(actor):
        return Refused("Votre rôle ne le permet pas.", code="role")
    if block.closed_at is not None:
        return Refused("Ce blocage est déjà levé.", code="closed")
    if block.opened_how == BlockHow.FACT and block.cause in OWN_ACTS:
        return Refused(
            "Ce blocage se lève de lui-même, dès que le bailleur a fait le geste attendu.",
            code="fact",
        )
    if actor.side is Side.CONTRACTOR and block.opened_side != Side.CONTRACTOR:
        return Refused("Seul le bailleur peut lever ce blocage à la main.", code="side")
    return None


def can_take(actor: Actor, block: Block) -> bool:
    """Tell whether the actor may say that he sees to a block: one of his own service."""
    if actor.side is not Side.LANDLORD or not desk(actor):
        return False
    is_ours = block.closed_at is None and block.side == BlockSide.LANDLORD
    return is_ours and (not actor.department or actor.department == block.department)


def why_not_pass(actor: Actor, block: Block, rule: CauseRule | None) -> Refused | None:
    """Return why the actor can't give a block to another desk; None when he can.

    rule: of its cause. Only what is to be judged moves: who holds the rest is a matter of fact.
    """
    if not desk(actor):
        return Refused("Votre rôle ne le permet pas.", code="role")
    if block.closed_at is not None or block.invoice_id is None:
        return Refused("Ce blocage ne retient plus de facture.", code="closed")
    if rule is None or rule.holder != Holder.TO_JUDGE:
        return Refused("Seul un point à trancher se passe à quelqu’un d’autre.", code="cause")
    if block.side != actor.side:
        return Refused("Seul celui qui tient ce blocage peut le passer.", code="side")
    return None


def can_complete(actor: Actor, received: ReceivedInvoice) -> bool:
    """Tell whether the actor's desk sent a plain PDF whose figures are to be typed."""
    waits = received.state == ReceivedState.TO_COMPLETE
    return waits and desk(actor) and received.side == actor.side


def can_confirm(actor: Actor, received: ReceivedInvoice) -> bool:
    """Tell whether the actor's desk is asked before its own file becomes an invoice."""
    waits = received.state == ReceivedState.TO_CONFIRM
    return waits and desk(actor) and received.side == actor.side


def why_not_put_away(actor: Actor, received: ReceivedInvoice) -> Refused | None:
    """Return why the actor can't put a file away; None when he can."""
    open_states = (ReceivedState.TO_COMPLETE, ReceivedState.WAITING, ReceivedState.TO_CONFIRM)
    if received.state not in open_states:
        return Conflict("Cette facture n’attend plus : elle ne peut pas être écartée.")
    unread = received.state == ReceivedState.TO_COMPLETE
    if not desk(actor) or (unread and received.side != actor.side):
        return Refused("Votre rôle ne le permet pas.", code="role")
    # What the landlord has received isn't the contractor's to withdraw by itself.
    if actor.side is Side.CONTRACTOR and received.side == Side.LANDLORD:
        return Refused("Seul le bailleur écarte une facture qu’il a déposée.", code="side")
    return None


def file_is_served(received: ReceivedInvoice) -> bool:
    """Tell whether a file may be fetched: not while it is unread, and not when reading it failed.

    What was refused for what it says is kept as evidence and fetched; what is unsafe only kept.
    """
    return bool(received.verdict) and received.verdict != "refused"
