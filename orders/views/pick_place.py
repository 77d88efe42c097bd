"""First step of a new order: which residence, which unit; and what is known of it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from nexxio.core import places
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.estate.residences import residences
from nexxio.core.http import PortalRequest, portal
from nexxio.core.models import Group, Unit, UnitKind
from orders import access, policies, services
from orders.models import Order
from orders.natures import OF_CASES
from orders.selectors.criteria import read_key
from orders.selectors.occupants import occupants

desk_only = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
GROUPS_SHOWN = 12
UNITS_SHOWN = 60


@require_http_methods(["GET", "POST"])
@desk_only
def units(request: PortalRequest) -> HttpResponseBase:
    """Search the estate: groups first, then the group's units; or who lives there.

    POST makes a missing unit.
    """
    asked = request.POST if request.method == "POST" else request.GET
    moved = _moved(request, asked.get("pour", ""))
    group_id = asked.get("groupe", "")
    if group_id:
        try:
            group = places.find_group(UUID(group_id))
        except ValueError:
            group = None
        if group is None:
            raise Http404
        if request.method == "POST":
            number = asked.get("numero", "").strip()[:20]
            kind = UnitKind.COMMON_AREA if asked.get("commune") else UnitKind.DWELLING
            try:
                unit = places.get_or_make_unit(
                    actor=request.actor, group_id=group.pk, kind=kind, number=number
                )
            except Invalid as invalid:
                context = _unit_context(group, "") | {
                    "moved": moved,
                    "errors": invalid.errors["number"],
                    "number": number,
                }
                return render(request, "orders/landlord/units.html", context, status=422)
            return redirect(f"{_form_url(request, moved)}?logement={unit.pk}")
        context = _unit_context(group, asked.get("apres", "")) | {"moved": moved}
        return render(request, "orders/landlord/units.html", context)
    if "locataire" in asked:
        q = asked["locataire"].strip()[:80]
        context = {"people": occupants(request.actor, q), "q": q, "moved": moved}
        return render(request, "orders/landlord/occupants.html", context)
    page = residences(
        request.actor,
        q=asked.get("q", "").strip()[:80],
        after=asked.get("apres", "")[:2000],
        before=asked.get("avant", "")[:2000],
        size=GROUPS_SHOWN,
    )
    return render(request, "orders/landlord/groups.html", {"page": page, "moved": moved})


def _unit_context(group: Group, after: str) -> dict[str, object]:
    units, next_key = places.units_after(group, after, UNITS_SHOWN)
    return {"group": group, "units": units, "next_key": next_key, "is_later": bool(after)}


def _moved(request: PortalRequest, text: str) -> Order | None:
    """Return the draft for which another dwelling is chosen, by its key as text; None for none."""
    key = read_key(text)
    found = access.get_order(request.actor, key, to="edit") if key else None
    return found if found is not None and not services.why_it_stays(found) else None


def _form_url(request: PortalRequest, moved: Order | None) -> str:
    slug = request.organisation.slug
    if moved is not None:
        return reverse("orders:landlord_edit", args=[slug, moved.pk])
    return reverse("orders:landlord_new", args=[slug])


def unit_or_none(text: str) -> Unit | None:
    """Return a unit that the scope sees, by its key as text."""
    try:
        return places.find_unit(UUID(text))
    except ValueError:
        return None


def from_unit(text: str) -> dict[str, object]:
    """Prefill place and contact from the unit and who lives there now."""
    unit = unit_or_none(text)
    if unit is None:
        return {}
    common = unit.kind == UnitKind.COMMON_AREA
    initial: dict[str, object] = {
        "unit": unit.pk,
        "entrance": unit.entrance,
        "floor": unit.floor,
        "door": unit.door,
        "nature": "common_parts" if common else "maintenance",
    }
    tenant = places.tenant_of(unit)
    if tenant is not None:
        initial |= {"contact_name": str(tenant), "phone": tenant.phone, "email": tenant.email}
    return initial


def former_of(actor: Actor, text: object) -> Order | None:
    """Return the order that a new one goes on after, by its key as text.

    None for a text that is no key, and for an order that waits for no other trade; Http404 for one
    that the actor may not see.
    """
    try:
        key = UUID(str(text or ""))
    except ValueError:
        return None
    found = access.get_order(actor, key)
    return found if policies.can_order_follow_up(actor, found) else None


# What another trade needs to know too: where, whom to ask for, how to get in, asbestos, the claim.
_SHARED = (
    "unit",
    "nature",
    "priority",
    "title",
    "entrance",
    "floor",
    "door",
    "contact_name",
    "phone",
    "second_phone",
    "email",
    "access",
    "access_code",
    "asbestos",
    "asbestos_measures",
    "access_duty",
    "hazard",
    "insurer",
    "claim_number",
    "awaits_expert",
)


def from_former(actor: Actor, text: str) -> dict[str, object]:
    """Prefill the order of another trade from works that are done in part; {} as `former_of` None.

    Where somebody else lives there now, it is he who is called. A nature that is the former
    company's alone (on call, off contract, upkeep…) becomes the ordinary one of the place. Raises
    Http404 as it does.
    """
    former = former_of(actor, text)
    if former is None:
        return {}
    typed = services.typed_values(former) | (services.contact_since(former) or {})
    if typed["nature"] not in OF_CASES:
        typed["nature"] = services.ordinary_nature(former.unit)
    said = f"{former.next_step}\nSuite de {former.reference} : {former.description}"
    return {name: typed[name] for name in _SHARED} | {
        "description": said[:4000],
        "follows": former.pk,
    }
