"""The clauses of a contract in numbered words, for its annex, and what each came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contractors import rate_book
from contractors.legal_clock import Missing, delay_of
from contractors.services.payment_facts import PaymentFacts
from evaluations.bonus_rules import in_force
from evaluations.bonus_spans import Span
from evaluations.bonus_terms import BonusFact
from evaluations.clause_facts import (
    ACK,
    ANSWERS,
    ARRIVAL,
    BONUS,
    NORMAL,
    Limits,
    clause_facts,
    pack_of,
)
from evaluations.models import BonusRules, ClauseAnnex
from evaluations.perimeter_facts import NOTHING, Measure
from evaluations.pilot_book import DAYS, PilotFact
from evaluations.quarters import Quarter
from evaluations.selectors.bonus import term_texts
from evaluations.services.annexes import is_awaited
from nexxio.core import clock
from nexxio.core.templatetags.ui import money_text, number
from orders.models import Contract
from orders.states import Priority
from orders.terms import piece_labels, regularisation_days
from orders.urgency import hours_of

_SHOWN = 3


@dataclass(frozen=True)
class Clause:
    """One clause. facts: by which it is measured, none where nothing measures it.

    definition: how its measure is counted.
    """

    number: str
    title: str
    text: str
    definition: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Article:
    """A group of clauses."""

    number: int
    title: str
    clauses: list[Clause]


@dataclass(frozen=True)
class Told:
    """One measure of a clause, in words."""

    value: str
    n: int


@dataclass(frozen=True)
class MeasuredClause:
    """A clause with its measures over the quarter."""

    clause: Clause
    told: list[Told]


@dataclass(frozen=True)
class MeasuredClauses:
    """The table on a contract's page."""

    quarter: str
    articles: list[tuple[Article, list[MeasuredClause]]]


@dataclass(frozen=True)
class AnnexSheet:
    """What is printed: no word of who holds the contract, or of what was measured."""

    contract: Contract
    articles: list[Article]
    terms: list[tuple[str, str, str, str]]
    made_at: datetime


@dataclass(frozen=True)
class AnnexRow:
    """An annex on a contract's page."""

    annex: ClauseAnnex
    is_preparing: bool

    @property
    def has_failed(self) -> bool:
        """Whether it came to nothing, or its worker was lost."""
        return self.annex.file_id is None and not self.is_preparing


def articles_of(contract: Contract) -> list[Article]:
    """Return a contract's clauses as of today. Its landlord is loaded. Five queries at most."""
    return _articles(contract, in_force(contract, clock.today()))


def measured_clauses(contract: Contract, quarter: Quarter | None = None) -> MeasuredClauses:
    """Return each clause with its measure over a quarter, the last closed one where None.

    About twenty queries.
    """
    rules = in_force(contract, clock.today())
    quarter = quarter or Quarter.of(clock.today()).previous
    facts = clause_facts(contract, Span(quarter.first, 3), _limits(rules))
    return MeasuredClauses(
        quarter=str(quarter),
        articles=[
            (
                article,
                [MeasuredClause(one, _told(one, facts)) for one in article.clauses],
            )
            for article in _articles(contract, rules)
        ],
    )


def annex_sheet(annex: ClauseAnnex) -> AnnexSheet:
    """Return what is printed of a contract, which is loaded with its landlord."""
    rules = in_force(annex.contract, clock.today())
    return AnnexSheet(
        contract=annex.contract,
        articles=_articles(annex.contract, rules),
        terms=[
            (one.fact, one.threshold, one.bonus or "–", one.malus or "–")
            for one in (term_texts(rules) if rules else [])
        ],
        made_at=clock.now(),
    )


def annexes_of(contract: Contract) -> list[AnnexRow]:
    """Return a contract's newest annexes. One query."""
    rows = ClauseAnnex.objects.filter(landlord_id=contract.landlord_id, contract_id=contract.pk)
    return [AnnexRow(one, is_awaited(one)) for one in rows.order_by("-asked_at")[:_SHOWN]]


# --- inside -----------------------------------------------------------------------------------


def _limits(rules: BonusRules | None) -> Limits:
    """Return the thresholds in minutes: those that both sides agreed on, else the usual ones."""
    agreed = {term.fact: term.limit for term in rules.terms.all()} if rules else {}
    usual = Limits()
    return Limits(
        status=agreed.get(BonusFact.STATUS, usual.status),
        late=agreed.get(BonusFact.APPOINTMENT, usual.late),
    )


