"""The landlord's pages: desk, list, board, order, contracts."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Incomplete, Invalid
from nexxio.core.http import PortalRequest, portal
from orders import access, services
from orders.forms import (
    CancelForm,
    CommitmentForm,
    DepartmentForm,
    ReasonForm,
    ReopenForm,
    SupersedeForm,
)
from orders.models import Order
from orders.selectors import boards, lists, pages, territory
from orders.selectors.contracts import other_companies
from orders.selectors.trades import trade_choices
from orders.views import absences, certificates, holds, reductions, shapes
from orders.views.common import SILENCES, TURNS, add_errors, form_page, posted
from orders.views.talk import portal_context

landlord = portal(Side.LANDLORD)
desk_only = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)


@require_GET
@landlord
def home(request: PortalRequest) -> HttpResponseBase:
    """What waits for us today."""
    slug = request.organisation.slug
    reach = territory.reach_of(request.actor, request.GET)
    desk = boards.landlord_desk(request.actor, reach)
    list_url = reverse("orders:landlord_list", args=[slug])
    context = {
        "desk": desk,
        "figures": shapes.figures(desk, list_url, reach.suffix),
        "reach": shapes.reach_chips(reach, request.GET),
        "suffix": reach.suffix,
        "is_narrow": reach.is_narrow,
        "list_url": list_url,
        "side": "landlord",
        "subtitle": _("Ce qui attend votre service"),
        "act": {
            "url": reverse("orders:landlord_new", args=[slug]),
            "icon": "plus",
            "label": _("Nouvelle commande"),
            "primary": True,
        },
    }
    return render(request, "orders/home.html", context)


@require_GET
@landlord
def board(request: PortalRequest) -> HttpResponseBase:
    """Open orders by what comes next, narrowed as the list is."""
    filters = lists.Filters.read(request.GET, request.actor)
    columns = shapes.board_columns(boards.board(request.actor, filters), request.organisation.slug)
    context = {
        "columns": columns,
        "reach": shapes.reach_chips(filters.reach, request.GET),
        "filters": filters,
        "trades": trade_choices(),
        "turns": TURNS[Side.LANDLORD],
        "silences": SILENCES,
    }
    return render(request, "orders/landlord/board.html", context)


@require_GET
@landlord
def detail(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The order page."""
    order = access.get_order(request.actor, pk)
    page = pages.order_page(request.actor, order)
    acts = shapes.head_acts(page, "landlord", request.organisation.slug)
    context = {"page": page, "acts": acts, "side": "landlord"}
    # The page's own live fragment leaves the conversation alone: that one has its own.
    talk = {} if request.htmx else portal_context(request, order)
    return render(request, "orders/detail.html", {**talk, **context})


def _find(request: PortalRequest, pk: UUID) -> Order:
    return access.get_order(request.actor, pk, to="edit")


def _back(request: PortalRequest, order: Order) -> str:
    return reverse("orders:landlord_detail", args=[request.organisation.slug, order.pk])


def _cancel(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=CancelForm(posted(request), under_way=pages.is_under_way(order)),
        title=f"Annuler la commande {order.reference}",
        intro=_who_hears(order),
        submit="Annuler la commande",
        done=f"Commande {order.reference} annulée.",
        tone="danger",
        back=_back(request, order),
        save=lambda data: services.cancel_order(
            actor=request.actor,
            order_id=order.pk,
            reason=data["reason"],
            call_noted=data.get("call_noted", False),
        ),
    )


