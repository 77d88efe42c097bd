"""What the platform's staff may do. Run by the administration, in its logged system scope."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from nexxio.core import accounts, clock, jobs, nudge, relay
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Conflict, Refused
from nexxio.core.events import EventType
from nexxio.core.identity import sessions
from nexxio.core.models import (
    Job,
    JobState,
    Membership,
    Organisation,
    Partnership,
    User,
)
from nexxio.core.outbox import Subject, of_house, record
from nexxio.core.platform import events

logger = logging.getLogger(__name__)


def staff_actor(user: User) -> Actor:
    """Return a member of the platform's staff as an actor: of no organisation."""
    return Actor(side=Side.SYSTEM, name=str(user), user_id=user.pk)


def _tell(actor: Actor, event: EventType, organisation: Organisation, pk: UUID, what: str) -> None:
    """Record an event that `organisation` reads, whichever its side."""
    subject = of_house(pk=pk, organisation_id=organisation.pk, side=organisation.kind)
    record(event, actor=actor, subject=subject, subject_type=what)


# --- Organisations ------------------------------------------------------------------------------


@transaction.atomic
def save_organisation(
    *, actor: Actor, organisation: Organisation, fields: Sequence[str], is_new: bool
) -> None:
    """Save an organisation that was filled in, and tell it."""
    if is_new:
        organisation.save(force_insert=True)
        event: EventType = events.OrganisationOpened()
    elif fields:
        organisation.save(update_fields=list(fields))
        event = events.OrganisationChanged(fields=tuple(fields))
    else:
        return
    _tell(actor, event, organisation, organisation.pk, "organisation")


@transaction.atomic
def close_organisation(*, actor: Actor, organisation_id: UUID) -> None:
    """Close an organisation's space: nobody enters, its tenants' links and codes fall silent.

    Locks it. Nothing is deleted. Raises Conflict when it is closed already.
    """
    organisation = _locked_organisation(organisation_id)
    if not organisation.is_active:
        raise Conflict(_("Cette organisation est déjà fermée."))
    organisation.is_active = False
    organisation.save(update_fields=["is_active"])
    _tell(actor, events.OrganisationClosed(), organisation, organisation.pk, "organisation")
    accounts.close_streams_of_organisation(organisation.pk)


@transaction.atomic
def reopen_organisation(*, actor: Actor, organisation_id: UUID) -> None:
    """Open an organisation's space again. Locks it. Raises Conflict when it is open."""
    organisation = _locked_organisation(organisation_id)
    if organisation.is_active:
        raise Conflict(_("Cette organisation est déjà ouverte."))
    organisation.is_active = True
    organisation.save(update_fields=["is_active"])
    _tell(actor, events.OrganisationReopened(), organisation, organisation.pk, "organisation")


def _locked_organisation(pk: UUID) -> Organisation:
    found: Organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=pk)
    return found


@transaction.atomic
def open_partnership(*, actor: Actor, partnership: Partnership) -> None:
    """Let a landlord and a contractor see each other, and tell both."""
    partnership.save(force_insert=True)
    subject = Subject(
        pk=partnership.pk,
        landlord_id=partnership.landlord_id,
        contractor_id=partnership.contractor_id,
    )
    record(events.PartnershipOpened(), actor=actor, subject=subject, subject_type="partnership")


@transaction.atomic
def save_membership(
    *, actor: Actor, membership: Membership, fields: Sequence[str], is_new: bool
) -> None:
    """Save a person's place, tell the organisation; pages that he may no longer open go silent."""
    if is_new:
        membership.save(force_insert=True)
    elif fields:
        membership.save(update_fields=list(fields))
    else:
        return
    event = events.MembershipChanged(
        membership_id=membership.pk, fields=() if is_new else tuple(fields)
    )
    _tell(actor, event, membership.organisation, membership.pk, "membership")
    accounts.close_streams_of(membership.user_id)


# --- Accounts -----------------------------------------------------------------------------------


@transaction.atomic
def save_user(*, actor: Actor, user: User, fields: Sequence[str], is_new: bool) -> None:
    """Save an account. A new one has no password: its person logs in by code, or sets one."""
    if is_new:
        user.email = user.email.lower()
        user.set_unusable_password()
        user.save(force_insert=True)
    elif fields:
        user.save(update_fields=list(fields))
        accounts.close_streams_of(user.pk)
    logger.info("account %s saved by %s", user.pk, actor.user_id)


