"""Password rules: ANSSI and CNIL's recommendations, as validators.

Sources: ANSSI, "Recommandations relatives à l'authentification multifacteur et aux mots de passe"
(ANSSI-PG-078, version 2.0, 8 October 2021): a minimum length and no short maximum, a control of
robustness when a password is chosen, no periodic expiry for ordinary accounts, a salted slow hash.
CNIL, délibération n° 2022-100 of 21 July 2022. Composition rules (a capital, a digit…) are left
out by decision: docs/adr/0009-accounts.md says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from nexxio.core.models import Membership, User
from nexxio.core.scoping import Scope, ScopeKind, open_scope

MOST = 256

# Words that guessing programs try first, in French and on this site; years and runs besides.
_USUAL = [
    "motdepasse",
    "azerty",
    "azertyuiop",
    "qwerty",
    "qsdfgh",
    "bonjour",
    "soleil",
    "doudou",
    "loulou",
    "chouchou",
    "jetaime",
    "marseille",
    "paris",
    "france",
    "password",
    "admin",
    "administrateur",
    "bienvenue",
    "secret",
    "nexxio",
    "bailleur",
    "prestataire",
    "locataire",
    "logement",
    "habitat",
    "travaux",
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
    "printemps",
    "automne",
    "hiver",
]
_YEAR = re.compile(r"(?:19|20)\d\d")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "azertyuiopqsdfghjklmwxcvbn", "01234567890123456789")
_KEPT = 6
_DISTINCT = 5
_WORD = 3


def plain(text: str) -> str:
    """Return letters and digits only, small and without accents."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in flat if letter.isalnum())


class MaximumLength:
    """Long phrases are welcome; a text of kilobytes would only keep the hash busy."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse what is longer than MOST characters."""
        if len(password) > MOST:
            raise ValidationError(
                _("Ce mot de passe est trop long : %(most)d caractères au plus.") % {"most": MOST},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("%(most)d caractères au plus.") % {"most": MOST}


class Common(CommonPasswordValidator):
    """Refuses what is on lists of leaked passwords, or made of words that anybody tries first."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse it once, whatever of the two it is."""
        try:
            super().validate(password, user)
            known = _is_usual(plain(password))
        except ValidationError:
            known = True
        if known:
            raise ValidationError(
                _("Ce mot de passe est trop courant : il serait vite deviné."),
                code="password_too_common",
            )


class Guessable:
    """Refuses what is made of the person's own data, and what repeats itself."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Refuse a password of which too little is left without what is known of its person."""
        bare = plain(password)
        if len(set(password)) < _DISTINCT:
            raise ValidationError(
                _("Ce mot de passe répète trop les mêmes caractères."), code="password_repeats"
            )
        if not _is_usual(bare) and _left(bare, [*set(own_words(user)), *_USUAL]) < _KEPT:
            raise ValidationError(
                _(
                    "Ce mot de passe est fait de votre nom, de votre adresse ou de votre"
                    " organisation : choisissez autre chose."
                ),
                code="password_personal",
            )

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("Ni votre nom, ni un mot de passe courant, ni une suite de touches.")


def _is_usual(bare: str) -> bool:
    """Tell whether too little is left without usual words, years and runs of keys."""
    return _left(bare, _USUAL) < _KEPT


def _left(bare: str, words: list[str]) -> int:
    """Count what is left without `words`, years and runs; letters that stand alone don't count."""
    text = bare
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return len(_without_runs(_YEAR.sub("", text)))


def _without_runs(text: str) -> str:
    """Take out four or more neighbours of the alphabet, the keyboard or the digits."""
    for run in _RUNS:
        for line in (run, run[::-1]):
            for size in range(len(line), 3, -1):
                for start in range(len(line) - size + 1):
                    text = text.replace(line[start : start + size], "")
    return text


def own_words(user: Any) -> Iterator[str]:
    """Give the words of a person's names, address and organisations, as `plain` text."""
    if user is None:
        return
    texts = [user.first_name, user.last_name, *re.split(r"[@._+-]", user.email or "")]
    if user.pk:
        # A forgotten password is changed without log-in, hence without any scope.
        with open_scope(Scope(kind=ScopeKind.USER, user_id=user.pk)):
            own = Membership.objects.filter(user_id=user.pk, is_active=True)
            texts += own.values_list("organisation__name", flat=True)
    for text in texts:
        parts = [text, *re.split(r"[\s'’-]+", text or "")]
        yield from (bare for bare in map(plain, parts) if len(bare) >= _WORD)
