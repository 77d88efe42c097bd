"""When nobody opened: the company answers, the landlord settles and decides what follows."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from nexxio.core import files
from nexxio.core.actors import Side
from nexxio.core.acts import Act, by_post
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from orders import access, services
from orders.access_forms import DecideForm, RespondForm
from orders.models import Order, Visit
from orders.selectors.access_parts import AttemptCard
from orders.selectors.pages import attempt_of
from orders.views.common import add_errors, order_url, posted


@require_GET
@portal(Side.LANDLORD)
def landlord_letter(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The newest letter to the occupant."""
    letter = access.get_letter(request.actor, pk)
    return files.serve(request, letter, download=True, order_id=pk)


def respond(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    """The company maintains that it came, or admits that it did not."""
    card = _card(request, visit)
    form = RespondForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if data["answer"] == "concede":
                services.concede_no_show(actor=request.actor, visit_id=visit.pk)
                messages.success(request, _("Absence reconnue : proposez un autre rendez-vous."))
            else:
                services.contest_answer(
                    actor=request.actor,
                    visit_id=visit.pk,
                    note=data["note"],
                    notice_number=data["notice_number"],
                    photo=data["photo"],
                )
                messages.success(request, _("Réponse envoyée : le bailleur tranche."))
            return redirect(order_url(request, visit.order_id))
        except Invalid as invalid:
            add_errors(form, invalid)
    return _page(request, visit, form, card, "orders/absences/respond.html")


def decide(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    """The landlord settles, both statements before him."""
    card = _card(request, visit)
    form = DecideForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.decide_absence(actor=request.actor, visit_id=visit.pk, **form.cleaned_data)
        messages.success(request, _("Décision enregistrée : les deux côtés la voient."))
        return redirect(order_url(request, visit.order_id))
    return _page(request, visit, form, card, "orders/absences/decide.html")


def _card(request: PortalRequest, visit: Visit) -> AttemptCard:
    """Return a visit that found nobody with both statements; no other has such a page."""
    card = attempt_of(request.actor, visit)
    if card is None or card.check is None:
        raise Http404
    return card


def _page(
    request: PortalRequest,
    visit: Visit,
    form: RespondForm | DecideForm,
    card: AttemptCard,
    template: str,
) -> HttpResponseBase:
    context = {
        "form": form,
        "visit": visit,
        "order": visit.order,
        "card": card,
        "back": order_url(request, visit.order_id),
        "side": request.actor.side.value,
    }
    return render(request, template, context, status=422 if form.is_bound else 200)


@by_post
def miss(request: PortalRequest, visit: Visit) -> HttpResponseBase:
    """The landlord notes that nobody came to an appointment that stood."""
    services.declare_no_show(actor=request.actor, visit_id=visit.pk)
    messages.success(request, _("Absence de l’entreprise notée : elle doit revenir."))
    return redirect(order_url(request, visit.order_id))


@by_post
def _close(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.close_no_access(actor=request.actor, order_id=order.pk)
    messages.success(
        request, _("Commande close, logement inaccessible : le locataire est prévenu.")
    )
    return redirect(order_url(request, order.pk))


@by_post
def _again(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.ask_another_attempt(actor=request.actor, order_id=order.pk)
    messages.success(request, _("Autre passage demandé : l’entreprise est prévenue."))
    return redirect(order_url(request, order.pk))


@by_post
def _letter(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.ask_letter(actor=request.actor, order_id=order.pk)
    messages.success(request, _("Le courrier est en préparation : il apparaît dès qu’il est prêt."))
    return redirect(order_url(request, order.pk))


ORDER_ACTS: dict[str, Act[Order]] = {
    "logement-inaccessible": _close,
    "autre-passage": _again,
    "courrier": _letter,
}
LANDLORD_VISITS: dict[str, Act[Visit]] = {"trancher": decide, "pas-venue": miss}
CONTRACTOR_VISITS: dict[str, Act[Visit]] = {"absence": respond}
