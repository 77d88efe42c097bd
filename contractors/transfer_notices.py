"""Who is told of a ceded claim or an opposition: the company's desk, the landlord's accounts."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors.models import PaymentTransfer
from contractors.ringing import accounts_of, desk_of, rings
from contractors.transfers import TransferKind
from nexxio.core.actors import Side
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, notices

_SAID = {
    "transfer.noted": "{what} au profit de {beneficiary}, à vérifier",
    "transfer.checked": "{what} au profit de {beneficiary}, en vigueur",
    "transfer.refused": "{what} au profit de {beneficiary}, acte écarté",
    "transfer.lift_asked": "{what} au profit de {beneficiary}, mainlevée à vérifier",
    "transfer.kept": "{what} au profit de {beneficiary}, acte maintenu",
    "transfer.ended": "{what} au profit de {beneficiary}, acte levé",
}


@notices(
    "transfer_company",
    on=_SAID,
    channels=["bell"],
    label=_("Cession ou opposition sur vos factures"),
    sides=[Side.CONTRACTOR],
    always=True,
)
def tell_company(event: Event) -> Iterator[Notice]:
    """Ring the company's desk: who signed nothing must hear of it at once."""
    row = _row(event)
    url = reverse("contractors:contractor_bank", args=[row.contractor.slug])
    title = f"{row.landlord.name} · {_title(event, row)}"
    yield from rings(event, row.contractor, desk_of(row.contractor), title, url)


@notices(
    "transfer_landlord",
    on=_SAID,
    channels=["bell"],
    label=_("Cession ou opposition chez une entreprise"),
    sides=[Side.LANDLORD],
    always=True,
)
def tell_accounts(event: Event) -> Iterator[Notice]:
    """Ring the landlord's accounts: one of them calls the beneficiary back."""
    row = _row(event)
    url = reverse("contractors:landlord_company_bank", args=[row.landlord.slug, row.contractor_id])
    title = f"{row.contractor.name} · {_title(event, row)}"
    yield from rings(event, row.landlord, accounts_of(row.landlord), title, url)


def _row(event: Event) -> PaymentTransfer:
    row: PaymentTransfer = PaymentTransfer.objects.select_related("landlord", "contractor").get(
        pk=event.subject_id
    )
    return row


def _title(event: Event, row: PaymentTransfer) -> str:
    what = str(TransferKind(row.kind).label)
    return _SAID[event.kind].format(what=what, beneficiary=row.beneficiary)
