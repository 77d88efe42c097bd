"""Bonus and malus: statements of both sides, the period that runs, what is contested."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluations import access, policies, services
from evaluations.bonus_files import COLUMNS, with_sums
from evaluations.bonus_forms import AnswerForm, ContestLineForm, DocumentForm
from evaluations.bonus_sums import Sums
from evaluations.bonus_terms import ContestOutcome
from evaluations.models import BonusContest, BonusLine, BonusStatement
from evaluations.selectors import bonus
from evaluations.selectors.bonus_rows import measured, threshold
from evaluations.selectors.bonus_sheet import print_of
from evaluations.views.desk import contractor, contractor_desk, landlord, landlord_desk
from evaluations.views.tabs import tabs, url_of
from nexxio.core import clock, files
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Conflict, Refused
from nexxio.core.http import PortalRequest
from nexxio.core.templatetags.ui import money_text
from orders import access as orders_access
from orders.list_files import csv_export, xlsx_export
from orders.views.common import form_page, posted


def _list(request: PortalRequest) -> HttpResponseBase:
    """Statements, the newest first."""
    state = request.GET.get("etat", "")
    page = bonus.statements(state=state, page=request.GET.get("page", "1"))
    context = {
        "page": page,
        "waiting": bonus.unanswered_rules(),
        "state": state,
        "states": bonus.STATES,
        "side": request.actor.side.value,
        "tabs": tabs(request, "bonus"),
        "contracts_url": reverse(
            f"orders:{request.actor.side.value}_contracts", args=[request.organisation.slug]
        ),
    }
    return render(request, "evaluations/bonus/list.html", context)


def _now(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The period that runs on a contract, as it stands."""
    contract = orders_access.get_contract(request.actor, pk)
    if not policies.reads(request.actor):
        raise Http404
    part = request.GET.get("lignes", "")
    page = bonus.now_page(contract, part=part, page=request.GET.get("page", "1"))
    context = {
        "page": page,
        "part": part,
        "parts": bonus.PARTS[:2],
        "figures": _figures(page.counted.sums) if page.counted else [],
        **_places(request, contract.pk),
    }
    return render(request, "evaluations/bonus/now.html", context)


