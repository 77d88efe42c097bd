"""The frame around every page: who I am, where I am, where I can go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from nexxio.core import links, live
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.models import Membership

NavItem = dict[str, Any]
NavBuilder = Callable[[Actor, str, str], list[NavItem]]
_nav: list[tuple[int, NavBuilder]] = []


@dataclass(frozen=True)
class Shell:
    """What layouts show (templates/layouts)."""

    portal: str = "public"
    organisation: Any = None
    user_name: str = ""
    user_email: str = ""
    spaces: list[dict[str, Any]] = field(default_factory=list)
    nav: list[NavItem] = field(default_factory=list)
    bell_count: int = 0
    bell_url: str = ""
    stream_token: str = ""
    stream_space: str = ""
    stream_renew: str = ""
    brand: dict[str, str] | None = None
    demo: bool = False
    entry: Any = None

    @property
    def layout(self) -> str:
        """The layout of a page that a technician reads on his phone, and others at their desk."""
        return "layouts/field.html" if self.portal == "field" else "layouts/office.html"


def nav(order: int) -> Callable[[NavBuilder], NavBuilder]:
    """Register a part of the navigation: an app offers its own entries to the frame."""

    def decorate(builder: NavBuilder) -> NavBuilder:
        _nav.append((order, builder))
        _nav.sort(key=lambda pair: pair[0])
        return builder

    return decorate


def nav_item(label: Any, url: str, icon: str, path: str, *, count: int = 0) -> NavItem:
    """Return one entry; active when the page is at or below its address."""
    return {
        "label": label,
        "url": url,
        "icon": icon,
        "active": path == url or path.startswith(url),
        "count": count,
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"shell": _public(request)}
    if getattr(request, "htmx", False) and "HX-Boosted" not in request.headers:
        # A fragment has no frame: its queries would be spent for nothing.
        return {"shell": Shell(portal=_portal(actor))}
    has_account = actor.link_id is None and actor.side is not Side.TENANT
    return {"shell": _staff(request, actor) if has_account else _outside(request, actor)}


def _public(request: HttpRequest) -> Shell:
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return Shell(
        user_name=str(user) if known else "",
        user_email=user.email if known and user else "",
        demo=settings.DEMO,
    )


def _portal(actor: Actor) -> str:
    if actor.order_id is not None:
        return "paper"
    if actor.side is Side.CONTRACTOR and actor.roles == {Role.TECHNICIAN}:
        return "field"
    return actor.side.value


def _outside(request: Any, actor: Actor) -> Shell:
    """The shell of whoever has no account: a link's holder, or a tenant who came by a code."""
    channel = links.channel_of(actor) if actor.case_id or actor.order_id else ""
    if actor.link_id:
        holder = str(actor.link_id)
        renew = reverse("core:link_stream_token", args=[links.token_of(actor.link_id)])
    else:
        holder = live.holder_of_session(request.session.session_key or "")
        renew = reverse("tenants:case_stream_token", args=[actor.case_id])
    return Shell(
        portal=_portal(actor),
        organisation=request.organisation,
        stream_token=live.stream_token(holder=holder, channels=[channel] if channel else []),
        stream_space=channel,
        stream_renew=renew,
        brand={"name": request.organisation.name, "colour": request.organisation.colour},
        demo=settings.DEMO,
    )


def _staff(request: Any, actor: Actor) -> Shell:
    organisation = request.organisation
    slug = organisation.slug
    if actor.entry_id:
        return _visitor(request, actor)
    channel = live.channel_for_organisation(organisation.pk)
    return Shell(
        portal=_portal(actor),
        organisation=organisation,
        user_name=actor.name,
        user_email=request.user.email,
        spaces=spaces_of(request.memberships, current=organisation.pk),
        nav=_entries(actor, slug, request.path),
        bell_count=next(
            mine.unread for mine in request.memberships if mine.organisation_id == organisation.pk
        ),
        bell_url=reverse(f"core:{actor.side.value}_bell", args=[slug]),
        stream_token=live.stream_token(
            holder=live.holder_of_session(request.session.session_key or ""),
            channels=live.channels_of_member(organisation.pk, request.user.pk),
        ),
        stream_space=channel,
        stream_renew=f"{reverse('core:stream_token')}?space={channel}",
        demo=settings.DEMO,
    )


def _entries(actor: Actor, slug: str, path: str) -> list[NavItem]:
    return [item for _order, build in _nav for item in build(actor, slug, path)]


def _visitor(request: Any, actor: Actor) -> Shell:
    """Return the frame of platform staff who look in: no bell, no live page, and a banner."""
    organisation = request.organisation
    return Shell(
        portal=_portal(actor),
        organisation=organisation,
        user_name=actor.name,
        user_email=request.user.email,
        nav=_entries(actor, organisation.slug, request.path),
        entry=request.entry,
        demo=settings.DEMO,
    )


def spaces_of(memberships: list[Membership], *, current: Any = None) -> list[dict[str, Any]]:
    """Return the organisations a person may enter, each once, with its address."""
    found: dict[Any, dict[str, Any]] = {}
    for membership in sorted(memberships, key=lambda one: one.organisation.name):
        organisation = membership.organisation
        found.setdefault(
            organisation.pk,
            {
                "label": organisation.name,
                "url": home_of(membership),
                "current": organisation.pk == current,
            },
        )
    return list(found.values())


def home_of(membership: Membership) -> str:
    """Return the first page of a member: the field page for a technician, the desk for others."""
    organisation = membership.organisation
    if membership.roles == [Role.TECHNICIAN.value]:
        return reverse("orders:field_day", args=[organisation.slug])
    return reverse(f"orders:{organisation.kind}_home", args=[organisation.slug])
