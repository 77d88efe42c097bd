"""What people give and type: marks without a default, a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from evaluations.services.reactions import MOST_REASON, MOST_REPLY
from evaluations.wording import MARKS, UNKNOWN

_NO_MARK = "nsp"
_MISSING = _("Choisissez une note, ou « Je ne sais pas ».")


Words = Mapping[str, str]


def _choices(words: Words) -> list[tuple[str, Any]]:
    numbers = [
        (
            str(mark),
            format_html(
                '{}<span class="marks-word"> : {}</span>', mark, words.get(f"mark_{mark}", said)
            ),
        )
        for mark, said in MARKS
    ]
    return [*numbers, (_NO_MARK, words.get("unknown", UNKNOWN))]


class MarksForm(forms.Form):
    """One scale per sentence, 1 to 5 or "je ne sais pas"; nothing is chosen beforehand."""

    def __init__(
        self,
        sentences: Sequence[tuple[str, str]],
        *args: Any,
        comment: bool = False,
        contact: bool = False,
        words: Words | None = None,
        **kwargs: Any,
    ) -> None:
        """Take (subject, sentence) pairs. comment, contact: what is offered beside the marks.

        words: what the scales say in a tenant's language (languages.PHRASES), ours without it.
        """
        super().__init__(*args, **kwargs)
        self.words = words or {}
        missing = self.words.get("missing", _MISSING)
        self.subjects = [subject for subject, _sentence in sentences]
        for subject, sentence in sentences:
            self.fields[subject] = forms.ChoiceField(
                label=sentence,
                choices=partial(_choices, self.words),
                widget=forms.RadioSelect,
                error_messages={"required": missing, "invalid_choice": missing},
            )
        if comment:
            self.fields["text"] = forms.CharField(
                label=self.words.get("comment", _("Un mot de plus (facultatif)")),
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        if contact:
            self.fields["contact"] = forms.BooleanField(
                label=self.words.get("contact", ""),
                required=False,
            )

    def scales(self) -> list[forms.BoundField]:
        """Return the bound scales, in their order."""
        return [self[subject] for subject in self.subjects]

    def marks(self) -> dict[str, int | None]:
        """Return what was marked, by subject."""
        given = {subject: self.cleaned_data[subject] for subject in self.subjects}
        return {name: None if mark == _NO_MARK else int(mark) for name, mark in given.items()}


class ReplyForm(forms.Form):
    """The company's answer to what was said of it."""

    text = forms.CharField(
        label=_("Votre réponse"),
        max_length=MOST_REPLY,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Votre bailleur la lit. Elle ne se modifie plus une fois envoyée."),
    )


class ContestForm(forms.Form):
    """Why the platform should look at it."""

    reason = forms.CharField(
        label=_("Pourquoi cette évaluation doit être examinée"),
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("L’équipe de la plateforme tranche ; sa décision est visible des deux côtés."),
    )