def _statement(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One statement, line by line."""
    statement = access.get_statement(request.actor, pk)
    part = request.GET.get("lignes", "")
    page = bonus.statement_page(
        request.actor, statement, part=part, page=request.GET.get("page", "1")
    )
    context = {
        "page": page,
        "statement": statement,
        "printed": print_of(statement),
        "part": part,
        "parts": bonus.PARTS,
        "figures": _figures(statement),
        **_places(request, statement.contract_id),
    }
    return render(request, "evaluations/bonus/statement.html", context)


def _file(request: PortalRequest, pk: UUID, ending: str) -> HttpResponseBase:
    """A statement as a file, line by line; as a PDF once a worker has printed it."""
    if ending not in {"csv", "xlsx", "pdf"}:
        raise Http404
    statement = access.get_statement(request.actor, pk)
    if ending == "pdf":
        return files.serve(
            request, access.get_statement_file(request.actor, statement), download=True
        )
    rows = with_sums(bonus.statement_rows(statement), statement)
    name = f"releve-{statement.first:%Y-%m}-{statement.pk.hex[-6:]}"
    if ending == "csv":
        return csv_export(rows, name, COLUMNS)
    return xlsx_export(rows, name, COLUMNS, sheet_name="Relevé")


@by_post
def _close(request: PortalRequest, statement: BonusStatement) -> HttpResponseBase:
    try:
        services.close_statement(actor=request.actor, statement_id=statement.pk)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Le relevé est clos : rien n’y change plus."))
    return redirect(_page_url(request, statement.pk))


@by_post
def _prepare(request: PortalRequest, statement: BonusStatement) -> HttpResponseBase:
    try:
        invoice = services.prepare_document(actor=request.actor, statement_id=statement.pk)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect(_page_url(request, statement.pk))
    messages.success(
        request, _("Le document %s est préparé : relisez-le, puis déposez-le.") % invoice
    )
    slug = request.organisation.slug
    return redirect(reverse("contractors:contractor_invoice", args=[slug, invoice.pk]))


def _note(request: PortalRequest, statement: BonusStatement) -> HttpResponseBase:
    if not policies.may_note_document(request.actor, statement):
        raise Conflict(_("Il n’y a rien à solder sur ce relevé pour l’instant."))
    return form_page(
        request,
        form=DocumentForm(posted(request)),
        title=_("Noter le document qui solde le relevé"),
        intro=statement.reference,
        submit=_("Noter le numéro"),
        done=_("Le numéro est noté : le bailleur le lit sur le relevé."),
        back=_page_url(request, statement.pk),
        save=lambda found: services.note_document(
            actor=request.actor, statement_id=statement.pk, **found
        ),
    )


def _contest(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The company contests a line."""
    line = access.get_bonus_line(request.actor, pk)
    if not policies.may_contest(request.actor, line.statement, clock.now()):
        raise Conflict(_("Ce relevé ne peut plus être contesté."))
    return form_page(
        request,
        form=ContestLineForm(posted(request)),
        title=_("Contester une ligne"),
        intro=_said(line),
        submit=_("Envoyer la contestation"),
        done=_("Votre contestation est transmise au bailleur."),
        back=_page_url(request, line.statement_id),
        save=lambda found: services.contest_line(actor=request.actor, line_id=line.pk, **found),
    )


def _answer(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The landlord answers to a contested line."""
    contest = access.get_bonus_contest(request.actor, pk)
    if contest.outcome or contest.statement.closed_at is not None:
        raise Conflict(_("Cette contestation a déjà sa réponse."))
    return form_page(
        request,
        form=AnswerForm(posted(request)),
        title=_("Répondre à une contestation"),
        intro=f"{_said(contest.line)} · « {contest.reason} »",
        submit=_("Enregistrer la réponse"),
        done=_("La réponse est enregistrée, et le relevé recalculé."),
        back=_page_url(request, contest.statement_id),
        save=lambda found: _save_answer(request, contest, **found),
    )


def _save_answer(
    request: PortalRequest, contest: BonusContest, *, outcome: str, answer: str
) -> None:
    services.answer_contest(
        actor=request.actor,
        contest_id=contest.pk,
        keeps=outcome == ContestOutcome.KEPT,
        answer=answer,
    )


# --- inside -----------------------------------------------------------------------------------


def _page_url(request: PortalRequest, pk: UUID) -> str:
    return url_of(request, "bonus_statement", pk)


def _places(request: PortalRequest, contract_id: UUID) -> dict[str, object]:
    side, slug = request.actor.side.value, request.organisation.slug
    return {
        "side": side,
        "back": url_of(request, "bonus"),
        "contract_url": reverse(f"orders:{side}_contract", args=[slug, contract_id]),
    }


def _said(line: BonusLine) -> str:
    value = measured(line.fact, line.value, failed=line.failed, outcome=line.outcome)
    return (
        f"{line.order.reference} · {line.get_fact_display()} : {value}"
        f" ({_('seuil')} : {threshold(line.fact, line.limit)}) · {money_text(line.amount)}"
    )


def _figures(of: Sums | BonusStatement) -> list[dict[str, object]]:
    """Return the sums of a statement, or of the period that runs."""
    tone = "success" if of.total > 0 else "warning" if of.total < 0 else ""
    return [
        {
            "label": _("Résultat HT"),
            "value": money_text(of.total),
            "icon": "scale",
            "tone": tone,
        },
        {"label": _("Bonus"), "value": money_text(of.bonus), "icon": "trending-up"},
        {"label": _("Malus"), "value": money_text(of.malus), "icon": "trending-down"},
        {
            "label": _("Perception des locataires"),
            "value": money_text(of.perception),
            "icon": "message-star",
        },
        {"label": _("Effet du plafond"), "value": money_text(of.cap), "icon": "arrows-minimize"},
        *_regularised(of),
        {
            "label": _("Travaux facturés HT"),
            "value": money_text(of.base),
            "icon": "file-invoice",
        },
    ]


def _regularised(of: Sums | BonusStatement) -> list[dict[str, object]]:
    """Return what earlier statements give back, where anything does."""
    if not of.regularised:
        return []
    value = money_text(of.regularised)
    return [{"label": _("Régularisations"), "value": value, "icon": "arrow-back-up"}]


def _find(request: PortalRequest, pk: UUID) -> BonusStatement:
    return access.get_statement(request.actor, pk)


LANDLORD_ACTS: dict[str, Act[BonusStatement]] = {"clore": _close}
CONTRACTOR_ACTS: dict[str, Act[BonusStatement]] = {
    "clore": _close,
    "preparer": _prepare,
    "document": _note,
}

landlord_bonus = require_GET(landlord(_list))
contractor_bonus = require_GET(contractor(_list))
landlord_now = require_GET(landlord(_now))
contractor_now = require_GET(contractor(_now))
landlord_statement = require_GET(landlord(_statement))
contractor_statement = require_GET(contractor(_statement))
landlord_file = require_GET(landlord(_file))
contractor_file = require_GET(contractor(_file))
landlord_act = require_http_methods(["GET", "POST"])(landlord_desk(by_action(LANDLORD_ACTS, _find)))
contractor_act = require_http_methods(["GET", "POST"])(
    contractor_desk(by_action(CONTRACTOR_ACTS, _find))
)
landlord_answer = require_http_methods(["GET", "POST"])(landlord_desk(_answer))
contractor_contest = require_http_methods(["GET", "POST"])(contractor_desk(_contest))
