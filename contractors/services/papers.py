"""Writes of compliance papers by people: sent, answered, asked for."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import date
from typing import IO
from uuid import UUID

from django.db import transaction

from contractors import alert_days, paper_book, paper_events, policies
from contractors.models import Paper, PaperAsk, PaperDemand, PaperRule, PaperShare
from contractors.papers import PaperCode, Verdict, step_of
from contractors.services.moves import required
from nexxio.core import attachments, clock, files
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explain, explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Partnership, StoredFile
from nexxio.core.outbox import Entry, Subject, of_house, record, record_all

logger = logging.getLogger(__name__)

MOST_YEARS = 11
"""An end further away than that is a slip of the pen: insurances of works last ten years."""

explain(
    "one_paper_that_counts",
    "file",
    "Un collègue vient de déposer cette pièce : rechargez la page.",
)


@transaction.atomic
def save_paper_rule(*, actor: Actor, rule: PaperRule) -> None:
    """Save a rule that was filled in and checked. The administration's journal says who did."""
    rule.save()
    logger.info("paper rule %s saved by %s", rule.pk, actor.user_id)


def send_paper(
    *,
    actor: Actor,
    code: str,
    issued_on: date,
    expires_on: date | None,
    upload: IO[bytes],
) -> Paper:
    """Keep a paper of the actor's company, with a copy for each landlord that it works for.

    It replaces the one that counted, which is kept. expires_on: None for the usual length from its
    date. Raises Invalid for a file that is no PDF or image, an unknown kind, days that can't be,
    and one that is over already. Locks the former one.
    """
    if not policies.keeps_papers(actor):
        raise Refused("Seul le bureau de l’entreprise dépose ses attestations.", code="role")
    ends_on = _checked_days(code, issued_on, expires_on)
    (clean,) = attachments.clean_all([upload], field="file")
    name = f"{code}-{ends_on:%Y-%m-%d}.{clean.ending}"
    with transaction.atomic(), explained():
        former = Paper.objects.filter(
            organisation_id=actor.own_id, code=code, replaced_at__isnull=True
        ).select_for_update(of=("self",))
        for found in former:
            found.replaced_at = clock.now()
            found.save(update_fields=["replaced_at"])
        paper = Paper(
            organisation_id=actor.own_id,
            code=code,
            issued_on=issued_on,
            expires_on=ends_on,
            file=_copy(clean.data, actor.own_id, actor.own_id, clean.media_type, name),
            sent_by_id=actor.user_id,
            # What has passed already isn't told again: whoever sends it has just read it.
            reminded=step_of(ends_on, clock.today(), alert_days.load().of_papers()),
        )
        paper.save(force_insert=True)
        partners = Partnership.objects.filter(contractor_id=actor.own_id)
        for landlord_id in partners.values_list("landlord_id", flat=True):
            copy_for(paper, landlord_id, clean.data, clean.media_type, name)
        subject = of_house(pk=paper.pk, organisation_id=actor.own_id, side=Side.CONTRACTOR)
        event = paper_events.PaperUploaded(code=code, until=ends_on)
        record(event, actor=actor, subject=subject, subject_type="paper")
    return paper


@transaction.atomic
def accept_paper(*, actor: Actor, share_id: UUID) -> PaperShare:
    """Say that a landlord takes a paper that it has looked at. Locks its copy."""
    return _answer(actor, share_id, Verdict.ACCEPTED, "")


@transaction.atomic
def refuse_paper(*, actor: Actor, share_id: UUID, note: str) -> PaperShare:
    """Say that a landlord doesn't take a paper, with a reason that the company reads.

    From then on it counts as lacking for this landlord. Locks its copy.
    """
    return _answer(
        actor, share_id, Verdict.REFUSED, required(note, "Dites à l’entreprise ce qui ne va pas.")
    )


@transaction.atomic
def save_paper_demand(
    *, actor: Actor, is_on: bool, codes: Collection[str], counts_from: date, notice_days: int
) -> PaperDemand:
    """Say which papers a landlord asks of its companies, and from which day on they count.

    Whoever is asked for something new is told, and has until that day. Locks the landlord's row.
    Raises Refused for whoever doesn't manage, Invalid for nothing asked and a day that has passed.
    """
    if not policies.manages_papers(actor):
        raise Refused("Seuls les responsables règlent les attestations demandées.", code="role")
    own = {"landlord_id": actor.own_id}
    wanted = [code for code in PaperCode.values if code in codes]
    if is_on and not wanted:
        raise Invalid({"codes": ["Choisissez au moins une pièce, ou désactivez la demande."]})
    fresh = PaperDemand(**own, codes=[], counts_from=counts_from)
    PaperDemand.objects.bulk_create([fresh], ignore_conflicts=True)
    demand = PaperDemand.objects.select_for_update(of=("self",)).get(**own)
    asked_before = set(demand.codes) if demand.is_on else set()
    asks_more = is_on and not set(wanted) <= asked_before
    moved = demand.counts_from != counts_from or demand.pk == fresh.pk
    if is_on and (asks_more or moved) and counts_from < clock.today():
        raise Invalid(
            {"counts_from": ["Ce jour est passé : laissez aux entreprises le temps de répondre."]}
        )
    said = {
        "is_on": is_on,
        "codes": wanted,
        "counts_from": counts_from,
        "notice_days": notice_days,
    }
    if all(getattr(demand, name) == value for name, value in said.items()):
        return demand
    for name, value in said.items():
        setattr(demand, name, value)
    demand.save(update_fields=list(said))
    record(
        paper_events.PaperDemandChanged(codes=tuple(wanted) if is_on else ()),
        actor=actor,
        subject=Subject(pk=demand.pk, **own),
        subject_type="demand",
    )
    if is_on:
        _ask_all(actor, counts_from, is_new=asks_more or moved)
    return demand


