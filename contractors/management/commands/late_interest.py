"""Compute what late payment of an invoice costs: an estimate, without legal force."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contractors import causes_book, rate_book
from contractors.causes import CauseBook, StopsClock
from contractors.clock_wording import ESTIMATE, NO_EFFECTS, PROVISIONAL, REGIMES, why
from contractors.legal_clock import (
    Facts,
    Interruption,
    Line,
    Payment,
    Regime,
    Result,
    Terms,
    compute,
)
from nexxio.core import clock
from nexxio.core.templatetags.ui import money_text, number
from nexxio.core.typography import french

# A cooperative's delay is set for its landlord, whom this command doesn't know.
_REGIMES = [regime for regime in Regime if regime is not Regime.COOPERATIVE]
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:[.,][0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(1900, 2200)


class Command(BaseCommand):
    """`late_interest --regime oph --amount 12450.00 --received 2024-05-13 --paid 2024-09-02`.

    `--interruption START:END[:CAUSE]` may come several times. `--json` answers one object: `due`,
    `days`, `rate` (the one of the day on which interest starts), `interest`, `indemnity`; what
    can't be known is null, and `reason` says why. Status 1 for arguments that can't be.
    """

    help = __doc__

    def create_parser(self, *args: Any, **kwargs: Any) -> CommandParser:
        """Say in French what the parser itself refuses."""
        parser = super().create_parser(*args, **kwargs)
        parser.error = _unreadable  # type: ignore[method-assign]
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Take words: they are read below, with an answer in French for each."""
        parser.add_argument("--regime", default="", help=", ".join(_REGIMES))
        parser.add_argument("--amount", default="", help="including VAT, 12450.00")
        parser.add_argument("--received", default="", help="YYYY-MM-DD")
        parser.add_argument("--paid", help="YYYY-MM-DD; without it, interest runs until today")
        parser.add_argument(
            "--interruption",
            action="append",
            default=[],
            help="YYYY-MM-DD:YYYY-MM-DD[:B05]; may be repeated",
        )
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the words, compute, answer."""
        regime = _regime(options["regime"])
        amount = _amount(options["amount"])
        received = _date("--received", options["received"])
        paid = None if options["paid"] is None else _date("--paid", options["paid"])
        causes = causes_book.load()
        stops = tuple(_interruption(text, received, causes) for text in options["interruption"])
        facts = Facts(
            amount=amount,
            received_on=received,
            payments=() if paid is None else (Payment(amount=amount, on=paid),),
            interruptions=stops,
        )
        # What was typed has happened, also where it is still to come.
        days = [clock.today(), *(stop.completed_on or stop.notified_on for stop in stops)]
        as_of = max([*days, paid] if paid else days[:1])
        result = compute(facts, Terms(regime=regime), rate_book.load(), as_of=as_of)
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(result), ensure_ascii=False))
        else:
            for line in [*_in_words(regime, facts, result), *_conditions(stops, causes)]:
                self.stdout.write(french(line))


# --- Reading ------------------------------------------------------------------------------------


def _refuse(option: str, message: str) -> NoReturn:
    raise CommandError(french(f"{option} : {message}"))


def _unreadable(message: str) -> NoReturn:
    named = re.match(r"argument (--[a-z-]+)", message)
    if named:
        _refuse(named[1], _("une valeur est attendue, et une seule à la fois."))
    unknown = message.partition("unrecognized arguments: ")[2]
    _refuse(unknown or message, _("option inconnue."))


def _regime(text: str) -> Regime:
    if text not in _REGIMES:
        _refuse("--regime", _("choisissez parmi %(names)s.") % {"names": ", ".join(_REGIMES)})
    return Regime(text)


def _amount(text: str) -> Decimal:
    plain = re.sub(r"\s", "", text)
    if not _AMOUNT.fullmatch(plain):
        _refuse("--amount", _("un montant TTC est attendu, comme 12450.00, au centime près."))
    found = Decimal(plain.replace(",", "."))
    if found <= 0:
        _refuse("--amount", _("le montant doit être supérieur à zéro."))
    return found


def _date(option: str, text: str) -> date:
    try:
        found = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or found.year not in _YEARS:
        _refuse(
            option,
            _("« %(text)s » n’est pas une date : AAAA-MM-JJ est attendu.") % {"text": text},
        )
    return found


def _interruption(text: str, received: date, causes: CauseBook) -> Interruption:
    option = "--interruption"
    start, _colon, rest = text.partition(":")
    end, colon, cause = rest.partition(":")
    notified = _date(option, start)
    if not end:
        _refuse(
            option,
            _("la suspension du %(day)s n’a pas de fin : DÉBUT:FIN ou DÉBUT:FIN:CAUSE est attendu.")
            % {"day": start},
        )
    completed = _date(option, end)
    if completed < notified:
        _refuse(option, _("« %(text)s » : la fin précède le début.") % {"text": text})
    if notified < received:
        _refuse(option, _("« %(text)s » : le début précède la réception.") % {"text": text})
    stop = Interruption(notified_on=notified, completed_on=completed)
    return _caused(stop, cause, causes) if colon else stop


def _caused(stop: Interruption, code: str, causes: CauseBook) -> Interruption:
    rule = causes.on(code.strip().upper(), stop.notified_on)
    if rule is None:
        _refuse("--interruption", _("« %(code)s » n’est pas une cause connue.") % {"code": code})
    return Interruption(
        notified_on=stop.notified_on,
        completed_on=stop.completed_on,
        on_creditor_side=rule.interrupts(),
        cause=rule.code,
    )


# --- Answering ----------------------------------------------------------------------------------


def _as_json(result: Result) -> dict[str, Any]:
    def text(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:.2f}"

    answer: dict[str, Any] = {
        "due": result.due.isoformat() if result.due else None,
        "days": result.days,
        "rate": text(result.rate),
        "interest": text(result.interest),
        "indemnity": text(result.indemnity),
    }
    if result.reason:
        answer["reason"] = why(result.reason, result.missing_on)
    return answer


def _in_words(regime: Regime, facts: Facts, result: Result) -> list[str]:
    said = [str(ESTIMATE), "", f"{_('Régime')} : {REGIMES[regime]}"]
    said.append(f"{_('Montant TTC')} : {money_text(facts.amount)}")
    if result.due:
        said.append(f"{_('Échéance')} : {_day(result.due)}")
    for stop, reason in result.ignored:
        said.append(f"{_('Suspension sans effet')} : {_span(stop)}, {NO_EFFECTS[reason]}")
    if result.counted:
        said.append(f"{_('Suspension retenue')} : {_span(result.counted)}")
    if result.reason:
        return [*said, _late(result), _why(result)]
    if not result.late:
        return [*said, _("Aucun retard : rien n’est dû.")]
    return [*said, *_sums(result)]


def _conditions(stops: tuple[Interruption, ...], causes: CauseBook) -> list[str]:
    """Say what the effect of a cause depends on, where nobody has said how it is."""
    rules = {stop.cause: causes.on(stop.cause, stop.notified_on) for stop in stops}
    return [
        f"{_('Selon le cas')} : {rule.code}, {rule.stops_note}"
        for rule in rules.values()
        if rule is not None and rule.stops_clock == StopsClock.DEPENDS
    ]


def _sums(result: Result) -> list[str]:
    assert result.interest is not None
    assert result.indemnity is not None
    said = [_late(result)]
    said += [_line(line) for line in result.lines]
    said.append(f"{_('Intérêts')} : {money_text(result.interest)}")
    said.append(f"{_('Indemnité forfaitaire')} : {money_text(result.indemnity)}")
    if result.running:
        said.append(_("Impayée : calculé jusqu’au %(day)s.") % {"day": _day(result.as_of)})
    if result.interest_due_on:
        day = _day(result.interest_due_on)
        said.append(_("Intérêts et indemnité à payer avant le %(day)s inclus.") % {"day": day})
    return [*said, str(PROVISIONAL)] if result.provisional else said


def _line(line: Line) -> str:
    return _("  du %(first)s au %(last)s : %(days)s à %(rate)s %% sur %(amount)s") % {
        "first": _day(line.first),
        "last": _day(line.last),
        "days": _days(line.days),
        "rate": number(line.rate, 2),
        "amount": money_text(line.amount),
    }


def _late(result: Result) -> str:
    return f"{_('Retard')} : {_days(result.days)}"


def _days(count: int) -> str:
    return ngettext("%(n)d jour", "%(n)d jours", count) % {"n": count}


def _why(result: Result) -> str:
    assert result.reason is not None
    return why(result.reason, result.missing_on)


def _span(stop: Interruption) -> str:
    last = _day(stop.completed_on) if stop.completed_on else _("en cours")
    cause = f" ({stop.cause})" if stop.cause else ""
    return f"{_day(stop.notified_on)} – {last}{cause}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
