"""Acts on many orders of the list at once: what will happen, then what became of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from nexxio.core import files, saved_views
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Incomplete, Invalid, Refused
from nexxio.core.http import PortalRequest, portal, posted_ids
from nexxio.core.models import Membership
from nexxio.core.pdfs import merged
from orders import access, services
from orders.forms import coded_reason
from orders.models import Order
from orders.selectors import bulk as selectors
from orders.selectors import lists
from orders.selectors.bulk import (
    ACCEPT,
    APPROVE,
    ASSIGN,
    CANCEL,
    CHASE,
    ISSUE,
    MOST,
    MOST_PRINTED,
    PRINT,
    TICKED,
    Ticked,
)
from orders.selectors.pages import technicians_of
from orders.states import CancelReason, OrderState
from orders.views.common import lacks_text
from orders.views.order_list import KEYS


@dataclass(frozen=True)
class BulkAct:
    """An act on many. verb: of the button; done: what a line says afterwards.

    form: what it asks for once, for all of them; its fields are the service's arguments.
    """

    service: Callable[..., Order]
    verb: Any
    icon: str
    done: Any
    form: Callable[[PortalRequest], forms.Form] | None = None


class BulkCancelForm(forms.Form):
    """Why they are given up. Whoever is under way is called first: one by one."""

    reason = coded_reason(CancelReason.choices)


class AssignForm(forms.Form):
    """Who goes."""

    technician_id = forms.TypedChoiceField(label=gettext_lazy("Technicien"), coerce=UUID)

    def __init__(self, *args: Any, technicians: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["technician_id"]
        assert isinstance(field, forms.ChoiceField)
        names = [(str(member.pk), str(member.user)) for member in technicians]
        field.choices = [("", _("Choisissez un technicien")), *names]


def _asked(request: PortalRequest) -> Any:
    return request.POST if "confirme" in request.POST else None


def _assign(*, actor: Actor, order_id: UUID, technician_id: UUID) -> Order:
    """Give the order's appointment to a technician. Raises Refused without one."""
    visit = selectors.appointment_of(actor, order_id)
    if visit is None:
        raise Refused(_("aucun rendez-vous à confier : proposez-en un d’abord"), code="visit")
    services.assign_technician(actor=actor, visit_id=visit.pk, technician_id=technician_id)
    return visit.order


ACTS: dict[str, BulkAct] = {
    ISSUE: BulkAct(
        services.issue_order, gettext_lazy("Transmettre"), "send", gettext_lazy("transmise")
    ),
    APPROVE: BulkAct(
        services.approve_order,
        gettext_lazy("Valider et transmettre"),
        "circle-check",
        gettext_lazy("validée et transmise"),
    ),
    ACCEPT: BulkAct(
        services.accept_order, gettext_lazy("Accepter"), "circle-check", gettext_lazy("acceptée")
    ),
    CHASE: BulkAct(
        services.chase_order, gettext_lazy("Relancer"), "alarm", gettext_lazy("relancée")
    ),
    CANCEL: BulkAct(
        services.cancel_order,
        gettext_lazy("Annuler"),
        "ban",
        gettext_lazy("annulée"),
        form=lambda request: BulkCancelForm(_asked(request)),
    ),
    ASSIGN: BulkAct(
        _assign,
        gettext_lazy("Confier"),
        "user-check",
        gettext_lazy("confiée"),
        form=lambda request: AssignForm(_asked(request), technicians=technicians_of(request.actor)),
    ),
}


@dataclass(frozen=True)
class Result:
    """What became of a line. problem: why it was left alone; ""."""

    row: Ticked
    done: str
    problem: str = ""