# --- Parts of other services ------------------------------------------------------------------


def copy_for(
    paper: Paper, landlord_id: UUID, data: bytes, media_type: str, name: str
) -> PaperShare:
    """Give a landlord its own copy of a paper: files are never shared between landlords."""
    share = PaperShare(
        landlord_id=landlord_id,
        contractor_id=paper.organisation_id,
        paper=paper,
        file=_copy(data, landlord_id, paper.organisation_id, media_type, name),
    )
    share.save(force_insert=True)
    return share


def ask_companies(
    actor: Actor, landlord_id: UUID, contractor_ids: Iterable[UUID], counts_from: date
) -> None:
    """Note that a landlord asks companies for their papers, and tell them."""
    rows = [
        PaperAsk(landlord_id=landlord_id, contractor_id=pk, counts_from=counts_from)
        for pk in contractor_ids
    ]
    PaperAsk.objects.bulk_create(rows, ignore_conflicts=True)
    _tell(actor, rows)


# --- inside -----------------------------------------------------------------------------------


def _checked_days(code: str, issued_on: date, expires_on: date | None) -> date:
    """Return the last day of a paper; raises Invalid, all faults at once."""
    today = clock.today()
    rule = paper_book.rules_on(today).get(code)
    if rule is None:
        raise Invalid({"code": ["Choisissez une pièce."]})
    errors: dict[str, list[str]] = {}
    if issued_on > today:
        errors["issued_on"] = ["Cette date n’est pas encore venue."]
    ends_on = expires_on
    if ends_on is None and rule.months is None:
        errors["expires_on"] = ["Indiquez la fin de validité : elle est écrite sur le document."]
    elif ends_on is None and rule.months is not None:
        ends_on = clock.months_from(issued_on, rule.months)
    if ends_on is not None and ends_on < issued_on:
        errors["expires_on"] = ["La fin de validité précède la date du document."]
    elif ends_on is not None and ends_on < today:
        errors["expires_on"] = [
            f"Cette pièce est périmée depuis le {ends_on:%d/%m/%Y} : déposez la nouvelle."
        ]
    elif ends_on is not None and ends_on > clock.months_from(today, 12 * MOST_YEARS):
        errors["expires_on"] = ["Cette date est trop lointaine : vérifiez l’année."]
    if errors:
        raise Invalid(errors)
    assert ends_on is not None
    return ends_on


def _copy(
    data: bytes, owner_id: UUID, contractor_id: UUID, media_type: str, name: str
) -> StoredFile:
    return files.store(
        data,
        landlord_id=owner_id,
        contractor_id=contractor_id,
        tenant_id=None,
        reader_case_id=None,
        media_type=media_type,
        name=name,
    )


def _answer(actor: Actor, share_id: UUID, verdict: Verdict, note: str) -> PaperShare:
    if not policies.answers_papers(actor):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    share: PaperShare = (
        PaperShare.objects.select_related("paper", "answered_by")
        .select_for_update(of=("self",))
        .get(pk=share_id)
    )
    if share.paper.replaced_at is not None:
        raise Conflict("L’entreprise a déposé une pièce plus récente : regardez celle-là.")
    if share.verdict == verdict:
        done = "acceptée" if verdict == Verdict.ACCEPTED else "refusée"
        raise Conflict(
            f"Cette pièce est déjà {done}.", by=str(share.answered_by or ""), at=share.answered_at
        )
    share.verdict, share.note = verdict, note
    share.answered_by_id, share.answered_at = actor.user_id, clock.now()
    share.save(update_fields=["verdict", "note", "answered_by", "answered_at"])
    kind = paper_events.PaperAccepted if verdict == Verdict.ACCEPTED else paper_events.PaperRefused
    _record(kind(code=share.paper.code), share, actor)
    return share


def _ask_all(actor: Actor, counts_from: date, *, is_new: bool) -> None:
    """Ask all companies that weren't; those that were again, where something new is asked."""
    own = {"landlord_id": actor.own_id}
    if is_new:
        PaperAsk.objects.filter(**own).update(counts_from=counts_from)
    known = {ask.contractor_id: ask for ask in PaperAsk.objects.filter(**own)}
    partners = Partnership.objects.filter(**own).values_list("contractor_id", flat=True)
    ask_companies(actor, actor.own_id, [pk for pk in partners if pk not in known], counts_from)
    if is_new:
        _tell(actor, known.values())


def _tell(actor: Actor, asks: Iterable[PaperAsk]) -> None:
    entries = [
        Entry(
            paper_events.PapersAsked(on=ask.counts_from),
            Subject(pk=ask.pk, landlord_id=ask.landlord_id, contractor_id=ask.contractor_id),
            "ask",
        )
        for ask in asks
    ]
    if entries:
        record_all(entries, actor=actor)


def _record(event: EventType, share: PaperShare, actor: Actor) -> None:
    subject = Subject(
        pk=share.paper_id, landlord_id=share.landlord_id, contractor_id=share.contractor_id
    )
    record(event, actor=actor, subject=subject, subject_type="paper")