def _articles(contract: Contract, rules: BonusRules | None) -> list[Article]:
    limits = _limits(rules)
    parts = (
        (_("Retours d’information"), _information(limits)),
        (_("Délais d’exécution, par priorité"), _delays(contract)),
        (_("Dossier de fin de travaux et qualité"), _works(contract)),
        (_("Bonus et malus"), [_bonus(rules)]),
        (_("Engagements du bailleur"), _landlord(contract)),
    )
    return [
        Article(
            rank,
            title,
            [Clause(f"{rank}.{place}", *words) for place, words in enumerate(clauses, start=1)],
        )
        for rank, (title, clauses) in enumerate(parts, start=1)
    ]


_Words = tuple[str, str, str, tuple[str, ...]]


def _information(limits: Limits) -> list[_Words]:
    return [
        (
            _("Statuts de passage"),
            _(
                "En route, sur place, terminé ou sans accès : l’entreprise transmet chaque statut"
                " au plus tard %d minutes après les faits."
            )
            % limits.status,
            _(
                "Par passage, le plus long délai entre l’heure du fait et son enregistrement ; part"
                " des passages où il ne dépasse pas %d minutes."
            )
            % limits.status,
            (BonusFact.STATUS,),
        ),
        (
            _("Rendez-vous"),
            _(
                "L’entreprise arrive au plus tard %d minutes après la fin du créneau convenu avec"
                " le locataire."
            )
            % limits.late,
            _(
                "Part des rendez-vous tenus, parmi ceux dont l’arrivée est notée ou auxquels"
                " personne n’est venu. Une arrivée notée plus de deux heures après ne prouve rien."
            ),
            (BonusFact.APPOINTMENT,),
        ),
    ]


def _delays(contract: Contract) -> list[_Words]:
    hours = hours_of(
        Priority.URGENT, "", contract.urgent_hours, clock.today(), contract.urgent_ack_hours
    )
    assert hours is not None  # an urgent order has its clocks, whatever its contract says
    return [
        (
            _("Commandes courantes"),
            _("Travaux terminés sous %d jours ouvrés à compter de l’envoi de la commande.")
            % contract.target_days,
            _(
                "Part des commandes non urgentes terminées le jour prévu ou avant, parmi celles"
                " qui en ont un, au jour de la fin des travaux."
            ),
            (NORMAL,),
        ),
        (
            _("Urgences, prise en charge"),
            ngettext(
                "Une urgence est acceptée sous %d heure.",
                "Une urgence est acceptée sous %d heures.",
                hours.ack,
            )
            % hours.ack,
            _("Part des urgences acceptées avant leur échéance, au jour de leur envoi."),
            (ACK,),
        ),
        (
            _("Urgences, arrivée sur place"),
            _("Quelqu’un est sur place sous %d heures après l’envoi.") % contract.urgent_hours,
            _(
                "Part des urgences où une arrivée est notée avant l’échéance ; un danger (gaz,"
                " ascenseur) raccourcit cette échéance."
            ),
            (ARRIVAL,),
        ),
    ]


def _works(contract: Contract) -> list[_Words]:
    pieces = piece_labels(contract.pieces)
    when = (
        _("avant de déclarer les travaux terminés")
        if contract.pieces_to_finish
        else _("avec la facture")
    )
    asked = (
        _("L’entreprise fournit %(when)s : %(pieces)s.")
        % {"when": when, "pieces": ", ".join(pieces)}
        if pieces
        else _("Le marché ne demande aucune pièce.")
    )
    return [
        (
            _("Dossier de fin de travaux"),
            asked,
            _(
                "Part des commandes terminées où aucune des pièces prouvées dans Nexxio (photos"
                " avant et après, bon signé) ne manque."
            ),
            (BonusFact.PACK,) if pack_of(contract) else (),
        ),
        (
            _("Réparé du premier coup"),
            _("Les travaux sont faits sans reprise ni second passage pour les finir."),
            _("Part des commandes terminées sans réouverture ni passage terminé en partie."),
            (BonusFact.FIRST_TIME,),
        ),
    ]


