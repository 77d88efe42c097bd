"""Platform staff: moderation of what is contested or reported; questionnaires, read-only."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from evaluations import services
from evaluations.models import Evaluation, Question, VoiceReport, Wording
from evaluations.states import EvaluationState
from nexxio.core.actors import Actor
from nexxio.core.admin_base import Act, ReadOnly, titled


def _is_contested(row: Evaluation) -> bool:
    return row.state == EvaluationState.CONTESTED


def _keep(actor: Actor, row: Evaluation, reason: str) -> None:
    services.keep_evaluation(actor=actor, evaluation_id=row.pk, reason=reason)


def _withdraw(actor: Actor, row: Evaluation, reason: str) -> None:
    services.withdraw_evaluation(actor=actor, evaluation_id=row.pk, reason=reason)


_REASON = _("Motif de la décision, lu des deux parties")


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnly):
    """What a company contested: what was said, why, and the decision. Nobody's name is here."""

    title = _("Évaluations")
    list_display = ("landlord", "contractor", "direction", "state", "contested_at")
    list_filter = (("state", titled(_("état"))),)
    ordering = (F("contested_at").desc(nulls_last=True), "-pk")
    fields = (
        ("landlord", "contractor"),
        ("direction", "state"),
        "words",
        "reply",
        "contest_reason",
        ("contested_at", "decided_at"),
        "decision_reason",
    )
    acts = {
        "keep": Act(
            label=_("Maintenir l’évaluation"),
            run=_keep,
            done=_("Évaluation maintenue"),
            confirm=_("L’évaluation reste visible et compte dans les résultats. Continuer ?"),
            reason=_REASON,
            shown=_is_contested,
        ),
        "withdraw": Act(
            label=_("Retirer l’évaluation"),
            run=_withdraw,
            done=_("Évaluation retirée"),
            confirm=_("Personne n’en lit plus les notes et elle ne compte nulle part. Continuer ?"),
            reason=_REASON,
            danger=True,
            shown=_is_contested,
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evaluation]:
        """Take the two houses along."""
        rows: QuerySet[Evaluation] = super().get_queryset(request)
        return rows.select_related("landlord", "contractor")

    @admin.display(description=_("ce qui a été dit"))
    def words(self, row: Evaluation) -> str:
        """Return marks and words of what was contested; of all else the platform reads none."""
        if row.contested_at is None:
            return "–"
        marks = ", ".join(f"{name} {mark}" for name, mark in row.answer.marks.items())
        return f"{marks} · {row.answer.text}" if row.answer.text else marks


def _is_undecided(row: VoiceReport) -> bool:
    return not row.outcome


def _keep_voice(actor: Actor, row: VoiceReport, reason: str) -> None:
    services.keep_voice(actor=actor, report_id=row.pk, reason=reason)


def _withdraw_voice(actor: Actor, row: VoiceReport, reason: str) -> None:
    services.withdraw_voice(actor=actor, report_id=row.pk, reason=reason)


@admin.register(VoiceReport)
class VoiceReportAdmin(ReadOnly):
    """Tenants' comments that a house reports: the words, why, and the decision."""

    title = _("Commentaires signalés")
    list_display = ("landlord", "contractor", "ground", "outcome", "reported_at")
    list_filter = (("outcome", titled(_("décision"))), ("ground", titled(_("motif"))))
    ordering = ("-reported_at", "-pk")
    fields = (
        ("landlord", "contractor"),
        "words",
        ("by", "ground"),
        "note",
        ("reported_at", "decided_at"),
        "outcome",
        "decision_reason",
    )
    acts = {
        "keep": Act(
            label=_("Maintenir le commentaire"),
            run=_keep_voice,
            done=_("Commentaire maintenu"),
            confirm=_("Le commentaire reste lisible des deux parties. Continuer ?"),
            reason=_REASON,
            shown=_is_undecided,
        ),
        "withdraw": Act(
            label=_("Retirer le commentaire"),
            run=_withdraw_voice,
            done=_("Commentaire retiré"),
            confirm=_("Le texte est effacé, sans retour possible. Continuer ?"),
            reason=_REASON,
            danger=True,
            shown=_is_undecided,
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[VoiceReport]:
        """Take the two houses and the comment along."""
        rows: QuerySet[VoiceReport] = super().get_queryset(request)
        return rows.select_related("landlord", "contractor", "voice")

    @admin.display(description=_("commentaire"))
    def words(self, row: VoiceReport) -> str:
        """Return what the tenant wrote, as both houses read it."""
        return row.voice.text or "–"

    @admin.display(description=_("signalé par"))
    def by(self, row: VoiceReport) -> str:
        """Return the house that reports it."""
        return str(row.landlord if row.side == "landlord" else row.contractor)


@admin.register(Question)
class QuestionAdmin(ReadOnly):
    """The questionnaires, version by version. A wording that changes is a new version."""

    list_display = ("direction", "version", "position", "subject", "use", "text", "starts_on")
    list_filter = (("direction", titled(_("sens"))),)
    fields = (("direction", "version"), ("subject", "use"), "text", ("position", "starts_on"))


@admin.register(Wording)
class WordingAdmin(ReadOnly):
    """The tenants' questionnaire by language, for a native reader: a version goes with them all."""

    list_display = ("language", "code", "text", "version")
    list_filter = (("language", titled(_("langue"))),)
    fields = (("direction", "version"), ("language", "code"), "text")
