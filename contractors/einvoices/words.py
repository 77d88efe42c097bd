"""A result in the words of the command: as an object for programs, and in French for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal, localcontext
from typing import Any

from contractors.einvoices.results import Checked, Finding, Line, ReadInvoice, Refusal

CENT = Decimal("0.01")
_PRICE = Decimal("0.000001")
_DIGITS = 100
_VERDICTS = {"valid": "Valide", "invalid": "Invalide", "refused": "Refusé"}
_NOTHING: dict[str, Any] = {
    "profile": None,
    "number": None,
    "issue_date": None,
    "currency": None,
    "total_with_vat": None,
    "lines": [],
}


def as_json(result: Checked | Refusal) -> dict[str, Any]:
    """The answer of `read_invoice --json`: every key is always there, null where nothing is known.

    Amounts are strings; those of the invoice have two decimals, prices and quantities as many as
    were written.
    """
    if isinstance(result, Refusal):
        return {
            "verdict": result.verdict,
            **_NOTHING,
            "errors": [asdict(result.reason)],
            "warnings": [],
        }
    invoice = result.invoice
    return {
        "verdict": result.verdict,
        "profile": result.profile or None,
        "number": invoice.number or None,
        "issue_date": invoice.issue_date and invoice.issue_date.isoformat(),
        "currency": invoice.currency or None,
        "total_with_vat": _cents(invoice.totals.with_vat),
        "lines": [_line(line) for line in invoice.lines],
        "errors": [asdict(finding) for finding in result.errors],
        "warnings": [asdict(finding) for finding in result.warnings],
    }


def _line(line: Line) -> dict[str, str | None]:
    return {
        "id": line.id or None,
        "description": line.name or line.details or None,
        "quantity": _plain(line.quantity),
        "unit": line.unit or None,
        "unit_price": _plain(price_of_one(line)),
        "net_amount": _cents(line.net_amount),
        "vat_rate": _plain(line.vat_rate),
    }


def price_of_one(line: Line) -> Decimal | None:
    """The price of one unit, where the file may give that of a hundred."""
    if line.unit_price is None or line.price_quantity in {None, Decimal(0), Decimal(1)}:
        return line.unit_price
    assert line.price_quantity is not None
    with localcontext(prec=_DIGITS):  # enough for the largest price of the smallest quantity
        return (line.unit_price / line.price_quantity).quantize(_PRICE).normalize()


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _cents(amount: Decimal | None) -> str | None:
    """Two decimals, unless the file breaks the standard with more of them: nothing is rounded."""
    if amount is None:
        return None
    exact = amount == amount.quantize(CENT)
    return f"{amount.quantize(CENT) if exact else amount:f}"


def summary(result: Checked | Refusal) -> str:
    """What a person wants to know, a fact per line."""
    head = f"Verdict : {_VERDICTS[result.verdict]}"
    if isinstance(result, Refusal):
        return f"{head}\n{result.reason.message} [{result.reason.rule}]"
    lines = [head, *_facts(result.profile, result.invoice)]
    lines += [_line_in_words(line) for line in result.invoice.lines]
    lines += _listed("Erreurs", result.errors)
    lines += _listed("Avertissements", result.warnings)
    return "\n".join(lines)


def _facts(profile: str, invoice: ReadInvoice) -> Iterable[str]:
    date = invoice.issue_date
    facts = (
        ("Profil", f"{profile or 'inconnu'} ({invoice.syntax})"),
        ("Numéro", invoice.number),
        ("Date", date.strftime("%d/%m/%Y") if date else ""),
        ("Vendeur", invoice.seller.name),
        ("Acheteur", invoice.buyer.name),
        ("Commande", invoice.order_reference),
        ("Total TTC", _money(invoice.totals.with_vat, invoice.currency)),
    )
    return [f"{name} : {value}" for name, value in facts if value]


def _money(amount: Decimal | None, currency: str) -> str:
    written = _cents(amount)
    return "" if written is None else f"{written.replace('.', ',')} {currency}".rstrip()


def _line_in_words(line: Line) -> str:
    quantity = (_plain(line.quantity) or "–").replace(".", ",")
    price = (_plain(price_of_one(line)) or "–").replace(".", ",")
    amount = _money(line.net_amount, "")
    return f"  {line.id}. {line.name} : {quantity} {line.unit} × {price} = {amount}"


def _listed(title: str, findings: tuple[Finding, ...]) -> list[str]:
    if not findings:
        return []
    return [f"{title} :", *(f"  [{finding.rule}] {finding.message}" for finding in findings)]
