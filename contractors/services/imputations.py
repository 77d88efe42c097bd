"""Writes of accounts: a landlord's dated rules, and what it says of one invoice's lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from contractors import deduction_events as events
from contractors import policies
from contractors.imputation import Charge, Imputation
from contractors.models import AccountRule, Invoice, InvoiceLine, LineAccount
from contractors.services.moves import lock_invoice, record_of
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.outbox import of_house, record
from orders.models import Trade

MOST_RULES = 300


@transaction.atomic
def add_account_rule(
    *, actor: Actor, trade: str, code: str, account: str, charge: str, starts_on: date
) -> AccountRule:
    """Say to which account lines go from a day on. A rule of the same lines ends the day before.

    Raises Refused for who doesn't pay, Invalid for what no rule can say.
    """
    _require(actor)
    own = {"landlord_id": actor.own_id}
    errors: dict[str, list[str]] = {}
    number, article = _packed(account), _packed(code)[:20]
    if not re.fullmatch(r"[0-9A-Za-z.]{3,20}", number):
        errors["account"] = ["Un numéro de compte : de 3 à 20 chiffres ou lettres."]
    if charge not in Charge.values:
        errors["charge"] = ["Choisissez dans la liste."]
    if trade and not Trade.objects.filter(pk=trade).exists():
        errors["trade"] = ["Ce corps d’état n’existe pas."]
    if AccountRule.objects.filter(**own).count() >= MOST_RULES:
        errors[""] = [f"{MOST_RULES} règles au plus : terminez celles qui ne servent plus."]
    if errors:
        raise Invalid(errors)
    same = AccountRule.objects.filter(**own, trade_id=trade or None, code=article)
    for former in same.filter(ends_on__isnull=True, starts_on__lt=starts_on):
        former.ends_on = starts_on - timedelta(days=1)
        former.save(update_fields=["ends_on"])
    rule = AccountRule(
        **own,
        trade_id=trade or None,
        code=article,
        account=number,
        charge=charge,
        starts_on=starts_on,
    )
    with explained():
        rule.save(force_insert=True)
    _tell(actor, rule)
    return rule


@transaction.atomic
def end_account_rule(*, actor: Actor, rule_id: UUID) -> None:
    """End a rule today; one that hasn't begun is taken away. Raises Conflict when it is over."""
    _require(actor)
    rule = AccountRule.objects.select_for_update(of=("self",)).get(pk=rule_id)
    today = clock.today()
    if rule.ends_on is not None and rule.ends_on < today:
        raise Conflict("Cette règle est déjà terminée.")
    _tell(actor, rule)
    if rule.starts_on > today:
        rule.delete()
        return
    rule.ends_on = today
    rule.save(update_fields=["ends_on"])


@transaction.atomic
def impute_lines(*, actor: Actor, invoice_id: UUID, lines: Mapping[UUID, Imputation]) -> Invoice:
    """Say where some lines of an invoice go, instead of what the rules say.

    Locks order and invoice. Raises Refused for who doesn't pay, Invalid for a charge that nobody
    knows; lines of another invoice are passed over.
    """
    _require(actor)
    invoice = lock_invoice(invoice_id)
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    known = set(InvoiceLine.objects.filter(**own).values_list("pk", flat=True))
    rows = []
    for pk, said in lines.items():
        if said.charge not in ("", *Charge.values):
            raise Invalid({f"charge_{pk}": ["Choisissez dans la liste."]})
        if pk in known:
            row = LineAccount(**own, line=pk, account=_packed(said.account)[:20])
            row.charge, row.unit = said.charge, _packed(said.unit)[:20]
            rows.append(row)
    LineAccount.objects.filter(**own, line__in=[row.line for row in rows]).delete()
    LineAccount.objects.bulk_create(rows)
    record_of(events.LinesImputed(number=invoice.number), invoice, actor)
    return invoice


# --- inside -----------------------------------------------------------------------------------


def _require(actor: Actor) -> None:
    if not policies.pays(actor):
        raise Refused("Seule la comptabilité règle les imputations.", code="role")


def _packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _tell(actor: Actor, rule: AccountRule) -> None:
    subject = of_house(pk=rule.pk, organisation_id=rule.landlord_id, side=Side.LANDLORD)
    record(events.AccountRuleSet(), actor=actor, subject=subject, subject_type="account_rule")