@transaction.atomic
def deactivate_user(*, actor: Actor, user_id: UUID) -> None:
    """Shut an account: its sessions end at once, it can't log in. Locks it.

    Raises Refused for one's own, Conflict when it is shut already.
    """
    user = _locked_user(actor, user_id)
    if not user.is_active:
        raise Conflict(_("Ce compte est déjà désactivé."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    sessions.end_all(user)
    _tell_employers(actor, events.AccountDeactivated(user_id=user.pk), user)


@transaction.atomic
def reactivate_user(*, actor: Actor, user_id: UUID) -> None:
    """Open an account again. Locks it. Raises Conflict when it is open."""
    user = _locked_user(actor, user_id)
    if user.is_active:
        raise Conflict(_("Ce compte est déjà actif."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    _tell_employers(actor, events.AccountReactivated(user_id=user.pk), user)


@transaction.atomic
def end_sessions(*, actor: Actor, user_id: UUID) -> None:
    """End every session of an account, wherever its cookies are. Locks it.

    Raises Refused for one's own: logging out does that.
    """
    user = _locked_user(actor, user_id)
    sessions.end_all(user)
    _tell_employers(actor, events.SessionsEnded(user_id=user.pk), user)


@transaction.atomic
def reset_second_factors(*, actor: Actor, user_id: UUID) -> None:
    """Take a person's factors away, who has lost them all; his sessions end. Locks the account.

    Staff made sure of the person first (docs/operations/accounts.md). An organisation that asks
    for a factor leads him to make another at the next log-in. Raises Refused for one's own,
    Conflict when there is none.
    """
    user = _locked_user(actor, user_id)
    gone, _rows = Authenticator.objects.filter(user_id=user.pk).delete()
    if not gone:
        raise Conflict(_("Ce compte n’a pas de second facteur."))
    sessions.end_all(user)
    _tell_employers(actor, events.SecondFactorsReset(user_id=user.pk), user)


def _locked_user(actor: Actor, user_id: UUID) -> User:
    if user_id == actor.user_id:
        raise Refused(_("Votre propre compte ne se gère pas ici."))
    return User.objects.select_for_update(of=("self",)).get(pk=user_id)


def _tell_employers(actor: Actor, event: EventType, user: User) -> None:
    """Tell each organisation where the person has a place, once."""
    members = Membership.objects.filter(user=user, is_active=True)
    for organisation in Organisation.objects.filter(
        pk__in=members.values("organisation_id")
    ).order_by("pk"):
        _tell(actor, event, organisation, user.pk, "account")


# --- Machinery ----------------------------------------------------------------------------------


@transaction.atomic
def replay_delivery(*, actor: Actor, delivery_id: UUID) -> None:
    """Take a dead letter up again. Raises Conflict when it isn't one, or no longer."""
    if not relay.replay([delivery_id]):
        raise Conflict(_("Cette remise n’est pas abandonnée."))
    logger.info("delivery %s replayed by %s", delivery_id, actor.user_id)
    nudge.after_commit()


@transaction.atomic
def retry_job(*, actor: Actor, job_id: UUID) -> None:
    """Let a worker do a failed job anew, and tell its landlord. Locks it.

    Whoever held it before is out: it begins at another moment (jobs.py). Raises Conflict unless it
    failed, Refused when its file has gone another way since.
    """
    job = _locked_job(job_id)
    if job.state != JobState.FAILED:
        raise Conflict(_("Seul un travail en échec se relance."))
    run = job.payload.get("run")
    later = Job.objects.filter(landlord_id=job.landlord_id, created_at__gt=job.created_at)
    if run and later.filter(payload__run=run).exists():
        raise Refused(_("Une étape plus récente de cet import existe : relancez celle-là."))
    job.state = JobState.QUEUED
    job.attempts, job.error, job.was_refused = 0, "", False
    job.started_at = job.finished_at = job.leased_until = None
    job.save(
        update_fields=[
            "state",
            "attempts",
            "error",
            "was_refused",
            "started_at",
            "finished_at",
            "leased_until",
        ]
    )
    _tell(actor, events.JobRetried(job_id=job.pk), job.landlord, job.pk, "job")
    nudge.after_commit(nudge.JOBS_TASK)


@transaction.atomic
def abandon_job(*, actor: Actor, job_id: UUID) -> None:
    """Give up a job that waits, or whose worker has gone, and tell its landlord. Locks it.

    Raises Conflict when it is over, Refused while a worker holds it.
    """
    job = _locked_job(job_id)
    now = clock.now()
    if job.state not in (JobState.QUEUED, JobState.RUNNING):
        raise Conflict(_("Ce travail est déjà terminé."))
    if job.state == JobState.RUNNING and job.leased_until and job.leased_until > now:
        raise Refused(_("Un processus y travaille encore : attendez qu’il le lâche."))
    job.state = JobState.FAILED
    job.error = _("Arrêté par l’équipe de la plateforme.")
    job.finished_at, job.leased_until = now, None
    job.save(update_fields=["state", "error", "finished_at", "leased_until"])
    _tell(actor, events.JobAbandoned(job_id=job.pk), job.landlord, job.pk, "job")
    transaction.on_commit(lambda: jobs.tell(job))


def _locked_job(pk: UUID) -> Job:
    found: Job = Job.objects.select_for_update(of=("self",)).select_related("landlord").get(pk=pk)
    return found
