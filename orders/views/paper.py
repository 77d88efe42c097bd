"""The contractor's pages behind a printed order's code: no account, one order, phone first.

A look changes nothing; each act says who holds the paper.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Refused
from nexxio.core.http import PortalRequest, posted_id
from orders import policies, services
from orders.models import Order
from orders.paper_forms import (
    HolderForm,
    PaperDeclineForm,
    PaperDoneForm,
    PaperMoveForm,
    PaperPartForm,
    PaperReasonForm,
    PaperReturnForm,
    PaperSlotForm,
)
from orders.selectors import pages, paper
from orders.views import appointments, paper_extras, paper_field
from orders.views.common import posted
from orders.views.paper_parts import (
    answer,
    back_of,
    by_paper,
    known,
    order_of,
    run_as_holder,
    visit_of,
)


@require_GET
@by_paper
def show(request: PortalRequest, token: str) -> HttpResponseBase:
    """The order as it stands, and what the contractor may answer."""
    found = paper.paper_page(request.actor, order_of(request, token))
    context = {
        "found": found,
        "page": found.page,
        "token": token,
        "holder_form": HolderForm(initial=known(request)),
    }
    template = "orders/paper/body.html" if request.htmx else "orders/paper/page.html"
    return render(request, template, context)


def _accept(request: PortalRequest, order: Order) -> HttpResponseBase:
    return answer(
        request,
        HolderForm(posted(request), initial=known(request)),
        lambda _found: services.accept_order(actor=request.actor, order_id=order.pk),
        title=_("Accepter le bon %s") % order.reference,
        intro=_("Vous verrez ensuite le contact sur place et fixerez le rendez-vous."),
        submit=_("Accepter"),
        done=_("Commande acceptée. Fixez maintenant le rendez-vous."),
    )


def _return(request: PortalRequest, order: Order) -> HttpResponseBase:
    return answer(
        request,
        PaperReturnForm(posted(request), initial=known(request)),
        lambda found: services.return_order(
            actor=request.actor, order_id=order.pk, items=found["items"], note=found["note"]
        ),
        title=_("Renvoyer le bon %s") % order.reference,
        intro=_("Cochez ce qui manque : le bailleur verra exactement ces champs à compléter."),
        submit=_("Renvoyer au bailleur"),
        done=_("Commande renvoyée au bailleur, qui la complète."),
    )


def _decline(request: PortalRequest, order: Order) -> HttpResponseBase:
    return answer(
        request,
        PaperDeclineForm(posted(request), initial=known(request)),
        lambda found: services.decline_order(
            actor=request.actor, order_id=order.pk, reason=found["reason"], note=found["note"]
        ),
        title=_("Émettre des réserves sur %s") % order.reference,
        intro=_("Le bailleur en est informé et devra répondre."),
        submit=_("Émettre des réserves"),
        done=_("Réserves émises : le bailleur en est informé."),
        tone="danger",
    )


def _propose(request: PortalRequest, order: Order) -> HttpResponseBase:
    form = PaperSlotForm(
        posted(request),
        initial={**appointments.first_slot(), **known(request)},
        zone=order.zone,
    )
    return answer(
        request,
        form,
        lambda _found: appointments.propose(request, order, form),
        **appointments.PROPOSE_WORDS,
    )


@by_post
def _choose(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Pick the window that the tenant said on the phone. Who holds the paper was asked before."""
    visit = visit_of(order)
    form = HolderForm({**known(request), **request.POST.dict()})
    if not form.is_valid():
        raise Refused(_("Indiquez votre nom : qui répond à ce bon ?"), code="holder")
    name, slot_id = form.cleaned_data["holder"], posted_id(request, "creneau")

    def pick() -> None:
        services.choose_slot(
            actor=request.actor, visit_id=visit.pk, slot_id=slot_id, call_noted=True
        )

    run_as_holder(request, name, pick)
    messages.success(request, _("Créneau confirmé, appel noté."))
    return redirect(back_of(request))


