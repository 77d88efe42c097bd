"""The evaluations app."""

from importlib import import_module

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    """Who evaluates whom, what is published of it, and never who answered."""

    name = "evaluations"
    verbose_name = "Évaluations"

    def ready(self) -> None:
        """Load all that registers itself: event types, notices, reactions, parts of pages."""
        for module in (
            *("events", "bonus_events", "thanks_events", "report_events", "review_events"),
            *("reference_events", "reference_notices"),
            *("question_events", "staff_events", "staff_notices", "impact_events", "pilot_events"),
            *("survey_events", "imports"),
            *("notices", "bonus_notices", "thanks_notices", "review_notices"),
            *("pilot_notices", "month_notices", "voice_events", "voice_notices", "sending_events"),
            *("showing_events", "showing_notices"),
            *("subscribers", "navigation", "slots"),
        ):
            import_module(f"evaluations.{module}")
