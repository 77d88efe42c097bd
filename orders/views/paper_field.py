"""What a company without an account does on site, behind its printed order's code.

The same services as the technician's phone; each act says who holds the paper. The tenant never
signs here: the code is the contractor's.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from nexxio.core.acts import Act
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest
from orders import certificate_policies, services
from orders.models import Order, Visit
from orders.paper_forms import (
    HolderForm,
    PaperClaimForm,
    PaperCorrectForm,
    PaperMomentForm,
    PaperNoAccessForm,
    PaperPhotoForm,
    PaperPieceForm,
)
from orders.quantity_forms import lines_due
from orders.selectors import paper
from orders.selectors.certificates import starting_quantities, starting_report
from orders.selectors.pieces import closing_pack
from orders.services.amounts import due_of
from orders.services.certificates import latest_certificate
from orders.views.common import add_errors, form_page, posted
from orders.views.paper_parts import LAYOUT, answer, back_of, known, run_as_holder, visit_of

_FILES = "orders/paper/files_form.html"


def _moment_form(request: PortalRequest, visit: Visit) -> PaperMomentForm:
    """Ask for the hour as a desk types it."""
    return PaperMomentForm(posted(request), initial=known(request), visit=visit, by_office=True)


def _leave(request: PortalRequest, order: Order) -> HttpResponseBase:
    visit = visit_of(order)
    form = _moment_form(request, visit)
    return answer(
        request,
        form,
        lambda _found: services.leave(
            actor=request.actor, visit_id=visit.pk, happened_at=form.moment()
        ),
        title=_("En route"),
        intro=_("Le locataire en est prévenu aussitôt."),
        submit=_("Je suis en route"),
        done=_("C’est noté : vous êtes en route."),
    )


def _arrive(request: PortalRequest, order: Order) -> HttpResponseBase:
    visit = visit_of(order)
    form = _moment_form(request, visit)
    return answer(
        request,
        form,
        lambda _found: services.arrive(
            actor=request.actor, visit_id=visit.pk, happened_at=form.moment()
        ),
        title=_("Sur place"),
        intro=_("L’heure d’arrivée fait partie des preuves si personne n’ouvre."),
        submit=_("Je suis sur place"),
        done=_("C’est noté : vous êtes sur place."),
    )


def _nobody_home(request: PortalRequest, order: Order) -> HttpResponseBase:
    visit = visit_of(order)
    form = PaperNoAccessForm(
        posted(request),
        request.FILES or None,
        initial=known(request),
        visit=visit,
        by_office=True,
    )

    def run(found: dict[str, Any]) -> None:
        services.declare_no_access(
            actor=request.actor,
            visit_id=visit.pk,
            proof=services.ProofInput(
                minutes_waited=found["minutes_waited"],
                call_tried=found["call_tried"],
                sms_tried=found["sms_tried"],
                notice_number=found["notice_number"],
            ),
            photo=found["photo"],
            happened_at=form.moment(),
        )

    return answer(
        request,
        form,
        run,
        template=_FILES,
        title=_("Personne n’ouvre"),
        intro=_(
            "Sans preuves complètes, l’absence ne compte pas : attendez, appelez, photographiez la"
            " porte, laissez l’avis."
        ),
        submit=_("Déclarer l’absence"),
        done=_("Absence enregistrée. Le locataire est prévenu."),
        tone="danger",
    )


def _photo(request: PortalRequest, order: Order) -> HttpResponseBase:
    visit = _photo_visit(order)
    form = PaperPhotoForm(
        posted(request), request.FILES or None, initial={"moment": "after", **known(request)}
    )

    def save(found: dict[str, Any]) -> None:
        add = partial(
            services.add_photo, actor=request.actor, visit_id=visit.pk, moment=found["moment"]
        )
        for photo in form.photos():  # each in its own transaction: it is cleaned before any lock
            run_as_holder(request, found["holder"], partial(add, photo=photo))

    return form_page(
        request,
        form=form,
        save=save,
        back=back_of(request),
        layout=LAYOUT,
        template=_FILES,
        title=_("Ajouter des photos"),
        intro=_("Le travail seulement, jamais les personnes."),
        submit=_("Envoyer"),
        done=_("Photos ajoutées : le bailleur les voit."),
    )


def _no_photos(request: PortalRequest, order: Order) -> HttpResponseBase:
    visit = _photo_visit(order)
    if not paper.may_refuse_photos(visit):
        raise Http404
    return answer(
        request,
        HolderForm(posted(request), initial=known(request)),
        lambda _found: services.refuse_photos(actor=request.actor, visit_id=visit.pk),
        title=_("Le locataire refuse les photos"),
        intro=_("Le bailleur le lira ; les photos ne seront plus demandées."),
        submit=_("Noter ce refus"),
        done=_("C’est noté : le locataire refuse les photos."),
    )


def _photo_visit(order: Order) -> Visit:
    visit = paper.photo_visit_of(order)
    if visit is None:
        raise Http404
    return visit


def _piece(request: PortalRequest, order: Order) -> HttpResponseBase:
    pack = closing_pack(request.actor, order)
    if pack is None or not pack.can_add or not pack.uploads:
        raise Http404
    form = PaperPieceForm(
        posted(request), request.FILES or None, initial=known(request), choices=pack.uploads
    )
    return answer(
        request,
        form,
        lambda found: services.add_piece(
            actor=request.actor, order_id=order.pk, kind=found["kind"], upload=found["file"]
        ),
        title=_("Joindre une pièce"),
        intro=_("Le bailleur lit ce fichier ; le locataire ne le voit pas."),
        submit=_("Joindre"),
        done=_("Pièce jointe : le bailleur la voit."),
    )


def _correct(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Correct what was refused, and submit it again."""
    if not certificate_policies.can_correct(request.actor, order, latest_certificate(order)):
        raise Http404
    form = PaperCorrectForm(
        posted(request),
        initial={"report": starting_report(order), **known(request)},
        lines=lines_due(due_of(order), starting_quantities(order)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            run_as_holder(
                request,
                form.cleaned_data["holder"],
                lambda: services.correct_certificate(
                    actor=request.actor,
                    order_id=order.pk,
                    report=form.cleaned_data["report"],
                    quantities=form.quantities(),
                    submit=True,
                ),
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Constat soumis : le bailleur est prévenu."))
            return redirect(back_of(request))
    context = {"form": form, "order": order, "back": back_of(request), "layout": LAYOUT}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "orders/certificates/correct.html", context, status=status)


def _claim(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Say that a defect is gone."""
    reserves = paper.reserves_to_lift(request.actor, order)
    if not reserves:
        raise Http404
    form = PaperClaimForm(
        posted(request), request.FILES or None, initial=known(request), reserves=reserves
    )
    return answer(
        request,
        form,
        lambda found: services.claim_reserve(
            actor=request.actor,
            reserve_id=found["reserve"],
            answer=found["answer"],
            photo=found["photo"],
        ),
        template=_FILES,
        title=_("Annoncer la reprise d’une réserve"),
        intro=_("Le bailleur est prévenu et vérifie sur place."),
        submit=_("Annoncer la reprise"),
        done=_("Reprise annoncée : le bailleur est prévenu et vérifie."),
    )


ACTS: dict[str, Act[Order]] = {
    "en-route": _leave,
    "sur-place": _arrive,
    "personne": _nobody_home,
    "photo": _photo,
    "sans-photo": _no_photos,
    "piece": _piece,
    "constat": _correct,
    "reprise": _claim,
}
