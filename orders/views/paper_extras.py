"""Extra works that a company without an account asks for behind its printed order's code.

The same services as its desk and phones. Nothing is kept as a draft here: what can't be sent is
said, with what it lacks. Articles are typed by their code: a paper that was lost opens no schedule.
"""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from nexxio.core.acts import Act
from nexxio.core.errors import Incomplete, Invalid
from nexxio.core.http import PortalRequest
from orders import services, variation_policies
from orders.line_forms import line_inputs
from orders.models import Order, Variation
from orders.paper_forms import HolderForm, PaperRegularisationForm, PaperVariationForm
from orders.selectors.variations import can_draft, current_variation
from orders.services import VariationInput
from orders.variation_forms import lines_of
from orders.variation_states import WORDS, VariationKind
from orders.views.common import add_errors, lacks_text, posted
from orders.views.paper_parts import LAYOUT, answer, back_of, known, run_as_holder

_FORMS = {
    VariationKind.VARIATION: PaperVariationForm,
    VariationKind.REGULARISATION: PaperRegularisationForm,
}


def _ask(request: PortalRequest, order: Order, *, kind: VariationKind) -> HttpResponseBase:
    """Write a request and send it at once."""
    form = _FORMS[kind](posted(request), request.FILES or None, initial=known(request))
    if not can_draft(request.actor, order, kind):
        raise Http404
    formset = lines_of(order, None, posted(request), by_code=True)
    if request.method == "POST" and form.is_valid() & formset.is_valid():
        data = form.variation_input(line_inputs(formset))
        try:
            send = partial(_send, request, order, data)
            run_as_holder(request, form.cleaned_data["holder"], send)
        except Invalid as invalid:
            add_errors(form, invalid)
        except Incomplete as incomplete:
            missing = lacks_text(incomplete)
            form.add_error(None, _("Il manque : %(missing)s.") % {"missing": missing})
        else:
            messages.success(request, WORDS[kind].gone)
            return redirect(back_of(request))
    context = {
        "form": form,
        "formset": formset,
        "order": order,
        "words": WORDS[kind],
        "back": back_of(request),
        "items_url": "",
        "layout": LAYOUT,
    }
    bad = form.is_bound and bool(form.errors or not formset.is_valid())
    return render(request, "orders/variations/form.html", context, status=422 if bad else 200)


def _send(request: PortalRequest, order: Order, data: VariationInput) -> None:
    drafted = services.draft_variation(actor=request.actor, order_id=order.pk, data=data)
    if drafted.asked_at is None:  # else it was sent again after a lost answer
        services.ask_variation(actor=request.actor, variation_id=drafted.pk)


def _withdraw(request: PortalRequest, order: Order, *, kind: VariationKind) -> HttpResponseBase:
    found = _open_extra(request, order, kind)
    if found is None:
        raise Http404
    return answer(
        request,
        HolderForm(posted(request), initial=known(request)),
        lambda _found: services.withdraw_variation(actor=request.actor, variation_id=found.pk),
        title=str(WORDS[kind].numbered) % {"n": found.number},
        intro=_("Le bailleur n’aura plus à répondre ; la commande reste comme elle est."),
        submit=_("Retirer la demande"),
        done=str(WORDS[kind].withdrawn),
        tone="danger",
    )


def _open_extra(request: PortalRequest, order: Order, kind: VariationKind) -> Variation | None:
    """Return what waits for the landlord's answer and may be taken back here."""
    found = current_variation(order, kind)
    may = found is not None and variation_policies.can_do("withdraw", request.actor, found)
    return found if may else None


ACTS: dict[str, Act[Order]] = {
    "devis": partial(_ask, kind=VariationKind.VARIATION),
    "regularisation": partial(_ask, kind=VariationKind.REGULARISATION),
    "retirer-devis": partial(_withdraw, kind=VariationKind.VARIATION),
    "retirer-regularisation": partial(_withdraw, kind=VariationKind.REGULARISATION),
}