def _bulk(request: PortalRequest) -> HttpResponseBase:
    """Ask for a confirmation; confirmed, do each in its own transaction, through its own door."""
    name = request.POST.get("acte", "")
    if name not in TICKED[request.actor.side]:
        raise Http404
    query = saved_views.canonical(request.POST.get("retour", "")[:600], KEYS)
    back = reverse(f"orders:{request.actor.side.value}_list", args=[request.organisation.slug])
    if query:
        back += f"?{query}"
    keys, is_cut = _keys(request, name, query)
    rows = selectors.ticked(request.actor, keys, name)
    if not rows:
        messages.warning(request, _("Cochez au moins une commande."))
        return redirect(back)
    if name == PRINT:
        return _print(request, rows, back)
    act = ACTS[name]
    form = act.form(request) if act.form else None
    context = {"act": act, "name": name, "back": back, "query": query, "form": form}
    if "confirme" in request.POST and (form is None or form.is_valid()):
        given = form.cleaned_data if form else {}
        results = [_one(request, row, act, given) for row in rows]
        done = [each for each in results if not each.problem]
        counts = {"done": len(done), "refused": len(results) - len(done)}
        return render(request, "orders/bulk/results.html", {**context, **counts, "rows": results})
    ready = [row for row in rows if not row.obstacle]
    total = sum((row.total for row in ready), Decimal(0))
    context |= {"rows": rows, "ready": ready, "sum": total, "is_cut": is_cut, "most": MOST}
    status = 422 if form is not None and form.errors else 200
    return render(request, "orders/bulk/confirm.html", context, status=status)


def _keys(request: PortalRequest, name: str, query: str) -> tuple[list[UUID], bool]:
    """Return what was ticked, or all that the list holds; tell whether there is more of it."""
    if "tout" in request.POST:
        filters = lists.Filters.read(QueryDict(query), request.actor)
        return selectors.keys_of_all(request.actor, filters, name)
    return posted_ids(request, "commande", most=MOST), False


def _print(request: PortalRequest, rows: list[Ticked], back: str) -> HttpResponseBase:
    """Answer the printed orders as one PDF. In clear each is a look at the contact: logged.

    Too many are refused; which ones aren't printed yet the next page says.
    """
    if len(rows) > MOST_PRINTED:
        text = _(
            "%(most)s bons au plus par impression : cochez-en moins, ou resserrez les filtres."
        )
        messages.warning(request, text % {"most": MOST_PRINTED})
        return redirect(back)
    found, missing = [], []
    for row in rows:
        try:
            document, file = access.get_document(request.actor, row.order.pk)
        except Http404:
            missing.append(row.order.reference)
            continue
        if document.in_clear and request.actor.side is Side.CONTRACTOR:
            services.read_contact(actor=request.actor, order_id=row.order.pk)
        found.append(files.read(request.actor, file, order_id=row.order.pk))
    if not found:
        messages.warning(request, _("Aucun bon n’est encore prêt pour ces commandes."))
        return redirect(back)
    if missing:
        text = _("Sans bon prêt, absentes du PDF : %(missing)s.")
        messages.warning(request, text % {"missing": ", ".join(missing)})
    response = HttpResponse(merged(found), content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="bons.pdf"'
    return response


landlord_bulk = require_POST(portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)(_bulk))
contractor_bulk = require_POST(portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)(_bulk))


def _one(request: PortalRequest, row: Ticked, act: BulkAct, given: dict[str, Any]) -> Result:
    try:
        order = access.get_order(request.actor, row.order.pk, to="edit")
        moved = act.service(actor=request.actor, order_id=order.pk, **given)
    except Incomplete as incomplete:
        missing = lacks_text(incomplete)
        return Result(row, "", _("incomplète (%(missing)s)") % {"missing": missing})
    except Invalid as invalid:
        return Result(row, "", " ".join(text for told in invalid.errors.values() for text in told))
    except Refused as refusal:
        return Result(row, "", refusal.message)
    except (Http404, Order.DoesNotExist):
        return Result(row, "", _("cette commande n’existe plus"))
    if moved.state == OrderState.PENDING_APPROVAL:
        return Result(row, _("envoyée en validation"))
    return Result(row, str(act.done))
