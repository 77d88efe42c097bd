"""Variations and regularisations: the contractor asks, from desk or phone; the landlord answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core import files
from nexxio.core.actors import Channel, Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Incomplete, Invalid
from nexxio.core.htmx import is_outbox
from nexxio.core.http import PortalRequest, portal
from orders import access, services
from orders.line_forms import line_inputs
from orders.models import Order, Variation, VariationLine, Visit
from orders.on_call import owes_regularisation
from orders.on_call_forms import SettleForm
from orders.selectors import variations as selectors
from orders.variation_forms import (
    FORMS,
    REJECT_FORMS,
    GrantForm,
    lines_of,
)
from orders.variation_states import WORDS, VariationKind
from orders.views.common import add_errors, form_page, item_options, lacks_text, posted, told
from orders.views.talk import owner_of, refusal

landlord = portal(Side.LANDLORD)
landlord_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
contractor = portal(Side.CONTRACTOR)
crew = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.TECHNICIAN)
field = portal(
    Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.TECHNICIAN, channel=Channel.PHONE_APP
)


def _show(
    request: PortalRequest, variation: Variation, *, form: GrantForm | None = None
) -> HttpResponseBase:
    page = selectors.variation_page(request.actor, variation)
    side = request.actor.side.value
    slug = request.organisation.slug
    if form is None and page.can["grant"] and not page.card.is_reduction:
        form = _answer_form(page.order, page.lines)
    context = {
        "page": page,
        "form": form,
        "side": side,
        "order_url": _order_url(request, variation.order_id),
        "own_url": _own_url(request, variation),
        "photo_url": reverse(f"orders:{side}_variation_photo", args=[slug, variation.pk]),
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return render(request, "orders/variations/detail.html", context, status=status)


def _answer_form(
    order: Order, lines: list[VariationLine], data: QueryDict | None = None
) -> GrantForm:
    """Return the landlord's answer; with what completes an order that was opened on call."""
    if owes_regularisation(order):
        return SettleForm(data, lines=lines, order=order)
    return GrantForm(data, lines=lines)


def _order_url(request: PortalRequest, order_id: UUID) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    if side == "contractor" and not request.actor.has(Role.MANAGER, Role.CLERK, Role.READER):
        return reverse("orders:field_day", args=[slug])
    return reverse(f"orders:{side}_detail", args=[slug, order_id])


def _own_url(request: PortalRequest, variation: Variation) -> str:
    side = request.actor.side.value
    return reverse(f"orders:{side}_variation", args=[request.organisation.slug, variation.pk])


