"""Photos, served only through their door, and who opened the files of an order."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import file_readings, files
from nexxio.core.actors import Role, Side
from nexxio.core.http import PortalRequest, portal
from orders import access, policies, services
from orders.field_forms import WithdrawPhotoForm
from orders.selectors.criteria import read_key
from orders.selectors.photos import log_of
from orders.views.common import form_page, order_url, posted


def _photo(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    found = access.get_photo(request.actor, pk)
    return files.serve(request, found.file, order_id=found.order_id)


landlord_photo = require_GET(portal(Side.LANDLORD)(_photo))
contractor_photo = require_GET(portal(Side.CONTRACTOR)(_photo))


def _readings(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Who opened which file of an order (`?fichier=`: one of them), for who may read it.

    The landlord of all of them, a contractor of its own photos and pieces.
    """
    order = access.get_order(request.actor, pk)
    key = read_key(request.GET.get("fichier", ""))
    found = log_of(order, key) if key is not None else None
    if key is not None and found is None:
        raise Http404
    file = found.file if found else None
    context = {
        "order": order,
        "readings": file_readings.readings_of(order.landlord_id, order.pk, file),
        "one": found,
        "base": request.path,
        "order_url": order_url(request, order.pk),
    }
    return render(request, "orders/readings.html", context)


landlord_readings = require_GET(portal(Side.LANDLORD)(_readings))
contractor_readings = require_GET(
    portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)(_readings)
)


@require_http_methods(["GET", "POST"])
@portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.TECHNICIAN)
def withdraw_photo(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Take a photo back, with the reason."""
    photo = access.get_photo(request.actor, pk)
    slug = request.organisation.slug
    if policies.acts(request.actor):
        back = reverse("orders:contractor_detail", args=[slug, photo.order_id])
    else:
        back = reverse("orders:field_visit", args=[slug, photo.visit_id])
    return form_page(
        request,
        form=WithdrawPhotoForm(posted(request)),
        title="Retirer la photo",
        intro="Plus personne ne la verra et elle ne comptera plus. L’historique garde son retrait.",
        submit="Retirer la photo",
        done="Photo retirée.",
        tone="danger",
        back=back,
        layout="layouts/field.html",
        save=lambda found: services.withdraw_photo(
            actor=request.actor, photo_id=photo.pk, reason=found["reason"]
        ),
    )
