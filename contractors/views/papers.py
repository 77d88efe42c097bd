"""Compliance papers: a company's own, and those of a landlord's companies."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from contractors import access, services
from contractors.models import PaperShare
from contractors.paper_forms import PaperDemandForm, PaperForm, RefusePaperForm
from contractors.selectors import papers as selectors
from contractors.views.invoices import contractor, contractor_desk, landlord, landlord_desk
from nexxio.core import clock, files
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from orders.views.common import add_errors, form_page, posted

# --- Of the company -------------------------------------------------------------------------------


def _own(request: PortalRequest) -> HttpResponseBase:
    """What the company has, what is asked, what to do."""
    context = {"page": selectors.company_papers(request.actor)}
    return render(request, "contractors/papers/own.html", context)


def _send(request: PortalRequest) -> HttpResponseBase:
    """Send a paper (?piece= names its kind)."""
    back = reverse("contractors:contractor_papers", args=[request.organisation.slug])
    form = PaperForm(
        posted(request),
        request.FILES if request.method == "POST" else None,
        initial={"code": request.GET.get("piece", ""), "issued_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            services.send_paper(
                actor=request.actor,
                code=found["code"],
                issued_on=found["issued_on"],
                expires_on=found["expires_on"],
                upload=found["file"],
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Pièce déposée : vos bailleurs la lisent dès maintenant."))
            return redirect(back)
    context = {"form": form, "back": back}
    return render(
        request, "contractors/papers/send.html", context, status=422 if form.errors else 200
    )


def _own_file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One of the company's own papers, as it was kept."""
    return files.serve(request, access.get_paper_file(request.actor, pk), download=True)


_both = require_http_methods(["GET", "POST"])
contractor_papers = require_GET(contractor(_own))
contractor_send = _both(contractor_desk(_send))
contractor_file = require_GET(contractor(_own_file))


# --- Of a landlord --------------------------------------------------------------------------------


def _companies(request: PortalRequest) -> HttpResponseBase:
    """The companies with what lacks."""
    asked = request.GET.get("voir", "")
    tab = asked if asked in selectors.TABS else selectors.TABS[0]
    q = request.GET.get("q", "").strip()[:80]
    number = request.GET.get("page", "1")
    context = {
        "page": selectors.companies(request.actor, tab=tab, q=q, number=number),
        "tab": tab,
        "q": q,
        "demand": selectors.demand_for_form(request.actor),
        "can_set": request.actor.has(Role.MANAGER),
    }
    return render(request, "contractors/papers/companies.html", context)


def _company(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The papers of one company."""
    company = access.get_company(request.actor, pk)
    page = selectors.landlord_page(request.actor, company, request.organisation)
    return render(request, "contractors/papers/company.html", {"page": page})


def _demand(request: PortalRequest) -> HttpResponseBase:
    """What is asked of all companies, and from when on it counts."""
    former = selectors.demand_for_form(request.actor)
    initial = {"counts_from": clock.today(), **PaperDemandForm.values_of(former)}
    return form_page(
        request,
        form=PaperDemandForm(posted(request), initial=initial),
        title=_("Attestations demandées"),
        intro=_(
            "Une pièce demandée qui manque, est périmée ou refusée bloque les factures de"
            " l’entreprise (B17), sans interrompre le délai légal de paiement."
        ),
        submit=_("Enregistrer"),
        back=reverse("contractors:landlord_papers", args=[request.organisation.slug]),
        save=lambda found: services.save_paper_demand(actor=request.actor, **found),
        done=_("C’est réglé : les entreprises concernées sont prévenues."),
    )


def _file(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The landlord's own copy of a paper."""
    return files.serve(request, access.get_share(request.actor, pk).file, download=True)


def _back(request: PortalRequest, share: PaperShare) -> str:
    slug = request.organisation.slug
    return reverse("contractors:landlord_company_papers", args=[slug, share.contractor_id])


@by_post
def _accept(request: PortalRequest, share: PaperShare) -> HttpResponseBase:
    services.accept_paper(actor=request.actor, share_id=share.pk)
    messages.success(request, _("Pièce acceptée."))
    return redirect(_back(request, share))


def _refuse(request: PortalRequest, share: PaperShare) -> HttpResponseBase:
    return form_page(
        request,
        form=RefusePaperForm(posted(request)),
        title=_("Refuser cette pièce"),
        intro=_("Elle compte alors comme manquante, pour vous seulement."),
        submit=_("Refuser la pièce"),
        back=_back(request, share),
        save=lambda found: services.refuse_paper(actor=request.actor, share_id=share.pk, **found),
        done=_("Pièce refusée : l’entreprise est prévenue."),
        tone="danger",
    )


def _find(request: PortalRequest, pk: UUID) -> PaperShare:
    return access.get_share(request.actor, pk, to="act")


ACTS: dict[str, Act[PaperShare]] = {"accepter": _accept, "refuser": _refuse}
landlord_papers = require_GET(landlord(_companies))
landlord_company = require_GET(landlord(_company))
landlord_demand = _both(portal(Side.LANDLORD, Role.MANAGER)(_demand))
landlord_file = require_GET(landlord(_file))
landlord_act = _both(landlord_desk(by_action(ACTS, _find)))
