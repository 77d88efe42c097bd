"""Compliance papers and bank details for tests."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf

from contractors import services
from contractors.models import BankCheck, PaperDemand, PaperShare, PaymentTransfer
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from tests.factories.acting import act
from tests.factories.world import Party

IBAN, OTHER_IBAN, THIRD_IBAN = (
    "FR7630006000011234567890189",
    "FR1420041010050500013M02606",
    "DE89370400440532013000",
)


def pdf_bytes() -> io.BytesIO:
    """Return a small real PDF."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    out.seek(0)
    return out


def demanded(party: Party, *codes: str, **changes) -> PaperDemand:
    """Let the landlord ask its companies for papers, from today on."""
    said = {"is_on": True, "counts_from": clock.today(), "notice_days": 15, **changes}
    wanted = codes or ("vigilance",)
    return act(party, "manager", services.save_paper_demand, codes=wanted, **said)


def papered(party: Party, *, code: str = "vigilance", days: int = 100) -> PaperShare:
    """Let the company send a paper that holds so many more days; return its landlord's copy."""
    today = clock.today()
    paper = act(
        party,
        "desk",
        services.send_paper,
        code=code,
        issued_on=today - timedelta(days=30),
        expires_on=today + timedelta(days=days),
        upload=pdf_bytes(),
    )
    with system_scope("tests: papers"):
        return PaperShare.objects.select_related("paper", "file").get(
            landlord=party.landlord, paper=paper
        )


def ceded(party: Party, *, who: str = "manager", **changes) -> PaymentTransfer:
    """Let the landlord note that the company has ceded its claims to a factor."""
    said = {
        "kind": "factoring",
        "beneficiary": "Factor du Nord",
        "reference": "AF-2026-118",
        "notified_on": clock.today(),
        "iban": OTHER_IBAN,
        **changes,
    }
    return act(
        party,
        who,
        services.note_transfer,
        contractor_id=party.contractor.pk,
        said=services.Notified(**said),
    )


def called(party: Party, account_id, **changes) -> BankCheck:
    """Let the landlord's manager call the company back at the number of its file."""
    said = {
        "called_name": f"Comptable de {party.contractor.name}",
        "called_phone": party.contractor.phone,
        "number_from": "",
        "called_on": clock.today(),
    }
    call = services.CallBack(**{**said, **changes})
    return act(party, "manager", services.check_account, account_id=account_id, call=call)


def banked(party: Party, iban: str = IBAN) -> BankCheck:
    """Let the company, alone at its desk, say where it is paid, and the landlord call it back."""
    account = act(
        party, "desk", services.propose_account, owner=party.contractor.name, iban=iban, bic=""
    )
    return called(party, account.pk)


def in_force_now(check: BankCheck) -> BankCheck:
    """Let a hold be over."""
    with system_scope("tests: a hold that is over"):
        BankCheck.objects.filter(pk=check.pk).update(from_at=clock.now() - timedelta(minutes=1))
        return BankCheck.objects.select_related("account").get(pk=check.pk)
