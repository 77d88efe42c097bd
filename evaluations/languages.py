"""The languages in which a tenant may be asked, and the phrases of the page. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """A language by its code (BCP 47), by its own name, and whether it runs from right to left."""

    code: str
    name: str
    rtl: bool = False

    @property
    def direction(self) -> str:
        """The value of `dir`."""
        return "rtl" if self.rtl else "ltr"


FRENCH = Language("fr", "Français")
OTHERS = (
    Language("en", "English"),
    Language("ar", "العربية", rtl=True),
    Language("pt", "Português"),
    Language("tr", "Türkçe"),
    Language("uk", "Українська"),
)
LANGUAGES = {language.code: language for language in (FRENCH, *OTHERS)}


def language_of(code: str) -> Language:
    """Return a language by its code; French for one that isn't known."""
    return LANGUAGES.get(code, FRENCH)


PHRASES = (
    *("title", "language", "low", "high", "mark_1", "mark_2", "mark_3", "mark_4", "mark_5"),
    *("unknown", "missing", "to_correct", "comment", "contact", "privacy", "send", "back"),
    *("thanks", "already", "over", "card_title", "card_text", "card_button", "card_given"),
    *("thank_title", "thank_button", "thank_note", "thank_given", "thank_undo", "thank_done"),
    "reminder",
)
"""What the page around a tenant's questions says, beside the sentences to be marked."""
