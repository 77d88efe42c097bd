"""The work of the worker that prints a document: read with its reader's eyes, printed, kept."""

from __future__ import annotations

from evaluations import access
from evaluations.bonus_spans import Span
from evaluations.bonus_terms import Rhythm
from evaluations.facts import facts_of
from evaluations.models import ClauseAnnex, Report, ReportKind
from evaluations.selectors.balance import balance_sheet
from evaluations.selectors.bonus_sheet import statement_sheet
from evaluations.selectors.clauses import annex_sheet
from evaluations.selectors.reviews import review_sheet
from evaluations.selectors.scorecard import reader_of, scorecard
from nexxio.core.actors import scope_of
from nexxio.core.documents import print_pdf, render_html

SCORECARD, REVIEW = "documents/scorecard.html", "documents/review.html"
BALANCE, ANNEX = "documents/balance.html", "documents/annex.html"
BALANCE, STATEMENT = "documents/balance.html", "documents/statement.html"


def printed(report: Report) -> bytes:
    """Return the PDF of a document, whose houses are loaded. As the system. Slow."""
    return print_pdf(html_of(report))


def html_of(report: Report) -> str:
    """Return what is printed of a document, as HTML."""
    reader = reader_of(report)
    if report.kind == ReportKind.REVIEW:
        assert report.review_id is not None
        with scope_of(reader):
            review = access.get_review(reader, report.review_id)
            return render_html(REVIEW, {"sheet": review_sheet(reader, review)})
    if report.kind == ReportKind.STATEMENT:
        assert report.statement_id is not None
        with scope_of(reader):
            statement = access.get_statement(reader, report.statement_id)
            sheet = statement_sheet(statement, is_final=report.is_final)
            return render_html(STATEMENT, {"sheet": sheet})
    if report.kind == ReportKind.BALANCE:
        assert report.contractor is not None
        with scope_of(reader):
            return render_html(BALANCE, {"sheet": balance_sheet(report.contractor, report)})
    month = Span.of(Rhythm.MONTH, report.month)
    facts = facts_of(month, landlord_id=report.landlord_id, contractor_id=report.contractor_id)
    with scope_of(reader):
        return render_html(SCORECARD, {"sheet": scorecard(reader, report, facts)})


def printed_annex(annex: ClauseAnnex) -> bytes:
    """Return the PDF of an annex, whose contract and landlord are loaded. As the system. Slow."""
    return print_pdf(html_of_annex(annex))


def html_of_annex(annex: ClauseAnnex) -> str:
    """Return what is printed of an annex, as HTML."""
    return render_html(ANNEX, {"sheet": annex_sheet(annex)})