def _page(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    return _show(request, access.get_variation(request.actor, pk))


def _photo(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    found = access.get_variation(request.actor, pk)
    terms = found.terms
    if terms.photo is None:
        raise Http404
    return files.serve(request, terms.photo, order_id=found.order_id if found.asked_at else None)


landlord_page = require_GET(landlord(_page))
contractor_page = require_GET(contractor(_page))
landlord_photo = require_GET(landlord(_photo))
contractor_photo = require_GET(contractor(_photo))


def _find(request: PortalRequest, pk: UUID) -> Variation:
    return access.get_variation(request.actor, pk, to="write")


# --- The landlord answers -----------------------------------------------------------------------


@by_post
def _grant(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    if variation.kind == VariationKind.REDUCTION:
        return _agree(request, variation)
    lines = list(variation.lines.order_by("rank"))
    form = _answer_form(variation.order, lines, request.POST)
    if form.is_valid():
        answer: dict[str, Any] = {
            "granted": form.granted(),
            "note": form.cleaned_data["note"],
            "reason": form.cleaned_data["reason"],
        }
        try:
            if isinstance(form, SettleForm):
                services.settle_on_call(
                    actor=request.actor,
                    variation_id=variation.pk,
                    completion=form.completion(),
                    **answer,
                )
            else:
                services.grant_variation(actor=request.actor, variation_id=variation.pk, **answer)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, WORDS[variation.kind].granted)
            return redirect(_order_url(request, variation.order_id))
    return _show(request, variation, form=form)


def _agree(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    services.grant_reduction(actor=request.actor, reduction_id=variation.pk)
    messages.success(request, WORDS[variation.kind].granted)
    return redirect(_order_url(request, variation.order_id))


@by_post
def _accept(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    """The contractor answers what its landlord proposed, and nothing else."""
    if variation.kind != VariationKind.REDUCTION:
        raise Http404
    return _agree(request, variation)


def _decline(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    if variation.kind != VariationKind.REDUCTION:
        raise Http404
    return _reject(request, variation)


@by_post
def _take_back(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    """The landlord takes back what it proposed."""
    if variation.kind != VariationKind.REDUCTION:
        raise Http404
    return _withdrawn(request, variation)


def _reject(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    words = WORDS[variation.kind]
    return form_page(
        request,
        form=REJECT_FORMS[variation.kind](posted(request)),
        title=str(words.refusing) % {"n": variation.number},
        intro=_(
            "L’autre partie reçoit le motif et votre réponse ; la commande reste comme elle est."
        ),
        submit=str(words.refuse),
        done=str(words.refused),
        tone="danger",
        back=_own_url(request, variation),
        save=lambda found: _refuse(request, variation, found),
    )


def _refuse(request: PortalRequest, variation: Variation, found: dict[str, Any]) -> Variation:
    answer = {"reason": found["reason"], "note": found["note"]}
    if variation.kind == VariationKind.REDUCTION:
        return services.reject_reduction(actor=request.actor, reduction_id=variation.pk, **answer)
    return services.reject_variation(actor=request.actor, variation_id=variation.pk, **answer)


LANDLORD_ACTS: dict[str, Act[Variation]] = {
    "accorder": _grant,
    "refuser": _reject,
    "retirer": _take_back,
}
landlord_act = require_http_methods(["GET", "POST"])(landlord_desk(by_action(LANDLORD_ACTS, _find)))


# --- The contractor asks ------------------------------------------------------------------------


def write(
    request: PortalRequest,
    order: Order,
    *,
    kind: str = VariationKind.VARIATION,
    variation: Variation | None = None,
    visit: Visit | None = None,
    back: str = "",
) -> HttpResponseBase:
    """Show the form of a kind, new or a draft; keep it, and send it where that is asked."""
    back = back or _order_url(request, order.pk)
    kind = variation.kind if variation else kind
    form = FORMS[kind](
        posted(request), request.FILES or None, initial=_initial(variation), variation=variation
    )
    # What waited on a phone was typed whole: no line of it is "as it was" in a draft kept since.
    formset = lines_of(order, None if is_outbox(request) else variation, posted(request))
    if request.method == "POST" and form.is_valid() & formset.is_valid():
        try:
            data = form.variation_input(line_inputs(formset))
            saved = _save(request, order, variation, visit, data)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            return _send(request, saved, back)
    if is_outbox(request):
        return refusal(form, *formset.forms)
    bad = form.is_bound and bool(form.errors or not formset.is_valid())
    context = {
        "form": form,
        "formset": formset,
        "order": order,
        "words": WORDS[kind],
        "variation": variation,
        "back": back,
        "items_url": reverse("orders:contractor_items", args=[request.organisation.slug, order.pk]),
        "is_on_site": visit is not None,
        "layout": "layouts/field.html" if visit else "layouts/office.html",
        "outbox_owner": owner_of(request.actor),
        "has_photo": variation is not None and variation.terms.photo_id is not None,
    }
    return render(request, "orders/variations/form.html", context, status=422 if bad else 200)


def _initial(variation: Variation | None) -> dict[str, str] | None:
    if variation is None:
        return None
    terms = variation.terms
    return {"reason": variation.reason, "note": terms.note, "urgency": terms.urgency}


def _save(
    request: PortalRequest,
    order: Order,
    variation: Variation | None,
    visit: Visit | None,
    data: services.VariationInput,
) -> Variation:
    if variation is not None:
        return services.update_variation(actor=request.actor, variation_id=variation.pk, data=data)
    return services.draft_variation(
        actor=request.actor, order_id=order.pk, data=data, visit_id=visit.pk if visit else None
    )


def _send(request: PortalRequest, saved: Variation, back: str) -> HttpResponseBase:
    words = WORDS[saved.kind]
    if "send" not in request.POST:
        return told(request, words.kept, back)
    if is_outbox(request) and saved.asked_at is not None:
        return told(request, words.gone, back)  # kept and sent before: its answer was lost
    try:
        services.ask_variation(actor=request.actor, variation_id=saved.pk)
    except Incomplete as incomplete:
        missing = lacks_text(incomplete)
        text = _("Gardé en brouillon, mais pas encore envoyé. Il manque : %(missing)s.")
        if is_outbox(request):
            return told(request, text % {"missing": missing}, back, lacks=True)
        messages.error(request, text % {"missing": missing})
        slug = request.organisation.slug
        return redirect("orders:contractor_variation_act", slug, saved.pk, "modifier")
    return told(request, words.gone, back)


def _edit(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    page = selectors.variation_page(request.actor, variation)
    if not page.can["ask"]:
        messages.warning(request, WORDS[variation.kind].frozen)
        return redirect(_own_url(request, variation))
    back = _own_url(request, variation)
    return write(request, variation.order, variation=variation, back=back)


@by_post
def _ask(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    services.ask_variation(actor=request.actor, variation_id=variation.pk)
    messages.success(request, WORDS[variation.kind].gone)
    return redirect(_own_url(request, variation))


@by_post
def _withdraw(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    return _withdrawn(request, variation)


def _withdrawn(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    if variation.kind == VariationKind.REDUCTION:
        services.withdraw_reduction(actor=request.actor, reduction_id=variation.pk)
    else:
        services.withdraw_variation(actor=request.actor, variation_id=variation.pk)
    messages.success(request, WORDS[variation.kind].withdrawn)
    return redirect(_order_url(request, variation.order_id))


@by_post
def _acknowledge(request: PortalRequest, variation: Variation) -> HttpResponseBase:
    services.acknowledge_variation(actor=request.actor, variation_id=variation.pk)
    messages.success(request, _("Réponse marquée comme lue."))
    return redirect(_order_url(request, variation.order_id))


CONTRACTOR_ACTS: dict[str, Act[Variation]] = {
    "modifier": _edit,
    "demander": _ask,
    "retirer": _withdraw,
    "lu": _acknowledge,
    "accorder": _accept,
    "refuser": _decline,
}
contractor_act = require_http_methods(["GET", "POST"])(crew(by_action(CONTRACTOR_ACTS, _find)))


@require_GET
@crew
def items(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The articles of an order's schedule that hold what is typed, to pick from."""
    order = access.get_order(request.actor, pk)
    return item_options(request, order.contract_id, services.price_date(order))


def _field(request: PortalRequest, pk: UUID, kind: str) -> HttpResponseBase:
    """From the phone, on site: a new one of a kind, or the draft that is there."""
    visit = access.get_visit(request.actor, pk)
    order = visit.order
    current = selectors.current_variation(order, kind)
    if is_outbox(request):
        return _sent_later(request, visit, kind, current)
    if current is not None and current.state != "draft":
        return redirect("orders:contractor_variation", request.organisation.slug, current.pk)
    draft = _find(request, current.pk) if current is not None else None
    if draft is None and not selectors.can_draft(request.actor, order, kind):
        messages.warning(request, _("Rien ne peut être demandé en plus sur cette commande."))
        return redirect("orders:field_visit", request.organisation.slug, visit.pk)
    back = reverse("orders:field_visit", args=[request.organisation.slug, visit.pk])
    return write(request, order, kind=kind, variation=draft, visit=visit, back=back)


def _sent_later(
    request: PortalRequest, visit: Visit, kind: str, current: Variation | None
) -> HttpResponseBase:
    """Take what waited on a phone: the draft of that key, or a new one; twice the same is one."""
    order, back = visit.order, ""
    if current is not None and str(current.pk) == request.POST.get("send_key"):
        if current.asked_at is not None:
            return told(request, str(WORDS[kind].gone), back)
        return write(request, order, variation=_find(request, current.pk), visit=visit, back=back)
    return write(request, order, kind=kind, visit=visit, back=back)


@require_http_methods(["GET", "POST"])
@field
def field_write(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """A variation, from the phone."""
    return _field(request, pk, VariationKind.VARIATION)


@require_http_methods(["GET", "POST"])
@field
def field_regularise(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """A regularisation, from the phone."""
    return _field(request, pk, VariationKind.REGULARISATION)
