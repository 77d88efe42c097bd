"""Who an organisation is on invoices: the page where its managers say so."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from contractors import services
from contractors.forms import BuyerBillingForm, SellerBillingForm
from nexxio.core.actors import Role, Side
from nexxio.core.http import PortalRequest, portal
from orders.views.common import form_page, posted


def _billing(request: PortalRequest) -> HttpResponseBase:
    """Show and keep the details of the organisation; its own SIRET stands there at first."""
    is_seller = request.actor.side is Side.CONTRACTOR
    kind = SellerBillingForm if is_seller else BuyerBillingForm
    initial = kind.values_of(services.billing_of(request.actor))
    initial["siret"] = initial["siret"] or request.organisation.siret
    intro = (
        _("Ce que vos factures disent de vous. Celles qui sont déposées ne changent pas.")
        if is_seller
        else _("Ce que les factures reçues disent de vous. Les anciennes ne changent pas.")
    )
    return form_page(
        request,
        form=kind(posted(request), initial=initial),
        title=_("Coordonnées de facturation"),
        intro=intro,
        submit=_("Enregistrer"),
        back=reverse(
            f"contractors:{request.actor.side.value}_invoices", args=[request.organisation.slug]
        ),
        save=lambda found: services.save_billing(
            actor=request.actor, typed=services.BillingInput(**found)
        ),
        done=_("Coordonnées de facturation enregistrées."),
    )


_both = require_http_methods(["GET", "POST"])
landlord_billing = _both(portal(Side.LANDLORD, Role.MANAGER)(_billing))
contractor_billing = _both(portal(Side.CONTRACTOR, Role.MANAGER)(_billing))
