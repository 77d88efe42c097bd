"""Contract reviews: their list, a review with its agenda, minutes, decisions and signatures."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluations import access, services
from evaluations.models import Review
from evaluations.quarters import Quarter
from evaluations.review_forms import (
    DecisionForm,
    MinutesForm,
    OpenReviewForm,
    PointForm,
    SettleForm,
)
from evaluations.selectors.agenda import agenda_of
from evaluations.selectors.reviews import next_quarter_of, review_page, reviews
from evaluations.views.desk import contractor, contractor_desk, landlord, landlord_desk
from evaluations.views.tabs import tabs, url_of
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.http import PortalRequest, posted_id
from orders import access as orders_access
from orders.views.common import form_page, posted


def _list(request: PortalRequest) -> HttpResponseBase:
    """Reviews, the newest meeting first."""
    side = request.actor.side.value
    context = {
        "page": reviews(page=request.GET.get("page", "1")),
        "side": side,
        "tabs": tabs(request, "reviews"),
        "contracts_url": reverse(f"orders:{side}_contracts", args=[request.organisation.slug]),
    }
    return render(request, "evaluations/reviews/list.html", context)


def _review(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One review."""
    review = access.get_review(request.actor, pk)
    side, slug = request.actor.side.value, request.organisation.slug
    context = {
        "page": review_page(request.actor, review),
        "review": review,
        "side": side,
        "back": url_of(request, "reviews"),
        "contract_url": reverse(f"orders:{side}_contract", args=[slug, review.contract_id]),
    }
    return render(request, "evaluations/reviews/review.html", context)