def _bonus(rules: BonusRules | None) -> _Words:
    title = _("Règles applicables")
    if rules is None:
        return (
            title,
            _("Le marché n’a pas de règle de bonus ni de malus."),
            _("Sans objet tant que les deux parties n’ont pas signé de règles."),
            (),
        )
    return (
        title,
        _(
            "Des faits mesurés donnent un bonus ou un malus, à des seuils convenus. Le résultat"
            " ne dépasse pas +%(bonus)s %% ni −%(malus)s %% des travaux facturés HT de la période."
            " Une commande où le bailleur a manqué à ses engagements ne coûte rien à l’entreprise."
        )
        % {"bonus": number(rules.cap_bonus), "malus": number(rules.cap_malus)}
        + _perception(rules),
        _("Somme HT des relevés clos de la période ; n compte les relevés."),
        (BONUS,),
    )


def _perception(rules: BonusRules) -> str:
    if not rules.perception_weight:
        return ""
    said = _(" La moyenne publiée des locataires y entre pour %d %% au plus, jamais en malus.")
    return said % rules.perception_weight


def _payment(contract: Contract) -> str:
    """What the contract itself says of paying; the law where it says nothing."""
    today = clock.today()
    facts = PaymentFacts.of([contract.landlord], [contract.pk])
    terms = facts.terms(contract.landlord, contract.pk, today)
    rate = ""
    if terms.agreed_rate is not None and not terms.regime.is_public:
        rate = _(" Le retard se paie au taux du marché, %s %% par an.") % number(terms.agreed_rate)
    if terms.month_end and not terms.regime.is_public:
        return _("Les factures sont payées à 45 jours fin de mois, délai du marché.") + rate
    try:
        days = delay_of(terms, rate_book.load(), today)
    except Missing:
        return _("Les factures sont payées dans le délai légal.") + rate
    if terms.agreed_days is None:
        return _("Les factures sont payées sous %d jours, délai légal.") % days + rate
    return _("Les factures sont payées sous %d jours, délai du marché.") % days + rate


def _landlord(contract: Contract) -> list[_Words]:
    paid, today = _payment(contract), clock.today()
    tacit = (
        _("Passé ce délai, le silence vaut service fait.")
        if contract.tacit_clause
        else _("Le silence ne vaut jamais service fait.")
    )
    return [
        (
            _("Commandes complètes"),
            _(
                "Téléphone ou accès, description et prix : une commande part complète ;"
                " l’entreprise peut renvoyer celle qui ne l’est pas."
            ),
            _("Part des commandes envoyées qui n’ont jamais été renvoyées à compléter."),
            (PilotFact.COMPLETE,),
        ),
        (
            _("Réponse aux devis complémentaires"),
            _("Sous %(days)d jours ouvrés, et %(hours)d heures en urgence.")
            % {"days": contract.variation_days, "hours": contract.variation_hours},
            _(
                "Part des demandes de la période qui ont reçu une réponse avant leur échéance ; le"
                " silence compte comme un retard. Régularisations et moins-values comprises."
            ),
            (ANSWERS,),
        ),
        (
            _("Régularisation des travaux d’urgence"),
            _("Sous %d jours ouvrés.") % regularisation_days(contract.regularisation_days, today),
            _("Comptée avec les réponses aux devis complémentaires."),
            (),
        ),
        (
            _("Constat de service fait"),
            _("Signé ou refusé sous %d jours.") % contract.certificate_days + " " + tacit,
            _(
                "Part des constats traités avant leur échéance, au jour de celle-ci ; le silence"
                " compte comme un retard."
            ),
            (PilotFact.SIGNED,),
        ),
        (
            _("Paiement"),
            paid,
            _(
                "Part des paiements de la période faits à l’échéance ou avant, puis moyenne des"
                " jours de la réception au paiement."
            ),
            (PilotFact.PAID_ON_TIME, PilotFact.PAID_IN),
        ),
    ]


def _told(clause: Clause, facts: Mapping[str, Measure]) -> list[Told]:
    found = []
    for fact in clause.facts:
        measure = facts.get(fact, NOTHING)
        if measure.value is not None:
            found.append(Told(_figure(fact, measure.value), measure.n))
    return found


def _figure(fact: str, value: Decimal) -> str:
    if fact == BONUS:
        return money_text(value)
    if fact in DAYS:
        return _("%s jours") % number(value)
    return f"{number(value)}\N{NO-BREAK SPACE}%"