def _give_department(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Let another service answer what the company waits for."""
    return form_page(
        request,
        form=DepartmentForm(posted(request), initial={"department": order.department}),
        title=f"Confier {order.reference} à un autre service",
        intro="Ce service répond à l’entreprise désormais ; le changement est au journal.",
        submit="Confier à ce service",
        done="Le service est changé.",
        back=_back(request, order),
        save=lambda data: services.give_department(
            actor=request.actor, order_id=order.pk, department=data["department"]
        ),
    )


def _supersede(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Draft the order by which another company takes over, and lead to it."""
    contracts = other_companies(order)
    if not contracts:
        messages.warning(
            request, _("Aucune autre entreprise n’a de marché en vigueur pour ce corps d’état.")
        )
        return redirect(_back(request, order))
    initial = {"reason": "reserves"} if order.state == "declined" else None
    form = SupersedeForm(posted(request), contracts=contracts, initial=initial)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            made = services.draft_successor(
                actor=request.actor,
                order_id=order.pk,
                contract_id=found["contract"],
                reason=found["reason"],
                note=found["note"],
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            done = _("Brouillon %(new)s prêt : vérifiez ses lignes, puis transmettez-le.")
            messages.success(request, done % {"new": made.reference})
            return redirect("orders:landlord_edit", request.organisation.slug, made.pk)
    return form_page(
        request,
        form=form,
        title=_("Confier %s à une autre entreprise") % order.reference,
        intro=_(
            "Une nouvelle commande est préparée sur le même dossier, avec le même contenu ;"
            " l’ancienne prend fin quand vous la transmettez. Le lien du locataire continue."
        ),
        submit=_("Préparer la commande"),
        done="",
        back=_back(request, order),
        save=lambda _data: None,
    )


def _give_commitment(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=CommitmentForm(posted(request)),
        title=_("Engagement de la commande %s") % order.reference,
        intro=_("L’entreprise les reporte sur sa facture ; ce qui l’attendait est débloqué."),
        submit=_("Donner ces numéros"),
        done=_("Numéros donnés : l’entreprise les voit."),
        back=_back(request, order),
        save=lambda data: services.give_commitment(actor=request.actor, order_id=order.pk, **data),
    )


def _send_back(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=ReasonForm(posted(request)),
        title="Renvoyer à son auteur",
        submit="Renvoyer",
        done=f"Commande {order.reference} renvoyée à son auteur.",
        back=_back(request, order),
        save=lambda data: services.send_back_order(
            actor=request.actor, order_id=order.pk, reason=data["reason"]
        ),
    )


def _reopen(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=ReopenForm(posted(request)),
        title=f"Signaler {order.reference} non réglée",
        intro="L'entreprise est prévenue qu'elle doit revenir.",
        submit="Rouvrir la commande",
        done=f"Commande {order.reference} rouverte : l'entreprise est prévenue.",
        back=_back(request, order),
        save=lambda data: services.reopen_order(
            actor=request.actor, order_id=order.pk, reason=data["reason"]
        ),
    )


def _at_once(service: Callable[..., Order], said: str = "") -> Act[Order]:
    """Return the act of a button that asks for nothing more. said: else what the state says."""

    @by_post
    def act_at_once(request: PortalRequest, order: Order) -> HttpResponseBase:
        try:
            moved = service(actor=request.actor, order_id=order.pk)
        except Incomplete as incomplete:
            missing = ", ".join(sentence.lower() for _code, sentence in incomplete.missing)
            messages.error(request, f"{incomplete.message} Manque : {missing}.")
            return redirect("orders:landlord_edit", request.organisation.slug, order.pk)
        messages.success(request, said or _DONE.get(moved.state, "C'est fait."))
        return redirect(_back(request, order))

    return act_at_once


_DONE = {
    "issued": "La commande est transmise à l'entreprise.",
    "pending_approval": "Le montant dépasse votre limite : la commande attend une validation.",
}
ACTS: dict[str, Act[Order]] = {
    **holds.ACTS,
    **absences.ORDER_ACTS,
    "verifier": certificates.check,
    "annuler": _cancel,
    "confier-a-une-autre": _supersede,
    "service": _give_department,
    "moins-value": reductions.propose,
    "engagement": _give_commitment,
    "renvoyer": _send_back,
    "rouvrir": _reopen,
    "transmettre": _at_once(services.issue_order),
    "valider": _at_once(services.approve_order),
    "transmettre-a-nouveau": _at_once(services.reissue_order),
    "renouveler-le-lien": _at_once(
        services.renew_link, "L'ancien lien ne marche plus ; le nouveau part au locataire."
    ),
}
act = require_http_methods(["GET", "POST"])(desk_only(by_action(ACTS, _find)))


def _who_hears(order: Order) -> str:
    """Say who is told of a cancellation: whoever may read the order now."""
    if order.contractor_id is None:
        return "C'est définitif."
    if order.reader_case_id is None:
        return "L'entreprise en est informée. C'est définitif."
    return "L'entreprise et le locataire en sont informés. C'est définitif."
