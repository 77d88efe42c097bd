"""Typed requests, and the doors of the portals."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from nexxio.core import links
from nexxio.core.actors import Actor, Channel, Role, Side, scope_of
from nexxio.core.htmx import load_again
from nexxio.core.identity import gate
from nexxio.core.members import entering
from nexxio.core.models import Membership, Organisation, User
from nexxio.core.notifications import bell

P = ParamSpec("P")


class Request(HttpRequest):
    """A request that passed no door yet."""

    htmx: HtmxDetails
    user: User


class PortalRequest(Request):
    """A request inside a portal: somebody acts, for an organisation."""

    actor: Actor
    organisation: Organisation
    memberships: list[Membership]


View = Callable[Concatenate[PortalRequest, P], HttpResponseBase]


def posted_id(request: HttpRequest, name: str) -> UUID:
    """Return the row that a button names. Raises Http404 for what names none."""
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error


def posted_ids(request: HttpRequest, name: str, *, most: int) -> list[UUID]:
    """Return the rows that are ticked, once each, `most` of them; what names none is left out."""
    found: dict[UUID, None] = {}
    for text in request.POST.getlist(name)[: 2 * most]:
        with suppress(ValueError):
            found[UUID(text)] = None
    return list(found)[:most]


def portal(side: Side, *roles: Role, channel: Channel = Channel.WEB) -> Callable[[Any], Any]:
    """View decorator: the visitor acts for the organisation whose slug is in the address.

    Asks an anonymous visitor to log in. 404 to everybody without an active membership there, so
    that the address tells nothing; 403 inside, when none of `roles` is held. Before anything of
    an organisation that asks for it, a second factor (core/identity/gate). The view runs in the
    actor's scope.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: Any, org: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _ask_to_log_in(request)
            request.memberships = memberships_of(request.user)
            membership = _membership(request.memberships, org, side)
            if membership is None:
                return _look_in(request, org, side, roles, lambda: view(request, *args, **kwargs))
            if gate.wanted(request, membership.organisation):
                return gate.refusal(request)
            actor = actor_of(membership, channel=channel)
            if roles and not actor.has(*roles):
                raise PermissionDenied
            request.actor = actor
            request.organisation = membership.organisation
            with scope_of(actor):
                return view(request, *args, **kwargs)

        inner.portal_side = side  # type: ignore[attr-defined]
        return inner

    return decorate


def _look_in(
    request: Any, org: str, side: Side, roles: tuple[Role, ...], view: Callable[[], Any]
) -> HttpResponseBase:
    """Serve platform staff during a stay that they asked for: pages only, and each is noted.

    404 without such a stay, or the page that says why. What acts, and what could be carried away,
    is refused; the database refuses it as well.
    """
    for entry in entering.open_entries(request.user):
        actor = entering.visitor(entry, request.user)
        if entry.side != side.value:
            continue
        with scope_of(actor):
            house = Organisation.objects.filter(pk=entry.organisation_id, is_active=True)
            organisation = house.filter(slug=org).first()
        if organisation is None:
            continue
        if gate.wanted(request, organisation) or gate.wanted_of_staff(request):
            return gate.refusal(request)
        entering.note_page(entry, request.path)
        request.actor, request.organisation, request.entry = actor, organisation, entry
        with scope_of(actor):
            if request.method not in ("GET", "HEAD") or (roles and not actor.has(*roles)):
                return _look_only(request)
            response: HttpResponseBase = view()
            if "attachment" in response.headers.get("Content-Disposition", ""):
                return _look_only(request)
            return response
    return no_such_space(request)


def _look_only(request: Any) -> HttpResponseBase:
    return render(request, "core/members/look_only.html", status=403)


def _ask_to_log_in(request: Any) -> HttpResponseBase:
    if request.htmx:
        return load_again(status=401)
    return redirect_to_login(request.get_full_path())


def memberships_of(user: User) -> list[Membership]:
    """Return a person's active memberships in active organisations, oldest first.

    Each says how many notices wait there (`unread`, capped): the frame of every page shows it, and
    a query of its own would cost more.
    """
    found: list[Any] = list(
        Membership.objects.filter(user_id=user.pk, is_active=True, organisation__is_active=True)
        .select_related("organisation")
        .annotate(unread=bell.unread_of_member())
        .order_by("created_at", "id")
    )
    for membership in found:
        membership.user = user
    return found


def _membership(memberships: list[Membership], slug: str, side: Side) -> Membership | None:
    for membership in memberships:
        organisation = membership.organisation
        if organisation.slug == slug and organisation.kind == side.value:
            return membership
    return None


def actor_of(membership: Membership, *, channel: Channel = Channel.WEB) -> Actor:
    """Return the actor of a membership (its user and organisation loaded)."""
    return Actor(
        side=Side(membership.organisation.kind),
        name=str(membership.user),
        channel=channel,
        user_id=membership.user_id,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        department=membership.department,
        agency_id=membership.agency_id,
        sector_id=membership.sector_id,
        roles=frozenset(Role(role) for role in membership.roles),
        limit=membership.limit,
    )


def no_such_space(request: Request) -> HttpResponseBase:
    """Answer 404; whoever has lost a place of his own reads why and whom to call.

    The same answer for every address, so that it tells nothing of the one asked for.
    """
    closed = closed_spaces(request.user)
    if not closed or request.htmx:
        raise Http404
    return render(request, "account/closed.html", {"closed": closed}, status=404)


def closed_spaces(user: User) -> list[Membership]:
    """Return the places that a person no longer has: ended, or of a closed organisation.

    An ended one's organisation isn't his to read any more: it has no name here.
    """
    mine = Membership.objects.filter(user_id=user.pk).order_by("created_at", "id")
    closed = mine.filter(is_active=True, organisation__is_active=False)
    # Not joined: row-level security hides the organisation, and a join would hide the place too.
    return [*closed.select_related("organisation"), *mine.filter(is_active=False)]


def by_link(*purposes: str) -> Callable[[Any], Any]:
    """View decorator: the visitor holds a link; its token is in the address.

    Forged, expired, revoked and too weak links get the same plain page, which tells nothing.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def inner(request: Any, token: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            found = links.find(token)
            if found is None or not set(purposes) <= found.purposes:
                return no_such_link(request)
            request.actor = links.actor_of(found)
            with scope_of(request.actor):
                request.organisation = Organisation.objects.get(pk=found.landlord_id)
                return unlisted(view(request, token, *args, **kwargs))

        return inner

    return decorate


def no_such_link(request: HttpRequest) -> HttpResponseBase:
    """Return the one page that every unusable link gets."""
    return unlisted(render(request, "tenants/no_link.html", status=404))


def unlisted(response: HttpResponseBase) -> HttpResponseBase:
    """Return the answer of an address that is a secret: kept nowhere, told nobody."""
    # Not no-referrer: the browser would then send "Origin: null" with our own forms.
    response["Referrer-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
