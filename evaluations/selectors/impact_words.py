"""A roll-out's estimates in words: no percentage of too few, no headline that isn't sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.impact_terms import FEWEST, TERMS, Indicator, Terms, Unit
from evaluations.lines import Lines, Step, lines
from evaluations.models import ImpactEstimate, Rollout
from nexxio.core.templatetags.ui import NBSP, money_text, number, percent
from orders.selectors.status import Status

MOST_STEPS = 20
_STEPS = (1, 2, 4)
_NICE = (1, 2, 5, 10)
_BETTER: dict[Indicator, Any] = {
    Indicator.APPOINTMENTS: gettext_lazy("Les rendez-vous sont plus souvent tenus"),
    Indicator.REPEATS: gettext_lazy("Il faut moins souvent revenir"),
    Indicator.BLOCKED: gettext_lazy("Les factures sont moins bloquées"),
    Indicator.PAYMENT: gettext_lazy("Les factures sont payées plus vite"),
}
_WORSE: dict[Indicator, Any] = {
    Indicator.APPOINTMENTS: gettext_lazy("Les rendez-vous sont moins souvent tenus"),
    Indicator.REPEATS: gettext_lazy("Il faut plus souvent revenir"),
    Indicator.BLOCKED: gettext_lazy("Les factures sont plus bloquées"),
    Indicator.PAYMENT: gettext_lazy("Les factures sont payées moins vite"),
}


@dataclass(frozen=True)
class CellText:
    """One of the four cells. text: its mean, or how far it is from enough."""

    text: str
    n: int


@dataclass(frozen=True)
class StepRow:
    """Some weeks: their first day, and what was observed in the perimeter and elsewhere."""

    since: date
    own: str
    other: str
    is_after: bool


@dataclass(frozen=True)
class Figure:
    """One indicator of a roll-out. finding: a sentence, only where the interval excludes zero."""

    estimate: ImpactEstimate
    label: str
    of_what: str
    cells: list[CellText]
    effect: str
    interval: str
    status: Status
    finding: str
    steps: list[StepRow]
    weeks: int
    chart: Lines | None


def figure_of(estimate: ImpactEstimate, rollout: Rollout) -> Figure:
    """Return one estimate as it is told."""
    indicator = Indicator(estimate.indicator)
    terms = TERMS[indicator]
    weeks = _weeks_a_step(estimate)
    steps = _steps(estimate, weeks) if estimate.effect is not None else []
    return Figure(
        estimate=estimate,
        label=str(indicator.label),
        of_what=str(terms.of_what),
        cells=_cells(estimate, terms.unit),
        effect=signed(estimate.effect, terms.unit),
        interval=interval(estimate, terms.unit),
        status=_status(estimate, terms),
        finding=_finding(estimate, indicator),
        steps=[_step_row(one, rollout, terms) for one in steps],
        weeks=weeks,
        chart=_chart(steps, rollout, terms),
    )


def signed(value: Decimal | None, unit: Unit) -> str:
    """Return an effect with its sign and unit: "+8,2 points"."""
    if value is None:
        return ""
    sign = "+" if value > 0 else ""
    if unit is Unit.EUROS:
        return f"{sign}{money_text(value)}"
    name = _("points") if unit is Unit.SHARE else _("jours")
    return f"{sign}{number(value, 1)}{NBSP}{name}"


def interval(estimate: ImpactEstimate, unit: Unit) -> str:
    """Return the 90 % interval in words, "" where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    bounds = (signed(estimate.low, unit), signed(estimate.high, unit))
    return _("de %(low)s à %(high)s") % {"low": bounds[0], "high": bounds[1]}


def is_sure(estimate: ImpactEstimate) -> bool:
    """Tell whether the interval excludes zero."""
    if estimate.low is None or estimate.high is None:
        return False
    return estimate.low > 0 or estimate.high < 0


def reading(estimate: ImpactEstimate) -> str:
    """Return what can be concluded, in words."""
    return _status(estimate, TERMS[Indicator(estimate.indicator)]).label


# --- inside -----------------------------------------------------------------------------------


def _cells(estimate: ImpactEstimate, unit: Unit) -> list[CellText]:
    found = []
    for name in ("before", "after", "other_before", "other_after"):
        n, mean = getattr(estimate, f"n_{name}"), getattr(estimate, f"mean_{name}")
        text = _mean(mean, unit) if mean is not None else ""
        found.append(CellText(text, n))
    return found


def _mean(value: Decimal, unit: Unit) -> str:
    if unit is Unit.SHARE:
        return percent(value, 1)
    if unit is Unit.EUROS:
        return money_text(value)
    return f"{number(value, 1)}{NBSP}{_('jours')}"