def _new(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Plan the next review of a contract; it is shown at once."""
    contract = orders_access.get_contract(request.actor, pk)
    quarter = next_quarter_of(contract)
    opened: list[Review] = []
    answer = form_page(
        request,
        form=OpenReviewForm(posted(request)),
        title=_("Ouvrir une revue de contrat"),
        intro=f"{contract.number} · {Quarter(quarter)}",
        submit=_("Ouvrir la revue"),
        done=_("La revue est ouverte : l’ordre du jour est prêt, les deux côtés y ajoutent."),
        back=url_of(request, "reviews"),
        save=lambda found: opened.append(
            services.open_review(actor=request.actor, contract=contract, quarter=quarter, **found)
        ),
    )
    return redirect(url_of(request, "review", opened[0].pk)) if opened else answer


def _settle(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Say what became of a decision."""
    decision = access.get_decision(request.actor, pk)
    if decision.settled_at is not None or decision.review.closed_at is None:
        raise Conflict(_("La suite de cette décision est déjà notée, ou pas encore à noter."))
    return form_page(
        request,
        form=SettleForm(posted(request)),
        title=_("Noter la suite d’une décision"),
        intro=decision.text,
        submit=_("Enregistrer la suite"),
        done=_("La suite est notée, des deux côtés."),
        back=url_of(request, "review", decision.review_id),
        save=lambda found: services.settle_decision(
            actor=request.actor, decision_id=decision.pk, **found
        ),
    )


def _date(request: PortalRequest, review: Review) -> HttpResponseBase:
    _require_open(review)
    return form_page(
        request,
        form=OpenReviewForm(posted(request), initial={"meets_on": review.meets_on.isoformat()}),
        title=_("Changer la date de la réunion"),
        intro=_title(review),
        submit=_("Changer la date"),
        done=_("La date est changée."),
        back=url_of(request, "review", review.pk),
        save=lambda found: services.move_review(actor=request.actor, review_id=review.pk, **found),
    )


def _point(request: PortalRequest, review: Review) -> HttpResponseBase:
    _require_open(review)
    return form_page(
        request,
        form=PointForm(posted(request)),
        title=_("Ajouter un point"),
        intro=_title(review),
        submit=_("Ajouter le point"),
        done=_("Le point est ajouté à l’ordre du jour."),
        back=url_of(request, "review", review.pk),
        save=lambda found: services.add_point(actor=request.actor, review_id=review.pk, **found),
    )


def _minutes(request: PortalRequest, review: Review) -> HttpResponseBase:
    """Write the minutes. Who was slower keeps what he typed, beside what the other one wrote."""
    _require_open(review)
    initial = {"text": review.minutes, "version": review.version}
    try:
        return _minutes_page(request, review, MinutesForm(posted(request), initial=initial))
    except Conflict as conflict:
        fresh = access.get_review(request.actor, review.pk, to="act")
        _require_open(fresh)
        typed = request.POST.copy()
        typed["version"] = str(fresh.version)
        form = MinutesForm(typed, others=fresh.minutes)
        form.add_error(None, conflict.message)
        return _minutes_page(request, fresh, form)


def _minutes_page(request: PortalRequest, review: Review, form: MinutesForm) -> HttpResponseBase:
    return form_page(
        request,
        form=form,
        title=_("Écrire le compte rendu"),
        intro=_title(review),
        submit=_("Enregistrer le compte rendu"),
        done=_("Le compte rendu est enregistré."),
        back=url_of(request, "review", review.pk),
        save=lambda found: services.write_minutes(
            actor=request.actor, review_id=review.pk, **found
        ),
        template="evaluations/reviews/minutes.html",
    )


def _decision(request: PortalRequest, review: Review) -> HttpResponseBase:
    _require_open(review)
    return form_page(
        request,
        form=DecisionForm(posted(request)),
        title=_("Ajouter une décision"),
        intro=_title(review),
        submit=_("Ajouter la décision"),
        done=_("La décision est ajoutée ; elle sera suivie à la prochaine revue."),
        back=url_of(request, "review", review.pk),
        save=lambda found: services.add_decision(actor=request.actor, review_id=review.pk, **found),
    )


def _at_once(service: Callable[[PortalRequest, Review], object], said: str) -> Act[Review]:
    """Return the act of a button. What is refused is said on the review's page."""

    @by_post
    def act(request: PortalRequest, review: Review) -> HttpResponseBase:
        try:
            service(request, review)
        except Refused as refused:
            messages.error(request, refused.message)
        except Invalid as invalid:
            messages.error(request, " ".join(invalid.errors.get("", [])))
        else:
            messages.success(request, said)
        return redirect(url_of(request, "review", review.pk))

    return act


def _withdraw_point(request: PortalRequest, review: Review) -> object:
    return services.withdraw_point(
        actor=request.actor, review_id=review.pk, point_id=posted_id(request, "point")
    )


def _withdraw_decision(request: PortalRequest, review: Review) -> object:
    return services.withdraw_decision(
        actor=request.actor, review_id=review.pk, decision_id=posted_id(request, "decision")
    )


def _close(request: PortalRequest, review: Review) -> object:
    agenda = [one.kept() for one in agenda_of(request.actor, review)]
    return services.close_review(
        actor=request.actor,
        review_id=review.pk,
        agenda=agenda,
        version=_version(request),
    )


def _reopen(request: PortalRequest, review: Review) -> object:
    return services.reopen_review(actor=request.actor, review_id=review.pk)


def _sign(request: PortalRequest, review: Review) -> object:
    return services.sign_review(
        actor=request.actor, review_id=review.pk, sha256=request.POST.get("sha256", "")
    )


# --- inside -----------------------------------------------------------------------------------


def _version(request: PortalRequest) -> int:
    try:
        return int(request.POST.get("version", ""))
    except ValueError as error:
        raise Http404 from error


def _title(review: Review) -> str:
    return f"{review.contract.number} · {Quarter(review.quarter)}"


def _require_open(review: Review) -> None:
    if review.closed_at is not None:
        raise Conflict(_("Le compte rendu est arrêté : plus rien n’y change."))


def _find(request: PortalRequest, pk: UUID) -> Review:
    return access.get_review(request.actor, pk, to="act")


ACTS: dict[str, Act[Review]] = {
    "date": _date,
    "point": _point,
    "compte-rendu": _minutes,
    "decision": _decision,
    "retirer-point": _at_once(_withdraw_point, _("Le point est retiré.")),
    "retirer-decision": _at_once(_withdraw_decision, _("La décision est retirée.")),
    "arreter": _at_once(_close, _("Le compte rendu est arrêté : chaque côté le signe.")),
    "rouvrir": _at_once(_reopen, _("Le compte rendu est rouvert.")),
    "signer": _at_once(_sign, _("Le compte rendu est signé.")),
}
_BOTH = ["GET", "POST"]

landlord_reviews = require_GET(landlord(_list))
contractor_reviews = require_GET(contractor(_list))
landlord_review = require_GET(landlord(_review))
contractor_review = require_GET(contractor(_review))
landlord_new = require_http_methods(_BOTH)(landlord_desk(_new))
contractor_new = require_http_methods(_BOTH)(contractor_desk(_new))
landlord_act = require_http_methods(_BOTH)(landlord_desk(by_action(ACTS, _find)))
contractor_act = require_http_methods(_BOTH)(contractor_desk(by_action(ACTS, _find)))
landlord_settle = require_http_methods(_BOTH)(landlord_desk(_settle))
contractor_settle = require_http_methods(_BOTH)(contractor_desk(_settle))
