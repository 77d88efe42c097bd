"""The tenant signs on the technician's screen, at the end of the visit."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nexxio.core.actors import Channel, Role, Side
from nexxio.core.errors import Invalid
from nexxio.core.htmx import is_outbox
from nexxio.core.http import PortalRequest, portal
from orders import access, certificate_policies, services
from orders.certificate_forms import SignOffForm
from orders.services.sign_offs import MENTION
from orders.views.common import add_errors, posted, told
from orders.views.talk import owner_of, refusal

field = portal(
    Side.CONTRACTOR, Role.TECHNICIAN, Role.MANAGER, Role.CLERK, channel=Channel.PHONE_APP
)


@require_http_methods(["GET", "POST"])
@field
def field_sign(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """A page to hand over: what was done, whether it is fixed, a name."""
    visit = access.get_visit(request.actor, pk)
    back = reverse("orders:field_visit", args=[request.organisation.slug, visit.pk])
    if not certificate_policies.takes_sign_off(request.actor, visit) and not is_outbox(request):
        messages.warning(request, _("La signature se recueille sur place, à la fin du passage."))
        return redirect(back)
    if request.method == "POST" and "sans" in request.POST:
        reason = request.POST["sans"]
        services.note_unsigned(actor=request.actor, visit_id=visit.pk, reason=reason)
        return told(request, _("C’est noté. Le locataire peut encore signer par son lien."), back)
    form = SignOffForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            signed = services.sign_on_screen(
                actor=request.actor, visit_id=visit.pk, data=form.sign_off_input()
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            fixed = _("Signé : c’est réglé. Merci !")
            open_ = _("Signé : ce n’est pas réglé. Le bailleur est prévenu et vérifie.")
            return told(request, fixed if signed.satisfied else open_, back)
    if is_outbox(request):
        return refusal(form)
    context = {
        "form": form,
        "visit": visit,
        "order": visit.order,
        "back": back,
        "mention": MENTION,
        "outbox_owner": owner_of(request.actor),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/field/sign.html", context, status=status)