def _status(estimate: ImpactEstimate, terms: Terms) -> Status:
    if estimate.effect is None:
        smallest = min(
            estimate.n_before, estimate.n_after, estimate.n_other_before, estimate.n_other_after
        )
        text = _("Pas encore assez d’observations (%(n)d sur %(most)d)")
        if smallest >= FEWEST:
            text = _("On ne peut pas conclure")
            return Status("unsure", text, "neutral", "help-circle")
        few = text % {"n": smallest, "most": FEWEST}
        return Status("few", few, "neutral", "hourglass")
    if not is_sure(estimate):
        return Status("unsure", _("On ne peut pas conclure"), "neutral", "help-circle")
    if estimate.effect * terms.better > 0:
        return Status("better", _("Mieux"), "success", "trending-up")
    return Status("worse", _("Moins bien"), "warning", "trending-down")


def _finding(estimate: ImpactEstimate, indicator: Indicator) -> str:
    if estimate.effect is None or not is_sure(estimate):
        return ""
    terms = TERMS[indicator]
    words = _BETTER if estimate.effect * terms.better > 0 else _WORSE
    return _("%(what)s : %(effect)s (à 90 %%, %(interval)s)") % {
        "what": words[indicator],
        "effect": signed(estimate.effect, terms.unit),
        "interval": interval(estimate, terms.unit),
    }


@dataclass(frozen=True)
class _Step:
    """Some weeks together: their first week, counts and sums."""

    first: int
    n: int
    total: int
    other_n: int
    other_total: int


def _weeks_a_step(estimate: ImpactEstimate) -> int:
    known = [week for week, *_rest in estimate.weeks]
    span = max(known) - min(known) + 1 if known else 1
    return next((size for size in _STEPS if span <= size * MOST_STEPS), _STEPS[-1])


def _steps(estimate: ImpactEstimate, size: int) -> list[_Step]:
    """Return the weeks by so many; the first day of the roll-out begins one."""
    sums: dict[int, list[int]] = {}
    for week, *counted in estimate.weeks:
        into = sums.setdefault(week // size, [0, 0, 0, 0])
        for index, value in enumerate(counted):
            into[index] += value
    first, last = min(sums), max(sums)
    return [_Step(step * size, *sums.get(step, [0, 0, 0, 0])) for step in range(first, last + 1)]


def _step_row(step: _Step, rollout: Rollout, terms: Terms) -> StepRow:
    return StepRow(
        since=_first_day(step, rollout),
        own=_counted(step.n, step.total, terms),
        other=_counted(step.other_n, step.other_total, terms),
        is_after=step.first >= 0,
    )


def _first_day(step: _Step, rollout: Rollout) -> date:
    return max(rollout.starts_on + timedelta(weeks=step.first), rollout.baseline_on)


def _counted(n: int, total: int, terms: Terms) -> str:
    """Return what a few weeks hold: of a share how many of how many, never a percentage."""
    if not n:
        return "–"
    if terms.unit is Unit.SHARE:
        return _("%(part)s sur %(whole)s") % {"part": number(total // 100), "whole": number(n)}
    return f"{_mean(_value(n, total, terms), terms.unit)} (n = {number(n)})"


def _value(n: int, total: int, terms: Terms) -> Decimal:
    return Decimal(total) / n / terms.scale


def _chart(steps: list[_Step], rollout: Rollout, terms: Terms) -> Lines | None:
    if not steps:
        return None
    drawn = [
        Step(
            label=date_format(_first_day(one, rollout), "j/m"),
            values=[
                _value(one.n, one.total, terms) if one.n else None,
                _value(one.other_n, one.other_total, terms) if one.other_n else None,
            ],
        )
        for one in steps
    ]
    values = [value for one in drawn for value in one.values if value is not None]
    return lines(
        drawn,
        [_("Ce périmètre"), _("Périmètres comparés")],
        before=sum(one.first < 0 for one in steps),
        words=_axis(max(values, default=Decimal(0)), terms),
    )


def _axis(highest: Decimal, terms: Terms) -> list[tuple[Decimal, str]]:
    top = Decimal(100) if terms.unit is Unit.SHARE else _nice(highest)
    found = []
    for value in (Decimal(0), top / 2, top):
        if terms.unit is Unit.SHARE:
            word = percent(value)
        elif terms.unit is Unit.EUROS:
            word = f"{number(value)}{NBSP}€"
        else:
            word = f"{number(value)}{NBSP}j"
        found.append((value, word))
    return found


def _nice(highest: Decimal) -> Decimal:
    """Return 1, 2, 5 or 10 times a power of ten, at least as high; 1 of nothing."""
    if highest <= 0:
        return Decimal(1)
    power = Decimal(10) ** highest.to_integral_value(ROUND_CEILING).adjusted()
    return next(power * times for times in _NICE if power * times >= highest)
