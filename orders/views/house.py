"""The landlord's rules for all of its orders."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nexxio.core.actors import Actor, Role, Side
from nexxio.core.http import PortalRequest, portal
from nexxio.core.members import limits
from orders import services
from orders.house_forms import HouseForm
from orders.views.common import form_page, posted

managers = portal(Side.LANDLORD, Role.MANAGER)
_RULES = ("billing_address", "needs_commitment", "vat_mention", "family_threshold")


@require_http_methods(["GET", "POST"])
@managers
def rules(request: PortalRequest) -> HttpResponseBase:
    """Billing address, what every order carries, and limits by role."""
    found = services.house_rules(request.actor.own_id)
    initial = {name: getattr(found, name) for name in (*_RULES, "version")}
    kept = limits.role_limits(request.actor)
    initial |= {f"{role.value}_limit": kept.get(role) for role in limits.LIMITED}
    return form_page(
        request,
        form=HouseForm(posted(request), initial=initial),
        title=_("Règles communes à vos commandes"),
        intro=_("Elles valent pour toutes les commandes qui partent à partir de maintenant."),
        submit=_("Enregistrer"),
        done=_("Règles enregistrées."),
        back=reverse("orders:landlord_contracts", args=[request.organisation.slug]),
        save=lambda data: _save(request.actor, data),
    )


@transaction.atomic
def _save(actor: Actor, data: dict[str, Any]) -> None:
    limits.write_role_limits(
        actor=actor, limits={role: data[f"{role.value}_limit"] for role in limits.LIMITED}
    )
    own = {name: data[name] for name in _RULES}
    services.write_house_rules(actor=actor, version=data["version"] or 0, **own)