def _confirm(request: PortalRequest, order: Order) -> HttpResponseBase:
    visit = visit_of(order)
    return answer(
        request,
        HolderForm(posted(request), initial=known(request)),
        lambda _found: services.confirm_visit(
            actor=request.actor, visit_id=visit.pk, call_noted=True
        ),
        title=_("Confirmé par téléphone"),
        intro=_("Le locataire a donné son accord par téléphone : l’appel est noté."),
        submit=_("Confirmer le rendez-vous"),
        done=_("Rendez-vous confirmé, appel noté."),
    )


def _move(request: PortalRequest, order: Order) -> HttpResponseBase:
    visit = visit_of(order)
    form = PaperMoveForm(posted(request), initial=known(request), zone=order.zone)

    def run(found: dict[str, Any]) -> None:
        start, end = form.window()
        services.move_visit(
            actor=request.actor,
            visit_id=visit.pk,
            start=start,
            end=end,
            reason=found["reason"],
            off_hours=found["off_hours"],
        )

    return answer(
        request,
        form,
        run,
        template="orders/move_form.html",
        title=_("Déplacer le rendez-vous"),
        intro=_("Le locataire recevra la nouvelle proposition."),
        submit=_("Déplacer"),
        done=_("Rendez-vous déplacé."),
    )


def _cancel_visit(request: PortalRequest, order: Order) -> HttpResponseBase:
    visit = visit_of(order)
    return answer(
        request,
        PaperReasonForm(posted(request), initial=known(request)),
        lambda found: services.cancel_visit(
            actor=request.actor, visit_id=visit.pk, reason=found["reason"]
        ),
        title=_("Annuler le rendez-vous"),
        intro=_("Le locataire en est informé."),
        submit=_("Annuler le rendez-vous"),
        done=_("Rendez-vous annulé : le locataire en est informé."),
        tone="danger",
    )


def _complete(request: PortalRequest, order: Order, *, in_part: bool) -> HttpResponseBase:
    visit = visit_of(order)
    form_class = PaperPartForm if in_part else PaperDoneForm
    return answer(
        request,
        form_class(posted(request), initial=known(request)),
        lambda found: services.complete_visit(
            actor=request.actor,
            visit_id=visit.pk,
            report=found["report"],
            next_step=found.get("next_step", ""),
            next_kind=found.get("next_kind", ""),
            next_date=found.get("next_date"),
            in_part=in_part,
        ),
        title=_("Réalisée en partie") if in_part else _("Travaux terminés"),
        intro=_("Le bailleur et le locataire en sont informés."),
        submit=_("Enregistrer, une suite est prévue") if in_part else _("Tout est fait"),
        done=_("Passage terminé. Merci !"),
    )


def _contact(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Show phone and access in clear; the look is logged, so it takes a POST with a name."""
    if not policies.sees_contact(request.actor, order):
        raise Http404
    form = HolderForm(posted(request), initial=known(request))
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["holder"]

        def look() -> None:
            shown["contact"] = services.read_contact(actor=request.actor, order_id=order.pk)

        run_as_holder(request, name, look)
        shown["access_labels"] = pages.access_labels(shown["contact"])
    context = {"form": form, "order": order, "back": back_of(request), **shown}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/paper/contact.html", context, status=status)


ACTS: dict[str, Act[Order]] = {
    "accepter": _accept,
    "renvoyer": _return,
    "reserves": _decline,
    "rendez-vous": _propose,
    "confirmer": _confirm,
    "choisir": _choose,
    "deplacer": _move,
    "annuler": _cancel_visit,
    "termine": lambda request, order: _complete(request, order, in_part=False),
    "en-partie": lambda request, order: _complete(request, order, in_part=True),
    "contact": _contact,
    **paper_field.ACTS,
    **paper_extras.ACTS,
}


# A GET shows an act's form, a POST does it.
act = require_http_methods(["GET", "POST"])(by_paper(by_action(ACTS, order_of)))
