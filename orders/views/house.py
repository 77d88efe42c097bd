"""The landlord's rules for all of its orders."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nexxio.core.actors import Role, Side
from nexxio.core.http import PortalRequest, portal
from orders import services
from orders.forms import HouseForm
from orders.views.common import form_page, posted

managers = portal(Side.LANDLORD, Role.MANAGER)


@require_http_methods(["GET", "POST"])
@managers
def rules(request: PortalRequest) -> HttpResponseBase:
    """Billing address, and whether every order has a commitment number."""
    found = services.house_rules(request.actor.own_id)
    names = ("billing_address", "needs_commitment", "version")
    initial = {name: getattr(found, name) for name in names}
    return form_page(
        request,
        form=HouseForm(posted(request), initial=initial),
        title=_("Règles communes à vos commandes"),
        intro=_("Elles valent pour toutes les commandes qui partent à partir de maintenant."),
        submit=_("Enregistrer"),
        done=_("Règles enregistrées."),
        back=reverse("orders:landlord_contracts", args=[request.organisation.slug]),
        save=lambda data: services.write_house_rules(
            actor=request.actor, **{**data, "version": data["version"] or 0}
        ),
    )
