"""The balance of transparency as a company reads it, and may show it to its bank or its team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from evaluations.balance import Counted, Share, counted
from evaluations.bonus_spans import Span, past
from evaluations.bonus_terms import Rhythm
from evaluations.models import Report
from evaluations.selectors.showing import Standing, standings
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Organisation, Partnership
from nexxio.core.templatetags.ui import money_text, number, percent

_YEAR = 12
_FEWEST = 5
"""Fewer payments tell nothing of a company's usual delay."""


@dataclass(frozen=True)
class Line:
    """One thing that is counted: in the month, in twelve months, in the twelve before."""

    label: str
    month: str
    year: str
    before: str


@dataclass(frozen=True)
class Part:
    """A part of the balance: what is given, what it brought, what it cost."""

    title: str
    icon: str
    lines: list[Line]


@dataclass(frozen=True)
class Headline:
    """A figure on top: label, value, where it comes from."""

    label: str
    value: str
    detail: str
    icon: str


@dataclass(frozen=True)
class Balance:
    """The page, and what is printed. landlord: None for all of them.

    standings: its rank of answer rate at each landlord.
    is_compared: whether anything was counted in the twelve months before.
    """

    company: Organisation
    landlord: Organisation | None
    month: Span
    year: Span
    before: Span
    months: list[Span]
    landlords: list[Organisation]
    headlines: list[Headline]
    parts: list[Part]
    standings: list[Standing]
    is_compared: bool
    made_at: datetime


def balance(actor: Actor, company: Organisation, *, month: str = "", landlord: str = "") -> Balance:
    """Return a company's balance. month: "2026-11", the last one that is over by default.

    landlord: a key; all of them by default. What isn't there, or isn't its own, is the default.
    """
    months = [*past(Rhythm.MONTH, clock.today(), _YEAR), Span.of(Rhythm.MONTH, clock.today())]
    shown = next((one for one in months if f"{one.first:%Y-%m}" == month), months[-2])
    partners = Partnership.objects.filter(contractor_id=actor.own_id).select_related("landlord")
    landlords = [one.landlord for one in partners.order_by("landlord__name")]
    chosen = next((one for one in landlords if str(one.pk) == landlord), None)
    return _balance(company, chosen, shown, months=months, landlords=landlords)


def balance_sheet(company: Organisation, report: Report) -> Balance:
    """Return what is printed of a month: of all landlords together. In the company's scope."""
    month = Span.of(Rhythm.MONTH, report.month)
    return _balance(company, None, month, months=[], landlords=[])


# --- inside -----------------------------------------------------------------------------------


def _balance(
    company: Organisation,
    landlord: Organisation | None,
    month: Span,
    *,
    months: list[Span],
    landlords: list[Organisation],
) -> Balance:
    key: UUID | None = landlord.pk if landlord is not None else None
    year = Span(clock.months_from(month.first, 1 - _YEAR), _YEAR)
    spans = (month, year, year.previous)
    told = counted(company.pk, spans, landlord_id=key)
    return Balance(
        company=company,
        landlord=landlord,
        month=month,
        year=year,
        before=year.previous,
        months=months[::-1],
        landlords=landlords,
        headlines=_headlines(told[1], told[2]),
        parts=_parts(told),
        standings=standings(company, landlord, month.following.first),
        is_compared=bool(told[2].orders or told[2].invoiced or told[2].paid),
        made_at=clock.now(),
    )


def _headlines(year: Counted, before: Counted) -> list[Headline]:
    """Return what can be said in a few figures; nothing that too few rows stand behind."""
    found = [
        Headline(
            _("Factures passées sans blocage"),
            percent(year.unblocked.percent) if year.unblocked.percent is not None else "–",
            _("%(part)d sur %(whole)d en douze mois")
            % {"part": year.unblocked.part, "whole": year.unblocked.whole},
            "file-invoice",
        ),
        Headline(
            _("Appels évités"),
            number(year.calls),
            _("en douze mois, réglés par le locataire lui-même"),
            "phone-off",
        ),
        Headline(
            _("Bonus et malus HT"),
            money_text(year.bonus),
            _("relevés clos en douze mois : %d") % year.statements,
            "scale",
        ),
        Headline(
            _("Mercis reçus"), number(year.thanks), _("de locataires et de bailleurs"), "heart"
        ),
    ]
    won = _won(year, before)
    if won is not None:
        label = _("Jours de paiement gagnés") if won >= 0 else _("Jours de paiement perdus")
        detail = _("%(now)s jours en moyenne, %(was)s un an avant") % {
            "now": _number(year.payment_days),
            "was": _number(before.payment_days),
        }
        found.insert(0, Headline(label, number(abs(won), 1), detail, "clock"))
    return found


def _won(year: Counted, before: Counted) -> Decimal | None:
    if year.payment_days is None or before.payment_days is None:
        return None
    if min(year.payments, before.payments) < _FEWEST:
        return None
    return before.payment_days - year.payment_days


def _parts(told: list[Counted]) -> list[Part]:
    return [
        Part(
            _("Ce qui est donné"),
            "eye",
            [
                _line(_("Commandes terminées"), [number(one.orders) for one in told]),
                _line(_("Statuts donnés dans l’heure"), [_share(one.told_in_time) for one in told]),
                _line(_("Arrivées datées"), [_share(one.arrivals) for one in told]),
                _line(_("Rendez-vous tenus"), [_share(one.appointments) for one in told]),
                _line(_("Comptes rendus écrits"), [_share(one.reports) for one in told]),
                _line(_("Travaux montrés en photo"), [_share(one.photos) for one in told]),
                _line(
                    _("Absences prouvées (avis, attente, appel)"),
                    [_share(one.absences) for one in told],
                ),
            ],
        ),
        Part(
            _("Ce que cela rapporte"),
            "trending-up",
            [
                _line(
                    _("Jours de la réception au paiement, en moyenne"),
                    [_number(one.payment_days) for one in told],
                ),
                _line(_("Factures sans blocage"), [_share(one.unblocked) for one in told]),
                _line(_("Facturé TTC"), [money_text(one.invoiced) for one in told]),
                _line(
                    _("Dont retenu un temps par un blocage, TTC"),
                    [money_text(one.blocked) for one in told],
                ),
                _line(_("Payé TTC"), [money_text(one.paid) for one in told]),
                _line(
                    _("Appels évités (créneaux choisis ou déplacés par lien, absences répondues)"),
                    [number(one.calls) for one in told],
                ),
                _line(_("Bonus et malus HT"), [money_text(one.bonus) for one in told]),
                _line(_("Mercis reçus"), [number(one.thanks) for one in told]),
            ],
        ),
        Part(
            _("Ce que cela coûte"),
            "hourglass",
            [
                _line(
                    _("Minutes de saisie par commande terminée"),
                    [_number(one.minutes) for one in told],
                ),
                _line(
                    _("Statuts rattrapés plus d’un jour après"),
                    [number(one.late_entries) for one in told],
                ),
                _line(_("Blocages levés par l’entreprise"), [number(one.lifted) for one in told]),
                _line(
                    _("Jours pour en lever un, en moyenne"),
                    [_number(one.lifted_days) for one in told],
                ),
            ],
        ),
    ]


def _line(label: str, values: list[str]) -> Line:
    month, year, before = values
    return Line(label, month, year, before)


def _share(share: Share) -> str:
    value = share.percent
    return "–" if value is None else f"{percent(value)} ({share.part} / {share.whole})"


def _number(value: Decimal | None) -> str:
    return "–" if value is None else number(value, 1)
