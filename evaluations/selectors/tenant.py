"""What a tenant is asked, in his language: the questions, and the page around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html

from evaluations.axes import Direction, is_own
from evaluations.languages import FRENCH, LANGUAGES, Language, language_of
from evaluations.models import Evaluation, OwnQuestion, Wording
from evaluations.questionnaire import sentences, version_on
from nexxio.core import clock


@dataclass(frozen=True)
class Opinion:
    """What is asked, and how. languages: those that the version of the questions is there in.

    words: the page's phrases by code (languages.PHRASES).
    """

    sentences: list[tuple[str, Any]]
    words: Mapping[str, str]
    language: Language
    languages: list[Language]


def opinion_of(evaluation: Evaluation) -> Opinion:
    """Return what an evaluation asks, in its tenant's language. Three queries, four with own ones.

    A sentence that isn't there in it, the landlord's own, stays French and is marked as such.
    """
    language = language_of(evaluation.language)
    found = _found(evaluation.version, language)
    own = _own(evaluation, language)
    said = []
    for subject, french in sentences(evaluation.direction, evaluation.version, evaluation.subjects):
        text: Any = own.get(subject) or found.get(subject)
        if text is None:
            text = french
            if language is not FRENCH:
                text = format_html('<span lang="fr" dir="ltr">{}</span>', french)
        said.append((subject, text))
    codes = set(languages_of(evaluation.version))
    return Opinion(
        sentences=said,
        words=found,
        language=language,
        languages=[one for code, one in LANGUAGES.items() if code in codes],
    )


def words_of(evaluation: Evaluation) -> tuple[Language, Mapping[str, str]]:
    """Return the language of an evaluation, and what the page says in it. One query."""
    language = language_of(evaluation.language)
    return language, _found(evaluation.version, language)


def french_words() -> tuple[Language, Mapping[str, str]]:
    """Return the same where nothing is asked of the tenant. Two queries."""
    version = version_on(Direction.TENANT_REPAIR, clock.today())
    return FRENCH, _found(version, FRENCH)


def languages_of(version: int) -> list[str]:
    """Return the codes of the languages that a version of the tenants' questions is there in."""
    rows = Wording.objects.filter(direction=Direction.TENANT_REPAIR, version=version)
    return list(rows.order_by("language").values_list("language", flat=True).distinct())


# --- inside -----------------------------------------------------------------------------------


def _found(version: int, language: Language) -> dict[str, str]:
    """Return the words of a language by code, French ones where it has none."""
    rows = Wording.objects.filter(
        direction=Direction.TENANT_REPAIR,
        version=version,
        language__in={language.code, FRENCH.code},
    ).values_list("language", "code", "text")
    found: dict[str, str] = {}
    for code_of, code, text in sorted(rows, key=lambda row: row[0] != FRENCH.code):
        if code_of == language.code or code not in found:
            found[code] = text
    return found


def _own(evaluation: Evaluation, language: Language) -> dict[str, str]:
    wanted = [subject for subject in evaluation.subjects if is_own(subject)]
    if not wanted or language is FRENCH:
        return {}
    rows = OwnQuestion.objects.filter(landlord_id=evaluation.landlord_id, subject__in=wanted)
    texts = dict(rows.values_list("subject", "translations"))
    return {subject: given.get(language.code, "") for subject, given in texts.items()}
