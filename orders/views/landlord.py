"""The landlord's pages: desk, list, board, order, contracts."""

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

from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Incomplete, Invalid
from nexxio.core.http import PortalRequest, portal, posted_id
from orders import access, policies, services
from orders.file_forms import AttachForm
from orders.forms import (
    CancelForm,
    CommitmentForm,
    ContactForm,
    DecideForm,
    DepartmentForm,
    ReasonForm,
    ReopenForm,
    SupersedeForm,
)
from orders.models import Order
from orders.selectors import desks, pages, territory
from orders.selectors.attribution import choices_of, others_due
from orders.selectors.criteria import read_key
from orders.selectors.unreached import unreached
from orders.states import DeclineReason
from orders.views import absences, certificates, holds, reductions, shapes
from orders.views.common import add_errors, form_page, lacks_text, posted
from orders.views.talk import portal_context

landlord = portal(Side.LANDLORD)
desk_only = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)


@require_GET
@landlord
def home(request: PortalRequest) -> HttpResponseBase:
    """What waits for us today."""
    slug = request.organisation.slug
    reach = territory.reach_of(request.actor, request.GET)
    desk = desks.landlord_desk(request.actor, reach)
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
def detail(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The order page."""
    order = access.get_order(request.actor, pk)
    page = pages.order_page(request.actor, order)
    acts = shapes.head_acts(page, "landlord", request.organisation.slug)
    context = {
        "page": page,
        "acts": acts,
        "turn_act": shapes.turn_act(page, "landlord", request.organisation.slug),
        "side": "landlord",
        "unreached": unreached(request.actor, order),
        "can_correct_contact": policies.can_correct_contact(request.actor, order),
    }
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
            note=data["note"],
            call_noted=data.get("call_noted", False),
        ),
    )


def _correct_contact(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Put the numbers right; the tenant gets a new link there."""
    found = order.contact
    known = {"phone": found.phone, "second_phone": found.second_phone, "email": found.email}
    return form_page(
        request,
        form=ContactForm(posted(request), initial=known),
        title=_("Corriger le contact de %s") % order.reference,
        intro=_("Le locataire reçoit aussitôt un nouveau lien de suivi ; l’ancien s’arrête."),
        submit=_("Corriger"),
        done=_("Contact corrigé."),
        back=_back(request, order),
        save=lambda data: services.correct_contact(actor=request.actor, order_id=order.pk, **data),
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
    due = others_due(order)
    contracts = choices_of(due)
    if not contracts:
        messages.warning(
            request,
            _("Aucune autre entreprise n’a de marché en vigueur pour ce corps d’état et ce lieu."),
        )
        return redirect(_back(request, order))
    initial: dict[str, object] = {"contract": due.first.pk} if due.first else {}
    if order.state == "declined":
        lacks = order.decline_reason == DeclineReason.NO_CAPACITY
        initial["reason"] = "no_capacity" if lacks else "reserves"
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
            if order.state == "partly_done":
                messages.warning(
                    request,
                    _(
                        "Une partie est déjà faite et sera constatée : ne gardez ici que ce qui"
                        " reste à faire."
                    ),
                )
            if any(line.to_price for line in services.typed_lines(made)):
                messages.warning(
                    request,
                    _(
                        "Des lignes ne sont pas au bordereau de cette entreprise : demandez-lui"
                        " leur prix, puis écrivez-le sous « Hors bordereau »."
                    ),
                )
            return redirect("orders:landlord_edit", request.organisation.slug, made.pk)
    return form_page(
        request,
        form=form,
        title=_("Confier %s à une autre entreprise") % order.reference,
        intro=_(
            "Une nouvelle commande est préparée, avec le même contenu aux prix de l’autre"
            " entreprise ; l’ancienne prend fin quand vous la transmettez. Elle reste sur le même"
            " dossier et le lien du locataire continue, sauf si le locataire a changé."
        ),
        submit=_("Préparer la commande"),
        done="",
        back=_back(request, order),
        save=lambda _data: None,
    )


@by_post
def _correct(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Draft a declined order again for the same company, and lead to it."""
    made = services.draft_correction(actor=request.actor, order_id=order.pk)
    messages.success(request, _("Corrigez, puis transmettez : la réponse de l’entreprise suit."))
    return redirect("orders:landlord_edit", request.organisation.slug, made.pk)


@by_post
def _duplicate(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Draft the same once more, on a case of its own, and lead to it."""
    made = services.duplicate_order(actor=request.actor, order_id=order.pk)
    done = _("Brouillon %(new)s, copie de %(old)s : vérifiez, puis transmettez.")
    messages.success(request, done % {"new": made.reference, "old": order.reference})
    return redirect("orders:landlord_edit", request.organisation.slug, made.pk)


def _attach(request: PortalRequest, order: Order) -> HttpResponseBase:
    """Attach a photo, a plan, a report; it is read at once where the order has left."""
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AttachForm(*bound, required=True)
    return form_page(
        request,
        form=form,
        title=_("Joindre une pièce à %s") % order.reference,
        intro=_("Photo, plan, rapport amiante, diagnostic : JPEG, PNG ou PDF, 15 Mo au plus."),
        submit=_("Joindre"),
        done=_("Pièce jointe."),
        back=_back(request, order),
        template="orders/landlord/attach.html",
        save=lambda _data: services.attach_files(
            actor=request.actor, order_id=order.pk, **form.asked()
        ),
    )


@by_post
def _withdraw_file(request: PortalRequest, order: Order) -> HttpResponseBase:
    file_id = posted_id(request, "piece")
    if not order.files.filter(pk=file_id).exists():
        raise Http404
    services.withdraw_file(actor=request.actor, order_id=order.pk, file_id=file_id)
    messages.success(request, _("Pièce retirée : l’entreprise ne l’ouvre plus."))
    return redirect(_back(request, order))


def _sheet_of(request: PortalRequest, order: Order) -> UUID:
    """Return the sheet of hours that is answered; Http404 for none of the order's."""
    key = read_key(request.POST.get("piece") or request.GET.get("piece", ""))
    if key is None or not order.pieces.filter(pk=key, withdrawn_at__isnull=True).exists():
        raise Http404
    return key


@by_post
def _accept_sheet(request: PortalRequest, order: Order) -> HttpResponseBase:
    services.answer_sheet(actor=request.actor, piece_id=_sheet_of(request, order), accepted=True)
    messages.success(request, _("Attachement signé : l’entreprise le voit."))
    return redirect(_back(request, order))


def _refuse_sheet(request: PortalRequest, order: Order) -> HttpResponseBase:
    piece_id = _sheet_of(request, order)
    return form_page(
        request,
        form=ReasonForm(posted(request)),
        title=_("Refuser l’attachement de %s") % order.reference,
        intro=_("L’entreprise lit pourquoi, et en joint un autre."),
        submit=_("Refuser"),
        done=_("Attachement refusé : l’entreprise est prévenue."),
        back=_back(request, order),
        save=lambda data: services.answer_sheet(
            actor=request.actor, piece_id=piece_id, accepted=False, note=data["reason"]
        ),
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


def _decide_next(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=DecideForm(posted(request)),
        title=_("Décider de la suite de %s") % order.reference,
        intro=order.next_step,
        submit=_("Transmettre ma décision"),
        done=_("Décision transmise : l’entreprise prévoit la suite."),
        back=_back(request, order),
        save=lambda data: services.decide_next_step(actor=request.actor, order_id=order.pk, **data),
    )


def _send_back(request: PortalRequest, order: Order) -> HttpResponseBase:
    """What waits for a limit goes back to whoever typed it: before its issue, or after a return."""
    again = policies.awaits_reissue(order)
    service = services.refuse_reissue if again else services.send_back_order
    return form_page(
        request,
        form=ReasonForm(posted(request)),
        title="Renvoyer à son auteur",
        submit="Renvoyer",
        done=f"Commande {order.reference} renvoyée à son auteur.",
        back=_back(request, order),
        save=lambda data: service(actor=request.actor, order_id=order.pk, reason=data["reason"]),
    )


def _reopen(request: PortalRequest, order: Order) -> HttpResponseBase:
    return form_page(
        request,
        form=ReopenForm(posted(request)),
        title=f"Signaler {order.reference} non réglée",
        intro="L’entreprise est prévenue qu’elle doit revenir.",
        submit="Rouvrir la commande",
        done=f"Commande {order.reference} rouverte : l’entreprise est prévenue.",
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
            missing = lacks_text(incomplete)
            text = f"{incomplete.message} Manque : {missing}."
            if not policies.can_edit(request.actor, order):
                messages.error(request, f"{text} Renvoyez-la à son auteur.")
                return redirect(_back(request, order))
            messages.error(request, text)
            return redirect("orders:landlord_edit", request.organisation.slug, order.pk)
        messages.success(request, said or _DONE.get(moved.state, "C’est fait."))
        return redirect(_back(request, order))

    return act_at_once


_DONE = {
    "issued": "La commande est transmise à l’entreprise.",
    "pending_approval": "Le montant dépasse votre limite : la commande attend une validation.",
}
ACTS: dict[str, Act[Order]] = {
    **holds.ACTS,
    **absences.ORDER_ACTS,
    "verifier": certificates.check,
    "annuler": _cancel,
    "confier-a-une-autre": _supersede,
    "corriger": _correct,
    "dupliquer": _duplicate,
    "reprendre": _at_once(services.recall_order, "La commande est de nouveau un brouillon."),
    "service": _give_department,
    "moins-value": reductions.propose,
    "engagement": _give_commitment,
    "sceller-la-levee": certificates.seal_lifting,
    "sceller-les-bons": certificates.seal_sign_offs,
    "joindre": _attach,
    "retirer-la-piece": _withdraw_file,
    "signer-l-attachement": _accept_sheet,
    "refuser-l-attachement": _refuse_sheet,
    "suite": _decide_next,
    "renvoyer": _send_back,
    "rouvrir": _reopen,
    "transmettre": _at_once(services.issue_order),
    "valider": _at_once(services.approve_order),
    "transmettre-a-nouveau": _at_once(services.reissue_order),
    "demander-a-transmettre": _at_once(
        services.ask_reissue, "La demande est faite à ceux dont la limite couvre le montant."
    ),
    "corriger-le-contact": _correct_contact,
    "renouveler-le-lien": _at_once(
        services.renew_link, "L’ancien lien ne marche plus ; le nouveau part au locataire."
    ),
}
act = require_http_methods(["GET", "POST"])(desk_only(by_action(ACTS, _find)))


def _who_hears(order: Order) -> str:
    """Say who is told of a cancellation: whoever may read the order now."""
    if order.contractor_id is None:
        return "C’est définitif."
    if order.reader_case_id is None:
        return "L’entreprise en est informée. C’est définitif."
    return "L’entreprise et le locataire en sont informés. C’est définitif."
