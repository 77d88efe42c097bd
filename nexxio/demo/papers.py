"""Attestations and bank details of the demo world: one paper soon over, one change in its hold."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from contractors import services
from contractors.models import BankAccount
from contractors.papers import PaperCode
from nexxio.core import clock
from nexxio.core.actors import Actor, scope_of

IBANS = {
    "plomberie-lutece": "FR7630006000011234567890189",
    "electricite-menil": "FR1420041010050500013M02606",
}
"""Examples that banks publish; their keys are right, nobody is paid there."""

# Days ago on which it was sent, days that it still holds.
PAPERS = {
    "plomberie-lutece": {
        PaperCode.VIGILANCE: (170, 12),
        PaperCode.LIABILITY: (60, 300),
        PaperCode.FISCAL: (20, 160),
    },
    "electricite-menil": {PaperCode.VIGILANCE: (40, 140)},
}


def demand(actor: Actor, now: datetime) -> None:
    """Let a landlord ask for the usual papers, from three weeks on: nothing is held before."""
    with scope_of(actor):
        services.save_paper_demand(
            actor=actor,
            is_on=True,
            codes=[PaperCode.VIGILANCE, PaperCode.FISCAL, PaperCode.LIABILITY],
            counts_from=clock.day_of(now) + timedelta(days=21),
            notice_days=15,
        )


def send(actor: Actor, slug: str, now: datetime) -> None:
    """Let a company send its papers, on their days."""
    for code, (ago, left) in PAPERS[slug].items():
        with clock.moved_to(now - timedelta(days=ago)), scope_of(actor):
            services.send_paper(
                actor=actor,
                code=code,
                issued_on=clock.today(),
                expires_on=clock.today() + timedelta(days=ago + left),
                upload=_page(str(code.label)),
            )


def change_bank(
    first: Actor, second: Actor, slug: str, owner: str, now: datetime, *, days: int
) -> None:
    """Let two people of a company say where it is paid, so many days ago."""
    with clock.moved_to(now - timedelta(days=days)):
        with scope_of(first):
            account = services.propose_account(actor=first, owner=owner, iban=IBANS[slug])
        with scope_of(second):
            services.confirm_account(actor=second, account_id=account.pk)


def call_back(actor: Actor, company: str, now: datetime, *, days: int, phone: str) -> None:
    """Let a landlord call the company back the next day, at the number of its file."""
    with clock.moved_to(now - timedelta(days=days - 1)), scope_of(actor):
        account = BankAccount.objects.get(organisation__slug=company)
        call = services.CallBack(
            called_name="La gérance",
            called_phone=phone,
            number_from="",
            called_on=clock.today(),
        )
        services.check_account(actor=actor, account_id=account.pk, call=call)


def _page(title: str) -> io.BytesIO:
    image = Image.new("RGB", (900, 1270), "white")
    draw = ImageDraw.Draw(image)
    draw.text((80, 90), title, fill="black", font_size=30)
    draw.text((80, 160), "Document de démonstration", fill="dimgray", font_size=22)
    out = io.BytesIO()
    image.save(out, "PNG")
    out.seek(0)
    return out
