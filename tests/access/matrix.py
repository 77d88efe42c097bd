"""Every address × every visitor × GET and POST: what each must answer.

An address of the resolver that has no case here fails the test (test_matrix.py), and so does a
case whose address is gone. `acts` names the visitors whose POST may change rows; for everybody
else not one row of any table may differ afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from evaluations.quarters import Quarter
from nexxio.core import clock

VISITORS = (
    "anonymous",
    "outsider",
    "manager",
    "clerk",
    "reader",
    "other_manager",
    "desk",
    "technician",
    "other_desk",
    "staff",
)
HOLDERS = ("link", "forged", "expired", "revoked", "other_link", "paper")
LANDLORD = ("manager", "clerk", "reader")
EVERYBODY = VISITORS

Answers = dict[str, int]


def answers(default: int, **special: int) -> Answers:
    """Return what each visitor gets: `default`, unless named."""
    return {**dict.fromkeys(EVERYBODY, default), **special}


NOT_ALLOWED = answers(405)
ABSENT = answers(404, anonymous=302)
"""Nobody is served: 404, and anonymous visitors are asked to log in first."""


def landlord(status: int = 200, *, reader: int | None = None, clerk: int | None = None) -> Answers:
    """Pages of the first landlord: 404 to all others."""
    return answers(
        404,
        anonymous=302,
        manager=status,
        clerk=status if clerk is None else clerk,
        reader=status if reader is None else reader,
    )


def contractor(status: int = 200, *, technician: int = 403) -> Answers:
    """Pages of the first contractor: 404 to all others."""
    return answers(404, anonymous=302, desk=status, technician=technician)


@dataclass(frozen=True)
class Case:
    """One address, its arguments, what is posted, and the answers."""

    name: str
    get: Answers
    post: Answers = field(default_factory=lambda: NOT_ALLOWED)
    args: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    acts: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}[{self.args.get('action', '')}]"


def _landlord_act(action: str, posted: int, *, shown: int = 404, **extra: Any) -> Case:
    return Case(
        "orders:landlord_act",
        get=landlord(shown, reader=403),
        post=landlord(posted, reader=403),
        args={"action": action},
        **extra,
    )


def _contractor_act(action: str, posted: int, *, shown: int = 404, **extra: Any) -> Case:
    return Case(
        "orders:contractor_act",
        get=contractor(shown),
        post=contractor(posted),
        args={"action": action},
        **extra,
    )


def _desk_visit(action: str, posted: int, *, shown: int = 404, **extra: Any) -> Case:
    return Case(
        "orders:contractor_visit",
        get=contractor(shown),
        post=contractor(posted),
        args={"action": action},
        **extra,
    )


def _field_act(action: str, posted: int, *, shown: int = 302, **extra: Any) -> Case:
    return Case(
        "orders:field_act",
        get=contractor(shown, technician=shown),
        post=contractor(posted, technician=posted),
        args={"action": action},
        **extra,
    )


def holders(link: int, useless: int = 404, *, other: int | None = None) -> Answers:
    """Pages behind a token: only its holder is served; the others get one and the same answer.

    other: what the holder of a link to another case gets, where the case isn't in the address.
    """
    return {
        **dict.fromkeys(HOLDERS, useless),
        "link": link,
        "other_link": useless if other is None else other,
    }


def papers(status: int) -> Answers:
    """Pages behind a printed order's code: its holder only; a tenant's link opens none."""
    return {**dict.fromkeys(HOLDERS, 404), "paper": status}


def _paper_act(action: str, posted: int, *, shown: int = 200, **extra: Any) -> Case:
    """An act behind a printed order's code: a look shows its form."""
    data = {"holder": "Bruno Petit", **extra.pop("data", {})}
    return Case(
        "orders:paper_act",
        get=papers(shown),
        post=papers(posted),
        args={"action": action},
        data=data,
        **extra,
    )


def _document(side: str, action: str, posted: int, acts: tuple[str, ...]) -> Case:
    answer = landlord(posted, reader=403) if side == "landlord" else contractor(posted)
    return Case(
        f"orders:{side}_document",
        get=NOT_ALLOWED,
        post=answer,
        args={"action": action},
        acts=acts,
    )


def _managers_act(name: str, action: str, posted: int, shown: int, **more: Any) -> Case:
    get = landlord(shown, reader=403, clerk=403)
    post = landlord(posted, reader=403, clerk=403)
    return Case(name, get, post, args={"action": action}, **more)


def _contract_act(action: str, posted: int, shown: int = 404, **more: Any) -> Case:
    return _managers_act("orders:landlord_contract_act", action, posted, shown, **more)


def _schedule_act(action: str, posted: int, shown: int = 404, **more: Any) -> Case:
    return _managers_act("orders:landlord_schedule_act", action, posted, shown, **more)


_SLOT = {"date": "2039-05-04", "slot": "8-10"}
_DESK = ("manager", "clerk")
_FIELD = ("desk", "technician")


def _variation(side: str, action: str, posted: int, *, shown: int = 404, **extra: Any) -> Case:
    both = side == "contractor"
    return Case(
        f"orders:{side}_variation_act",
        get=contractor(shown, technician=shown) if both else landlord(shown, reader=403),
        post=contractor(posted, technician=posted) if both else landlord(posted, reader=403),
        args={"action": action},
        **extra,
    )


_VARIATIONS = [
    Case("orders:landlord_variation", landlord()),
    Case("orders:landlord_variation_photo", landlord()),
    Case("orders:contractor_variation", contractor(technician=200)),
    Case("orders:contractor_variation_photo", contractor(technician=200)),
    _variation("landlord", "accorder", 302, data={"ligne-1": "1", "ligne-2": "2"}, acts=_DESK),
    _variation("landlord", "refuser", 302, shown=200, data={"reason": "price"}, acts=_DESK),
    # Only a reduction is taken back by the landlord, or agreed to by the company.
    _variation("landlord", "retirer", 404),
    _variation("landlord", "autre-chose", 404),
    _variation("contractor", "modifier", 302, shown=302),
    _variation("contractor", "demander", 409),
    _variation("contractor", "retirer", 302, acts=_FIELD),
    _variation("contractor", "lu", 409),
    _variation("contractor", "accorder", 404),
    _variation("contractor", "refuser", 404),
    _variation("contractor", "autre-chose", 404),
]


def _certificate(action: str, posted: int, *, shown: int = 404, **extra: Any) -> Case:
    return Case(
        "orders:landlord_certificate_act",
        get=landlord(shown, reader=403),
        post=landlord(posted, reader=403),
        args={"action": action},
        **extra,
    )


def _reserve(side: str, action: str, posted: int, *, shown: int = 404, **extra: Any) -> Case:
    both = side == "contractor"
    return Case(
        f"orders:{side}_reserve",
        get=contractor(shown) if both else landlord(shown, reader=403),
        post=contractor(posted) if both else landlord(posted, reader=403),
        args={"action": action},
        **extra,
    )


# Of two other orders, one's certificate waits, and one's was signed with a reserve.
_CERTIFICATES = [
    Case("orders:landlord_parapheur", landlord()),
    # A POST that names no certificate.
    Case("orders:landlord_series", landlord(reader=403), landlord(404, reader=403)),
    # Nothing was ticked: back to the list.
    Case("orders:landlord_sign", answers(405), landlord(302, reader=403)),
    Case("orders:landlord_certificate", landlord()),
    Case("orders:landlord_certificate_pdf", landlord(404)),
    Case("orders:landlord_lifting_pdf", landlord(404)),
    Case("orders:contractor_lifting_pdf", contractor(404)),
    Case("orders:landlord_sign_off_pdf", landlord(404)),
    Case("orders:contractor_sign_off_pdf", contractor(404)),
    Case("orders:contractor_certificate", contractor()),
    Case("orders:contractor_certificate_pdf", contractor(404)),
    _certificate("signer", 302, acts=_DESK),
    _certificate(
        "avec-reserves",
        302,
        shown=200,
        data={
            "reserves-TOTAL_FORMS": "1",
            "reserves-INITIAL_FORMS": "0",
            "reserves-0-text": "Trace",
            "reserves-0-due_on": "2039-05-04",
        },
        acts=_DESK,
    ),
    _certificate(
        "refuser", 302, shown=200, data={"reason": "photo", "note": "Laquelle ?"}, acts=_DESK
    ),
    _certificate("sceller", 409),
    _certificate("autre-chose", 404),
    _reserve("landlord", "lever", 302, acts=_DESK),
    _reserve("landlord", "maintenir", 409, shown=200, data={"objection": "Encore là"}),
    _reserve("landlord", "photo", 404),
    _reserve("landlord", "photo-reprise", 404),
    _reserve("landlord", "autre-chose", 404),
    _reserve("contractor", "annoncer", 302, shown=200, data={"answer": "Repeint"}, acts=("desk",)),
    _reserve("contractor", "photo", 404),
    _reserve("contractor", "photo-reprise", 404),
    _reserve("contractor", "autre-chose", 404),
    Case("orders:landlord_reserves", landlord()),
    Case("orders:contractor_reserves", contractor()),
    _landlord_act("verifier", 409, shown=200, data={"outcome": "fixed"}),
    _landlord_act("service", 302, shown=200, data={"department": "proximite"}, acts=_DESK),
    _contractor_act("annuler", 403, shown=403, data={"reason": "duplicate"}),
    _landlord_act("moins-value", 422, shown=200, data={"reason": "less"}),
    _contractor_act("moins-value", 422, shown=200, data={"reason": "less"}),
    _contractor_act("constat", 409, shown=200, data={"report": "Refait", "send": "1"}),
    # The visit is only proposed: nothing is signed yet.
    Case(
        "orders:field_sign",
        contractor(302, technician=302),
        contractor(302, technician=302),
        data={"name": "Amina", "answer": "oui"},
    ),
]

_WORDS = {"text": "Bonjour", "audience": "organisations"}
_TALK = [
    Case("orders:landlord_talk", landlord(), landlord(302, reader=403), data=_WORDS, acts=_DESK),
    Case(
        "orders:contractor_talk",
        contractor(technician=200),
        contractor(302, technician=302),
        data=_WORDS,
        acts=_FIELD,
    ),
    Case("orders:landlord_talk_read", NOT_ALLOWED, landlord(302, reader=403), acts=_DESK),
    Case(
        "orders:contractor_talk_read",
        NOT_ALLOWED,
        contractor(302, technician=302),
        acts=_FIELD,
    ),
    Case("orders:landlord_file", landlord()),
    Case("orders:contractor_file", contractor(technician=200)),
]

_HELD = {"cause": "B20", "note": "Circuit interne", "averti": "B20"}


def _invoice(side: str, action: str, posted: int, *, shown: int = 404, **extra: Any) -> Case:
    both = side == "contractor"
    return Case(
        f"contractors:{side}_invoice_act",
        get=contractor(shown) if both else landlord(shown, reader=403),
        post=contractor(posted) if both else landlord(posted, reader=403),
        args={"action": action},
        **extra,
    )


# The company has a paper that its landlord hasn't looked at, and bank details in the hold after a
# call; being alone at its desk, nobody confirms them there.
_PAPERS = [
    Case("contractors:landlord_papers", landlord()),
    Case("contractors:landlord_company_papers", landlord()),
    Case("contractors:landlord_paper_file", landlord()),
    Case(
        "contractors:landlord_paper_demand",
        landlord(reader=403, clerk=403),
        landlord(422, reader=403, clerk=403),
    ),
    *(
        Case(
            "contractors:landlord_paper_act",
            landlord(shown, reader=403),
            landlord(posted, reader=403),
            args={"action": action},
            data={"note": "Illisible"},
            acts=_DESK if posted == 302 else (),
        )
        for action, shown, posted in (
            ("accepter", 404, 302),
            ("refuser", 200, 302),
            ("autre-chose", 404, 404),
        )
    ),
    Case("contractors:contractor_papers", contractor()),
    Case("contractors:contractor_send_paper", contractor(), contractor(422)),
    Case("contractors:contractor_paper_file", contractor()),
]
_BANK = [
    Case("contractors:landlord_bank", landlord()),
    Case("contractors:landlord_company_bank", landlord()),
    *(
        Case(
            "contractors:landlord_bank_act",
            landlord(shown, reader=403, clerk=404 if action == "autre-chose" else 403),
            landlord(posted, reader=403, clerk=404 if action == "autre-chose" else 403),
            args={"action": action},
            data={"note": "Doute"},
            acts=acts,
        )
        for action, shown, posted, acts in (
            ("afficher", 404, 200, ("manager",)),
            ("rappel", 200, 422, ()),
            ("refuser", 200, 302, ("manager",)),
            ("autre-chose", 404, 404, ()),
        )
    ),
    Case(
        "contractors:landlord_note_transfer",
        landlord(reader=403, clerk=403),
        landlord(422, reader=403, clerk=403),
    ),
    *(
        Case(
            "contractors:landlord_transfer_act",
            landlord(shown, reader=403, clerk=404 if action == "autre-chose" else 403),
            landlord(posted, reader=403, clerk=404 if action == "autre-chose" else 403),
            args={"action": action},
            data={"note": "Doute"},
            acts=acts,
        )
        for action, shown, posted, acts in (
            ("afficher", 404, 200, ("manager",)),
            ("rappel", 200, 422, ()),
            ("ecarter", 200, 302, ("manager",)),
            ("mainlevee", 200, 409, ()),
            ("confirmer-mainlevee", 200, 422, ()),
            ("maintenir", 404, 409, ()),
            ("autre-chose", 404, 404, ()),
        )
    ),
    Case("contractors:contractor_bank", contractor()),
    Case("contractors:contractor_propose_bank", contractor(), contractor(422)),
    *(
        Case(
            "contractors:contractor_bank_act",
            contractor(shown),
            contractor(posted),
            args={"action": action},
            data={"note": "Erreur"},
            acts=acts,
        )
        for action, shown, posted, acts in (
            ("afficher", 404, 200, ("desk",)),
            ("confirmer", 404, 409, ()),
            ("refuser", 200, 409, ()),
            ("retirer", 200, 302, ("desk",)),
            ("autre-chose", 404, 404, ()),
        )
    ),
]

# Something is held back of an invoice that isn't paid; no contract says anything of money yet.
_MANAGERS_ONLY = {"reader": 403, "clerk": 403}
_MONEY = [
    *(
        Case(f"contractors:{side}_retentions{end}", visitors, args=args)
        for side, visitors in (("landlord", landlord()), ("contractor", contractor()))
        for end, args in (("", {}), ("_file", {"ending": "csv"}))
    ),
    *(
        Case(
            "contractors:landlord_retention_act",
            landlord(shown, reader=403),
            landlord(posted, reader=403),
            args={"action": action},
            data={"note": "Réserves"},
            acts=_DESK if posted == 302 else (),
        )
        for action, shown, posted in (
            ("liberer", 200, 422),
            ("opposer", 200, 302),
            ("autre-chose", 404, 404),
        )
    ),
    Case(
        "contractors:landlord_money_terms",
        landlord(**_MANAGERS_ONLY),
        landlord(422, **_MANAGERS_ONLY),
    ),
    Case(
        "contractors:landlord_advance",
        landlord(409, **_MANAGERS_ONLY),
        landlord(409, **_MANAGERS_ONLY),
    ),
    Case(
        "contractors:landlord_calendar",
        landlord(**_MANAGERS_ONLY),
        landlord(302, **_MANAGERS_ONLY),
        data={"weekdays": "1"},
        acts=("manager",),
    ),
    Case(
        "contractors:landlord_account_rules",
        landlord(**_MANAGERS_ONLY),
        landlord(422, **_MANAGERS_ONLY),
    ),
    Case(
        "contractors:landlord_end_account_rule",
        NOT_ALLOWED,
        landlord(302, **_MANAGERS_ONLY),
        acts=("manager",),
    ),
    Case(
        "contractors:landlord_invoice_act",
        landlord(**_MANAGERS_ONLY),
        landlord(302, **_MANAGERS_ONLY),
        args={"action": "imputer"},
        acts=("manager",),
    ),
    _invoice("landlord", "rembourser", 422, shown=200),
    _invoice("contractor", "abandonner", 409),
]

# A subcontractor waits for the landlord's answer; another one was named on the order.
_SUBCONTRACTORS = [
    *(
        Case(f"contractors:{side}_subcontract{end}", visitors)
        for side, visitors in (("landlord", landlord()), ("contractor", contractor()))
        for end in ("", "_file")
    ),
    *(
        Case(
            "contractors:landlord_subcontract_act",
            landlord(shown, **_MANAGERS_ONLY),
            landlord(posted, **_MANAGERS_ONLY),
            args={"action": action},
            data={"note": "Assurance périmée"},
            acts=("manager",) if posted == 302 else (),
        )
        for action, shown, posted in (
            ("accepter", 404, 302),
            ("refuser", 200, 302),
            ("terminer", 200, 409),
            ("autre-chose", 404, 404),
        )
    ),
    *(
        Case(
            "contractors:contractor_subcontract_act",
            contractor(shown),
            contractor(posted),
            args={"action": action},
            data={"note": "Chantier fini"},
            acts=("desk",) if posted == 302 else (),
        )
        for action, shown, posted in (
            ("retirer", 404, 302),
            ("terminer", 200, 409),
            ("autre-chose", 404, 404),
        )
    ),
    Case("contractors:contractor_declare_subcontractor", contractor(), contractor(422)),
    Case("contractors:contractor_name_subcontractor", contractor(), contractor(422)),
    Case(
        "contractors:contractor_forget_subcontractor",
        NOT_ALLOWED,
        contractor(302),
        acts=("desk",),
    ),
    _invoice("contractor", "parts", 404),
    _invoice("landlord", "payer-une-part", 404),
]

# A final account waits for the landlord's answer; the finished order had no situation.
_FINAL = [
    Case("contractors:contractor_final_account_new", contractor(409), contractor(409)),
    Case("contractors:landlord_final_account", landlord()),
    Case("contractors:contractor_final_account", contractor()),
    Case("contractors:landlord_final_account_file", landlord(404)),
    Case("contractors:contractor_final_account_file", contractor(404)),
    *(
        Case(
            "contractors:landlord_final_account_act",
            landlord(shown, reader=403),
            landlord(posted, reader=403),
            args={"action": action},
            data={"note": "Une ligne manque", "deducted": "1"},
            acts=_DESK if posted == 302 else (),
        )
        for action, shown, posted in (
            ("accepter", 404, 302),
            ("rectifier", 200, 302),
            ("retourner", 200, 302),
            ("sceller", 404, 409),
            ("autre-chose", 404, 404),
        )
    ),
    *(
        Case(
            "contractors:contractor_final_account_act",
            contractor(shown),
            contractor(posted),
            args={"action": action},
            data={"note": "Rien à retirer"},
        )
        for action, shown, posted in (
            ("accepter", 404, 409),
            ("contester", 200, 409),
            ("autre-chose", 404, 404),
        )
    ),
]

# The invoice of another order was filed with Chorus Pro, its certificate waits; one more order is
# finished and not invoiced yet.
_INVOICES = [
    *(
        Case(f"contractors:{side}_{name}", visitors)
        for side, visitors in (("landlord", landlord()), ("contractor", contractor()))
        for name in (
            *("invoices", "invoices_export", "invoices_workbook", "invoice", "invoice_pdf"),
            *("blocks", "accounts"),
            *("inbox", "received", "received_file"),
            "suspension_file",
        )
    ),
    Case(
        "contractors:landlord_send_invoice",
        landlord(reader=403),
        landlord(422, reader=403),
    ),
    Case("contractors:contractor_send_invoice", contractor(), contractor(422)),
    *(
        Case(
            "contractors:landlord_received_act",
            landlord(shown, reader=403),
            landlord(posted, reader=403),
            args={"action": action},
            data={"note": "Vue", "averti": "chorus_not_invited"},
            acts=_DESK if action in ("ecarter", "rendre", "inviter") else (),
        )
        for action, shown, posted in (
            ("completer", 200, 422),
            ("rattacher", 404, 302),
            ("ecarter", 200, 302),
            ("rendre", 200, 302),
            ("inviter", 404, 302),
            ("chorus", 200, 422),
            ("autre-chose", 404, 404),
        )
    ),
    *(
        Case(
            "contractors:contractor_received_act",
            contractor(shown),
            contractor(posted),
            args={"action": action},
            data={"note": "Vue"},
        )
        for action, shown, posted in (
            ("completer", 200, 422),
            ("rattacher", 404, 302),
            ("ecarter", 200, 409),
            ("confirmer", 404, 404),
            ("autre-chose", 404, 404),
        )
    ),
    *(
        Case(
            "contractors:contractor_accounts_file",
            contractor(),
            args={"table": table, "ending": ending},
        )
        for table, ending in (("paiements", "xlsx"), ("journal", "csv"))
    ),
    # Full bank numbers leave by a POST, which is noted: to whoever pays.
    Case(
        "contractors:landlord_accounts_file",
        landlord(),
        landlord(reader=403, clerk=403),
        args={"table": "paiements", "ending": "xlsx"},
        acts=("manager",),
    ),
    Case(
        "contractors:landlord_accounts_file",
        landlord(),
        landlord(404),
        args={"table": "journal", "ending": "csv"},
    ),
    Case("contractors:landlord_interest", landlord()),
    Case("contractors:landlord_trend", landlord()),
    Case("contractors:contractor_trend", contractor()),
    Case(
        "contractors:landlord_digest",
        landlord(reader=403),
        landlord(302, reader=403),
        acts=("manager", "clerk"),
    ),
    Case("contractors:contractor_digest", contractor(), contractor(302), acts=("desk",)),
    Case("contractors:landlord_delays", landlord()),
    Case("contractors:landlord_invoices_pay", NOT_ALLOWED, landlord(302, reader=403)),
    Case("contractors:contractor_forecast", contractor()),
    Case(
        "contractors:contractor_claims",
        contractor(),
        contractor(409),
        data={"bailleur": "0" * 32},
    ),
    Case("contractors:contractor_claim_letter", contractor()),
    *(
        Case(
            f"contractors:{side}_ask_proof",
            NOT_ALLOWED,
            landlord(302, reader=403) if side == "landlord" else contractor(302),
            acts=("manager", "clerk") if side == "landlord" else ("desk",),
        )
        for side in ("landlord", "contractor")
    ),
    Case("contractors:landlord_proof", landlord(reader=403)),
    Case("contractors:contractor_proof", contractor()),
    Case(
        "contractors:landlord_billing",
        landlord(reader=403, clerk=403),
        landlord(302, reader=403, clerk=403),
        data={"city": "Paris"},
        acts=("manager",),
    ),
    Case(
        "contractors:contractor_billing",
        contractor(),
        contractor(302),
        data={"city": "Paris"},
        acts=("desk",),
    ),
    Case("contractors:contractor_prepare", NOT_ALLOWED, contractor(302), acts=("desk",)),
    *_PAPERS,
    *_BANK,
    *_MONEY,
    *_SUBCONTRACTORS,
    *_FINAL,
    _invoice("landlord", "prendre-en-charge", 302, acts=_DESK),
    _invoice("landlord", "approuver", 409),
    _invoice(
        "landlord",
        "approuver-en-partie",
        302,
        shown=200,
        data={"admitted": "10", "cause": "B08", "note": "Moins"},
        acts=_DESK,
    ),
    _invoice("landlord", "mettre-en-litige", 302, shown=200, data=_HELD, acts=_DESK),
    _invoice("landlord", "suspendre", 302, shown=200, data={**_HELD, "pieces": "Plan"}, acts=_DESK),
    _invoice("landlord", "refuser", 302, shown=200, data=_HELD, acts=_DESK),
    _invoice(
        "landlord",
        "reacheminer",
        302,
        shown=200,
        data={"department": "marches", "note": "Leur marché"},
        acts=_DESK,
    ),
    _invoice("landlord", "payer", 422, shown=200),
    _invoice("landlord", "interets", 422, shown=200),
    _invoice("landlord", "bloquer", 302, shown=200, data=_HELD, acts=_DESK),
    _invoice("landlord", "autre-chose", 404),
    _invoice("contractor", "deposer", 409),
    _invoice("contractor", "preparer", 409),
    _invoice("contractor", "chorus", 422, shown=200),
    _invoice("contractor", "completer", 409, shown=200, data={"answer": "Voici"}),
    _invoice("contractor", "encaisser", 422, shown=200),
    _invoice("contractor", "interets", 422, shown=200),
    _invoice("contractor", "reclamer", 409),
    _invoice("contractor", "bloquer", 302, shown=200, data=_HELD, acts=("desk",)),
    _invoice(
        "contractor",
        "avoir",
        302,
        shown=200,
        data={"reason": "error", "note": "Erreur", "scope": "whole"},
        acts=("desk",),
    ),
    Case("contractors:contractor_situation", contractor(409), contractor(409)),
    *(
        Case(f"contractors:{side}_invoice_message", visitors, args={"reached": "203"})
        for side, visitors in (("landlord", landlord()), ("contractor", contractor()))
    ),
    _invoice("contractor", "autre-chose", 404),
    *(
        Case(
            f"contractors:{side}_block_act",
            get=landlord(shown, reader=403) if side == "landlord" else contractor(shown),
            post=landlord(posted, reader=403) if side == "landlord" else contractor(posted),
            args={"action": action},
            data={"note": "Vu", "to": "contractor" if side == "landlord" else "landlord"},
        )
        for side in ("landlord", "contractor")
        for action, shown, posted in (
            ("lever", 200, 409),
            ("passer", 200, 409),
            ("autre-chose", 404, 404),
        )
    ),
    Case(
        "contractors:landlord_block_act",
        get=landlord(404, reader=403),
        post=landlord(302, reader=403),
        args={"action": "prendre"},
        acts=_DESK,
    ),
]

# The order is accepted and its visit proposed; a second order, issued, is in `fresh`.
ORDERS = [
    Case("orders:landlord_home", landlord()),
    Case("orders:landlord_list", landlord()),
    Case("orders:landlord_filters", landlord()),
    Case("orders:landlord_export", landlord()),
    Case("orders:landlord_workbook", landlord()),
    # A POST that names no certificate.
    Case("orders:landlord_series", landlord(reader=403), landlord(404, reader=403)),
    # Nothing was ticked: back to the list.
    Case(
        "orders:landlord_bulk",
        answers(405),
        landlord(302, reader=403),
        data={"acte": "transmettre"},
    ),
    Case("orders:landlord_board", landlord()),
    Case("orders:contractor_board", contractor()),
    Case("orders:landlord_inbox", landlord()),
    Case("orders:contractor_inbox", contractor()),
    Case("orders:landlord_detail", landlord()),
    Case("orders:landlord_unit", landlord()),
    Case("orders:landlord_group", landlord()),
    Case(
        "orders:landlord_exports", landlord(), landlord(302), data={"format": "csv"}, acts=LANDLORD
    ),
    # Whose file it is, and nobody else's.
    Case("orders:landlord_export_file", landlord(404, clerk=404, reader=404) | {"manager": 200}),
    Case(
        "orders:contractor_exports",
        contractor(),
        contractor(302),
        data={"format": "xlsx"},
        acts=("desk",),
    ),
    Case("orders:contractor_export_file", contractor()),
    Case("orders:landlord_warranties", landlord()),
    Case(
        "orders:landlord_group_warranties",
        landlord(),
        landlord(302, reader=403),
        data={
            "kind": "completion",
            "company": "Bâtisseurs réunis",
            "starts_on": "01/10/2026",
            "ends_on": "30/09/2030",
        },
        acts=_DESK,
    ),
    Case("orders:landlord_end_warranty", NOT_ALLOWED, landlord(302, reader=403), acts=_DESK),
    Case("orders:landlord_upkeep", landlord()),
    Case("orders:landlord_upkeep_export", landlord()),
    Case("orders:landlord_equipment", landlord()),
    Case(
        "orders:landlord_group_equipment",
        landlord(),
        landlord(422, reader=403),
        data={"kind": "boiler"},
    ),
    Case("orders:landlord_retire_equipment", NOT_ALLOWED, landlord(302, reader=403), acts=_DESK),
    Case("orders:landlord_contracts", landlord()),
    Case("orders:landlord_contract", landlord()),
    Case("orders:landlord_schedule", landlord()),
    Case("orders:landlord_schedule_export", landlord()),
    Case("orders:landlord_items", landlord(reader=403)),
    _contract_act("preparer", 422, shown=200),
    _contract_act("modifier", 422, shown=200),
    _contract_act("formule", 422, shown=200),
    _contract_act("sans-formule", 302),
    _contract_act("reviser", 422, shown=200),
    _contract_act("autre-chose", 404),
    Case(
        "orders:landlord_contract_new",
        landlord(reader=403, clerk=403),
        landlord(422, reader=403, clerk=403),
    ),
    _schedule_act("publier", 302, acts=("manager",)),
    _schedule_act("reprendre", 302),
    _schedule_act("supprimer", 302, acts=("manager",)),
    _schedule_act("dater", 422, shown=200),
    _schedule_act("article", 422),
    _schedule_act("retirer", 302, data={"code": "PLB-01"}, acts=("manager",)),
    _schedule_act("autre-chose", 404),
    Case("orders:landlord_photo", landlord()),
    Case("orders:landlord_piece", landlord()),
    Case("orders:landlord_new", landlord(reader=403), landlord(422, reader=403)),
    Case("orders:landlord_check", NOT_ALLOWED, landlord(reader=403)),
    Case("orders:landlord_units", landlord(reader=403), landlord(reader=403)),
    Case("orders:landlord_lines", NOT_ALLOWED, landlord(reader=403)),
    Case("orders:landlord_edit", landlord(302, reader=403), landlord(302, reader=403)),
    _landlord_act("confier-a-une-autre", 302, shown=302),
    _landlord_act("annuler", 302, shown=200, data={"reason": "duplicate"}, acts=_DESK),
    _landlord_act("corriger", 409),
    _landlord_act("suite", 409, shown=200, data={"decision": "Remplacez tout."}),
    _landlord_act("dupliquer", 302, acts=_DESK),
    _landlord_act("reprendre", 409),
    _landlord_act("sceller-la-levee", 409),
    _landlord_act("sceller-les-bons", 409),
    _landlord_act("joindre", 422, shown=200),
    _landlord_act("retirer-la-piece", 404),
    Case(
        "orders:landlord_house",
        landlord(reader=403, clerk=403),
        landlord(302, reader=403, clerk=403),
        data={"billing_address": "12 rue des Lilas"},
        acts=("manager",),
    ),
    Case("orders:landlord_perimeter", landlord(reader=403, clerk=403)),
    _landlord_act(
        "engagement",
        302,
        shown=200,
        data={"commitment_number": "EJ-1", "service_code": "S1"},
        acts=_DESK,
    ),
    _landlord_act("renvoyer", 409, shown=200, data={"reason": "Trop cher"}),
    _landlord_act("transmettre", 409),
    _landlord_act("valider", 409),
    _landlord_act("transmettre-a-nouveau", 409),
    _landlord_act("demander-a-transmettre", 409),
    _landlord_act("signer-l-attachement", 404),
    _landlord_act("refuser-l-attachement", 404, shown=404),
    _landlord_act("rouvrir", 409, shown=200, data={"reason": "La fuite a repris"}),
    _landlord_act("renouveler-le-lien", 302, acts=_DESK),
    _landlord_act(
        "corriger-le-contact", 302, shown=200, data={"phone": "06 12 34 56 79"}, acts=_DESK
    ),
    # Nobody was missed yet: there is nothing to decide, nor to write about.
    _landlord_act("logement-inaccessible", 409),
    _landlord_act("autre-passage", 409),
    _landlord_act("courrier", 409),
    Case("orders:landlord_letter", landlord(404)),
    _landlord_act("autre-chose", 404),
    Case(
        "orders:landlord_views",
        landlord(),
        landlord(302),
        data={"name": "Retards", "query": "retard=1"},
        acts=LANDLORD,
    ),
    Case(
        "orders:landlord_columns",
        NOT_ALLOWED,
        landlord(302),
        data={"colonne": ["etat"], "retour": "retard=1"},
        acts=LANDLORD,
    ),
    Case(
        "orders:contractor_columns",
        answers(405),
        contractor(302),
        data={"colonne": ["etat"], "retour": "retard=1"},
        acts=("desk",),
    ),
    Case("orders:landlord_history", landlord()),
    Case("orders:contractor_history", contractor()),
    Case("orders:landlord_readings", landlord()),
    Case("orders:contractor_readings", contractor()),
    # The saved view is the manager's: colleagues and others have no such page.
    *(
        Case(
            f"orders:{side}_view",
            NOT_ALLOWED,
            answers(404, anonymous=302, **special),
            args={"action": action},
            data={"name": "Autre nom", "audience": "house"},
            # It isn't shared: to withdraw it changes nothing.
            acts=("manager",) if special.get("manager") == 302 and action != "retirer" else (),
        )
        for side, action, special in (
            ("landlord", "renommer", {"manager": 302}),
            ("landlord", "supprimer", {"manager": 302}),
            ("landlord", "partager", {"manager": 302}),
            ("landlord", "retirer", {"manager": 302}),
            ("landlord", "ouvrir", {"manager": 302}),
            ("landlord", "ne-plus-ouvrir", {"manager": 302}),
            ("landlord", "autre-chose", {}),
            ("contractor", "renommer", {"technician": 403}),
            ("contractor", "supprimer", {"technician": 403}),
            ("contractor", "partager", {"technician": 403}),
            ("contractor", "retirer", {"technician": 403}),
            ("contractor", "ouvrir", {"technician": 403}),
            ("contractor", "ne-plus-ouvrir", {"technician": 403}),
        )
    ),
    # Views of invoices: the saved one is of the list of orders, so that these pages don't find it.
    *(
        Case(
            f"contractors:{side}_invoice_views",
            visitors(),
            visitors(302),
            data={"name": "Bloquées", "query": "etat=bloquees"},
            acts=acts,
        )
        for side, visitors, acts in (
            ("landlord", landlord, LANDLORD),
            ("contractor", contractor, ("desk",)),
        )
    ),
    *(
        Case(
            f"contractors:{side}_invoice_view",
            NOT_ALLOWED,
            answers(404, anonymous=302, **special),
            args={"action": action},
        )
        for side, special in (("landlord", {}), ("contractor", {"technician": 403}))
        for action in ("renommer", "supprimer", "partager", "retirer", "ouvrir", "ne-plus-ouvrir")
    ),
    Case(
        "orders:contractor_views",
        contractor(),
        contractor(302),
        data={"name": "Retards", "query": "retard=1"},
        acts=("desk",),
    ),
    Case("orders:contractor_home", contractor()),
    Case("orders:contractor_list", contractor()),
    Case("orders:contractor_filters", contractor()),
    Case("orders:contractor_export", contractor()),
    Case("orders:contractor_workbook", contractor()),
    Case(
        "orders:contractor_bulk",
        answers(405),
        contractor(302),
        data={"acte": "accepter"},
    ),
    Case("orders:contractor_contracts", contractor()),
    Case("orders:contractor_contract", contractor()),
    Case("orders:contractor_upkeep", contractor(), contractor(422), data={"visited_on": ""}),
    Case("orders:contractor_upkeep_export", contractor()),
    Case("orders:contractor_equipment", contractor()),
    Case("orders:contractor_withdraw_upkeep", NOT_ALLOWED, contractor(302), acts=("desk",)),
    Case("orders:contractor_schedule", contractor()),
    Case("orders:contractor_schedule_export", contractor()),
    Case("orders:contractor_detail", contractor()),
    Case("orders:contractor_items", contractor(technician=200)),
    Case("orders:contractor_planning", contractor()),
    Case("orders:contractor_assign", NOT_ALLOWED, contractor(404), data={"visite": "aucun"}),
    Case(
        "orders:contractor_tenant_hours",
        contractor(),
        contractor(302),
        data={"version": "0", "day_0": ["0 8-10"]},
        acts=("desk",),
    ),
    Case("orders:contractor_photo", contractor(technician=200)),
    Case(
        "orders:contractor_photo_withdraw",
        contractor(technician=200),
        contractor(302, technician=302),
        data={"reason": "person"},
        acts=_FIELD,
    ),
    Case("orders:contractor_piece", contractor(technician=200)),
    Case(
        "orders:contractor_piece_withdraw",
        contractor(technician=200),
        contractor(302, technician=302),
        acts=_FIELD,
    ),
    _contractor_act("accepter", 409),
    _contractor_act("renvoyer", 302, shown=200, data={"items": ["phone"]}, acts=("desk",)),
    _contractor_act("reserves", 409, shown=200, data={"reason": "no_capacity"}),
    _contractor_act("rendez-vous", 409, shown=200, data=_SLOT),
    # It isn't urgent.
    _contractor_act("partir", 422, shown=200),
    # Its contract asks for no file.
    _contractor_act("piece", 302, shown=302),
    _contractor_act("contact", 200, acts=("desk",)),
    _contractor_act("autre-chose", 404),
    _desk_visit("confirmer", 302, acts=("desk",)),
    # The visit is only proposed: it stands in no diary yet.
    Case("orders:contractor_calendar", contractor(404, technician=404)),
    _desk_visit("choisir", 404, data={"creneau": "aucun"}),
    _desk_visit("retirer-creneau", 404, data={"creneau": "aucun"}),
    _desk_visit("technicien", 422, shown=200, data={"technician": ""}),
    _desk_visit("deplacer", 302, shown=200, data={**_SLOT, "reason": "Panne"}, acts=("desk",)),
    _desk_visit("annuler", 302, shown=200, data={"reason": "Panne"}, acts=("desk",)),
    _desk_visit("absence", 404),
    _desk_visit("autre-chose", 404),
    *(
        Case(
            "orders:landlord_visit",
            landlord(shown, reader=403),
            landlord(posted, reader=403),
            args={"action": action},
            data={"reason": "Autre passage prévu"},
            acts=acts,
        )
        for action, shown, posted, acts in (
            ("choisir", 404, 404, ()),
            ("trancher", 404, 404, ()),
            ("pas-venue", 404, 409, ()),
            ("annuler", 200, 302, _DESK),
            ("deplacer", 200, 422, ()),
            ("autre-chose", 404, 404, ()),
        )
    ),
    # The order's PDF is there, in clear: the contractor's download is a logged look.
    Case("orders:landlord_pdf", landlord()),
    Case("orders:contractor_pdf", NOT_ALLOWED, contractor(), acts=("desk",)),
    _document("landlord", "preparer", 302, _DESK),
    _document("landlord", "remplacer-le-code", 302, _DESK),
    _document("landlord", "retirer-le-code", 302, _DESK),
    _document("landlord", "autre-chose", 404, ()),
    _document("contractor", "preparer", 302, ("desk",)),
    _document("contractor", "autre-chose", 404, ()),
    # Another order of the first party waits for the answer to its variation.
    *_VARIATIONS,
    *_CERTIFICATES,
    *_TALK,
    *_INVOICES,
    Case("orders:field_variation", contractor(technician=200), contractor(422, technician=422)),
    Case("orders:field_regularise", contractor(technician=200), contractor(422, technician=422)),
    *(
        make(
            action,
            posted,
            shown=shown,
            data={
                "reason": "keys",
                "expected_on": (clock.today() + timedelta(days=90)).isoformat(),
            },
            acts=acts,
        )
        for make, who in ((_landlord_act, _DESK), (_contractor_act, ("desk",)))
        for action, posted, shown, acts in (
            ("mettre-en-attente", 302, 200, who),
            ("prolonger-l-attente", 409, 200, ()),
            ("lever-l-attente", 409, 404, ()),
            ("relancer", 409, 404, ()),
        )
    ),
    _contractor_act("devis-complementaire", 422, shown=200),
    _contractor_act("regularisation", 422, shown=200),
    Case("orders:field_day", contractor(technician=200)),
    Case("orders:field_on_call", contractor(technician=200)),
    Case(
        "orders:field_on_call_open",
        contractor(technician=200),
        contractor(302, technician=302),
        data={
            "reason": "water",
            "trade": "plomberie",
            "description": "La colonne fuit dans la cage d’escalier.",
            "kind": "dwelling",
            "number": "31",
            "caller": "La gardienne",
            "phone": "06 12 34 56 78",
            "amount": "250",
            "measures": "Sans percement.",
        },
        acts=("desk", "technician"),
    ),
    Case("orders:field_visit", contractor(technician=200)),
    _field_act("en-route", 409),
    _field_act("sur-place", 409),
    _field_act("maintenant", 409),
    _field_act("arrivee", 409, data={"start": "23:55", "minutes": "15"}),
    _field_act("termine", 409),
    _field_act("en-partie", 422),
    _field_act("photo", 422),
    _field_act("piece", 302),
    _field_act("sans-photo", 302, acts=_FIELD),
    _field_act("personne", 409, data={"minutes_waited": "12"}),
    _field_act("autre-chose", 404, shown=404),
]

_HOME = answers(302, outsider=200, staff=200)
_MEMBERS = answers(403, anonymous=302, manager=200, clerk=200, reader=200)

CORE = [
    Case("core:home", _HOME),
    Case("core:stream_token", _MEMBERS),
    Case("core:read_notice", NOT_ALLOWED, answers(302), acts=("manager",)),
    Case(
        "core:landlord_preferences",
        landlord(),
        landlord(302),
        acts=("manager", "clerk", "reader"),
    ),
    Case(
        "core:contractor_preferences",
        contractor(technician=200),
        contractor(302, technician=302),
        acts=("desk", "technician"),
    ),
    Case("core:landlord_bell", landlord(), landlord(302), acts=("manager",)),
    Case("core:contractor_bell", contractor(technician=200), contractor(302, technician=302)),
    Case("estate:groups", landlord()),
    Case("estate:imports", landlord(reader=403, clerk=403), landlord(422, reader=403, clerk=403)),
    Case("estate:job", landlord(reader=403, clerk=403)),
    Case(
        "estate:act",
        NOT_ALLOWED,
        landlord(409, reader=403, clerk=403),
        args={"action": "appliquer"},
    ),
    Case(
        "estate:act",
        NOT_ALLOWED,
        landlord(409, reader=403, clerk=403),
        args={"action": "annuler"},
    ),
    Case("imports:index", landlord(reader=403)),
    Case(
        "imports:start",
        landlord(reader=403),
        landlord(422, reader=403),
        args={"slug": "commandes"},
    ),
    Case("imports:template", landlord(reader=403), args={"slug": "commandes"}),
    Case(
        "imports:template",
        landlord(reader=403, clerk=403),
        args={"slug": "enquetes-de-satisfaction"},
    ),
    Case("imports:run", landlord(reader=403)),
    Case("imports:columns", landlord(reader=403), landlord(422, reader=403)),
    Case("imports:values", landlord(reader=403), landlord(409, reader=403)),
    Case("imports:report", landlord(404, reader=403)),
    *[
        Case("imports:act", NOT_ALLOWED, landlord(409, reader=403), args={"action": action})
        for action in ("repeter", "appliquer", "annuler")
    ],
    Case("imports:act", NOT_ALLOWED, landlord(404, reader=403), args={"action": "autre-chose"}),
    Case("contractor_imports:index", contractor()),
    *[
        Case(
            "contractor_imports:start",
            contractor(status),
            contractor(422 if status == 200 else status),
            args={"slug": slug},
        )
        for slug, status in (("mes-depots-chorus", 200), ("paiements", 403), ("rien", 404))
    ],
    Case("contractor_imports:template", contractor(), args={"slug": "mes-depots-chorus"}),
    Case("contractor_imports:run", contractor()),
    Case("contractor_imports:columns", contractor(), contractor(422)),
    Case("contractor_imports:values", contractor(), contractor(409)),
    Case("contractor_imports:report", contractor(404)),
    *[
        Case(
            "contractor_imports:act",
            NOT_ALLOWED,
            contractor(404 if action == "autre-chose" else 409),
            args={"action": action},
        )
        for action in ("repeter", "appliquer", "annuler", "autre-chose")
    ],
    Case("imports:start", landlord(403), landlord(403), args={"slug": "mes-depots-chorus"}),
    Case("admin", answers(302), answers(302)),
    Case("dev:components", answers(200), answers(200)),
]

_DATA = {"email": "x@y.example", "department": "proximite", "roles": ["reader"]}
_DESK_DATA = {"email": "x@y.example", "department": "exploitation", "roles": ["clerk"]}
_MANAGERS = landlord(reader=403, clerk=403)


def _managers(status: int) -> Answers:
    return landlord(status, reader=403, clerk=403)


_NO_ABSENCE = {"absence": "00000000-0000-7000-8000-000000000000"}
_AWAY = {"starts_on": "2039-05-04", "ends_on": "2039-05-06"}

_CLOSED = {"label": "Congés", "starts_on": "2039-05-04", "ends_on": "2039-05-06"}

MEMBERS = [
    Case(
        "members:landlord_closings",
        landlord(),
        _managers(302),
        data=_CLOSED,
        acts=("manager",),
    ),
    Case(
        "members:contractor_closings", contractor(), contractor(302), data=_CLOSED, acts=("desk",)
    ),
    Case("members:landlord_closing_withdraw", NOT_ALLOWED, _managers(409)),
    Case("members:contractor_closing_withdraw", NOT_ALLOWED, contractor(409)),
    Case("members:landlord_absence", _MANAGERS, _managers(302), data=_AWAY, acts=("manager",)),
    Case("members:contractor_absence", contractor(), contractor(302), data=_AWAY, acts=("desk",)),
    Case("members:landlord_absence_end", NOT_ALLOWED, _managers(409), data=_NO_ABSENCE),
    Case("members:contractor_absence_end", NOT_ALLOWED, contractor(409), data=_NO_ABSENCE),
    Case("members:landlord_list", landlord()),
    Case("members:landlord_export", _MANAGERS),
    Case("members:landlord_history", _MANAGERS),
    Case("members:landlord_entries", landlord()),
    Case(
        "members:landlord_protect",
        NOT_ALLOWED,
        _managers(302),
        data={"exiger": "oui"},
        acts=("manager",),
    ),
    Case("members:landlord_invite", _MANAGERS, _managers(302), data=_DATA, acts=("manager",)),
    Case("members:landlord_member", _MANAGERS, _managers(302), data=_DATA, acts=("manager",)),
    *(
        Case("members:landlord_act", NOT_ALLOWED, _managers(status), args={"action": action})
        for action, status in (
            ("renvoyer", 409),
            ("retirer", 409),
            ("reactiver", 409),
            ("annuler", 409),
            ("terminer", 409),
            ("autre-chose", 404),
        )
    ),
    Case(
        "members:landlord_act",
        NOT_ALLOWED,
        _managers(302),
        args={"action": "desactiver"},
        acts=("manager",),
    ),
    Case("territories:index", _MANAGERS),
    *(
        Case(name, _MANAGERS, _managers(302), data={"name": "Est"}, acts=("manager",))
        for name in ("territories:new_agency", "territories:new_sector", "territories:edit")
    ),
    Case("territories:residences", _MANAGERS, _managers(422)),
    Case(
        "territories:act",
        NOT_ALLOWED,
        _managers(302),
        args={"action": "archiver"},
        acts=("manager",),
    ),
    *(
        Case("territories:act", NOT_ALLOWED, _managers(status), args={"action": action})
        for action, status in (("retablir", 409), ("autre-chose", 404))
    ),
    Case("members:contractor_list", contractor()),
    Case("members:contractor_export", contractor()),
    Case("members:contractor_history", contractor()),
    Case("members:contractor_entries", contractor()),
    Case(
        "members:contractor_protect",
        NOT_ALLOWED,
        contractor(302),
        data={"exiger": "oui"},
        acts=("desk",),
    ),
    Case(
        "members:contractor_invite",
        contractor(),
        contractor(302),
        data=_DESK_DATA,
        acts=("desk",),
    ),
    Case(
        "members:contractor_member",
        contractor(),
        contractor(302),
        data=_DESK_DATA,
        acts=("desk",),
    ),
    Case(
        "members:contractor_act",
        NOT_ALLOWED,
        contractor(302),
        args={"action": "desactiver"},
        acts=("desk",),
    ),
    *(
        Case("members:contractor_act", NOT_ALLOWED, contractor(409), args={"action": action})
        for action in ("renvoyer", "retirer", "reactiver", "annuler", "terminer")
    ),
    Case("members:leave", NOT_ALLOWED, answers(409, anonymous=302)),
]

_MARKS = dict.fromkeys(
    (
        *("autonomy", "competence", "conduct", "consideration", "cooperation", "listening"),
        *("environment", "adaptability", "experience", "trust", "values"),
        *("quality", "cleanliness", "delays"),
    ),
    "4",
)
_GROUND = {"ground": "person", "note": ""}
_SAYS = {"text": "Nous avons repris ce point.", "reason": "Ce n’est pas notre chantier."}

EVALUATIONS = [
    Case("evaluations:landlord_home", landlord()),
    Case("evaluations:landlord_waiting", landlord()),
    Case("evaluations:contractor_waiting", contractor()),
    Case("evaluations:landlord_results", landlord()),
    Case("evaluations:contractor_home", contractor()),
    Case("evaluations:contractor_results", contractor()),
    *(
        Case(
            name,
            get,
            landlord(302, reader=403),
            data=_MARKS,
            acts=("manager", "clerk"),
        )
        for name, get in (
            ("evaluations:landlord_campaign", landlord(reader=403)),
            ("evaluations:landlord_evaluation", landlord()),
        )
    ),
    *(
        Case(name, contractor(), contractor(302), data=_MARKS, acts=("desk",))
        for name in ("evaluations:contractor_campaign", "evaluations:contractor_evaluation")
    ),
    Case(
        "evaluations:landlord_voice",
        landlord(reader=403),
        landlord(302, reader=403),
        data=_GROUND,
        acts=("manager", "clerk"),
    ),
    Case(
        "evaluations:contractor_voice",
        contractor(),
        contractor(302),
        data=_GROUND,
        acts=("desk",),
    ),
    *(
        Case(
            "evaluations:contractor_act",
            contractor(),
            contractor(302),
            args={"action": action},
            data=_SAYS,
            acts=("desk",),
        )
        for action in ("repondre", "contester")
    ),
    Case(
        "evaluations:contractor_act",
        contractor(404),
        contractor(404),
        args={"action": "autre-chose"},
    ),
]

# The review of the last quarter is open and has no minutes; the decision is of the one before.
_REVIEW = {
    "meets_on": "2031-01-05",
    "due_on": "2031-02-01",
    "text": "Échanges du trimestre.",
    "version": "1",
    "side": "landlord",
    "owner": "Patrimoine",
    "outcome": "done",
}
# From a quarter on that is never over; two places of the list are free.
_OWN = {
    "direction": "landlord_contractor",
    "starts_on": Quarter.of(clock.today()).following.first.isoformat(),
    "text": "L’entreprise prévient le gardien avant de venir.",
}
FIXED_AGENCY = "0198f2a0-0000-7000-8000-000000000042"
# A day to come, of a perimeter that has none.
_IMPACT = {
    "perimeter": f"{FIXED_AGENCY}:plomberie",
    "starts_on": (clock.today() + timedelta(days=90)).isoformat(),
    "baseline_weeks": "10",
    "happened_on": clock.today().isoformat(),
    "text": "Nouveau marché de plomberie.",
}
_NO_CLERK = {"clerk": 403, "reader": 403}
_PILOT = {
    "name": "Statuts à l’agence",
    "trade": "plomberie",
    "starts_on": "2031-01-05",
    "review_on": "2031-03-05",
    "way_back": "Les appels reviennent à l’agence.",
    "go_1_fact": "told",
    "go_1_comparison": "at_least",
    "go_1_threshold": "90",
    "go_2_comparison": "at_least",
    "no_go_1_fact": "told",
    "no_go_1_comparison": "at_most",
    "no_go_1_threshold": "70",
    "no_go_2_comparison": "at_most",
}
_WRITERS = ("manager", "clerk")
_REVIEWERS = (
    ("landlord", landlord, {"reader": 403}, ("manager", "clerk")),
    ("contractor", contractor, {}, ("desk",)),
)
EVALUATIONS += [
    Case("evaluations:landlord_steering", landlord()),
    Case(
        "evaluations:landlord_survey_withdraw",
        NOT_ALLOWED,
        landlord(302, clerk=403, reader=403),
        acts=("manager",),
    ),
    Case("evaluations:contractor_balance", contractor()),
    *(
        Case(f"evaluations:{side}_{name}", visitors())
        for side, visitors, _less, _acts in _REVIEWERS
        for name in ("reviews", "review")
    ),
    *(
        Case(
            f"evaluations:{side}_{name}",
            visitors(**less),
            visitors(302, **less),
            data=_REVIEW,
            acts=acts,
        )
        for side, visitors, less, acts in _REVIEWERS
        for name in ("review_new", "decision")
    ),
    *(
        Case(
            f"evaluations:{side}_review_act",
            visitors(shown, **less),
            visitors(posted, **less),
            args={"action": action},
            data=_REVIEW,
            acts=acts if changes else (),
        )
        for side, visitors, less, acts in _REVIEWERS
        for action, shown, posted, changes in (
            *((name, 200, 302, True) for name in ("date", "point", "compte-rendu", "decision")),
            *((name, 404, 404, False) for name in ("retirer-point", "retirer-decision")),
            *((name, 404, 302, False) for name in ("arreter", "rouvrir", "signer")),
        )
    ),
    Case("evaluations:landlord_questions", landlord()),
    Case(
        "evaluations:landlord_question_new",
        landlord(clerk=403, reader=403),
        landlord(302, clerk=403, reader=403),
        data=_OWN,
        acts=("manager",),
    ),
    *(
        Case(
            "evaluations:landlord_question_act",
            landlord(shown, clerk=403, reader=403),
            landlord(posted, clerk=403, reader=403),
            args={"action": action},
            data=_OWN,
            acts=("manager",) if posted == 302 else (),
        )
        for action, shown, posted in (
            ("reformuler", 200, 302),
            ("retirer", 404, 302),
        )
    ),
    Case("evaluations:landlord_impact", landlord()),
    Case("evaluations:landlord_impact_file", landlord()),
    *(
        Case(name, landlord(**less), landlord(302, **less), data=_IMPACT, acts=acts)
        for name, less, acts in (
            ("evaluations:landlord_rollout_new", {"clerk": 403, "reader": 403}, ("manager",)),
            ("evaluations:landlord_impact_note", {"reader": 403}, ("manager", "clerk")),
        )
    ),
    *(
        Case(
            f"evaluations:landlord_{name}",
            landlord(shown, clerk=403, reader=403),
            landlord(302, clerk=403, reader=403),
            args={"action": action},
            data=_IMPACT,
            acts=("manager",),
        )
        for name, action, shown in (
            ("rollout_act", "deplacer", 200),
            ("rollout_act", "annuler", 404),
            ("impact_note_act", "retirer", 404),
        )
    ),
    Case("evaluations:landlord_pilots", landlord()),
    Case("evaluations:landlord_pilot", landlord()),
    Case(
        "evaluations:landlord_need_new",
        landlord(**_NO_CLERK),
        landlord(302, **_NO_CLERK),
        data={"code": "costs"},
        acts=("manager",),
    ),
    Case(
        "evaluations:landlord_need_act",
        landlord(404, **_NO_CLERK),
        landlord(302, **_NO_CLERK),
        args={"action": "retirer"},
        acts=("manager",),
    ),
    Case(
        "evaluations:landlord_pilot_new",
        landlord(**_NO_CLERK),
        landlord(302, **_NO_CLERK),
        args={"need": "inform", "feature": "statuses"},
        data=_PILOT,
        acts=("manager",),
    ),
    *(
        Case(
            "evaluations:landlord_pilot_act",
            landlord(shown, **_NO_CLERK),
            landlord(posted, **_NO_CLERK),
            args={"action": action},
            data=_PILOT,
            acts=("manager",) if posted == 302 else (),
        )
        for action, shown, posted in (
            ("modifier", 200, 302),
            ("retirer", 404, 302),
            ("decider", 409, 409),  # it hasn't started
        )
    ),
    Case("evaluations:landlord_clauses", landlord()),
    Case("evaluations:contractor_clauses", contractor()),
    Case(
        "evaluations:landlord_annex_new",
        NOT_ALLOWED,
        landlord(302, **_NO_CLERK),
        acts=("manager",),
    ),
    Case("evaluations:landlord_annex", landlord()),
    Case("evaluations:landlord_staff", landlord()),
    Case("evaluations:contractor_staff", contractor(technician=200)),
    Case(
        "evaluations:landlord_staff_answer",
        landlord(),
        landlord(302),
        data=_MARKS,
        acts=("manager", "clerk", "reader"),
    ),
    Case(
        "evaluations:contractor_staff_answer",
        contractor(technician=200),
        contractor(302, technician=302),
        data=_MARKS,
        acts=("desk", "technician"),
    ),
    Case("evaluations:landlord_reports", landlord()),
    Case("evaluations:contractor_reports", contractor()),
    Case("evaluations:landlord_report", landlord()),
    Case("evaluations:contractor_report", contractor()),
    Case(
        "evaluations:contractor_claim_sent",
        NOT_ALLOWED,
        contractor(302),
        data={"envoyee_le": f"{clock.today():%Y-%m-%d}"},
        acts=("desk",),
    ),
    *(
        Case(
            f"evaluations:{side}_thanks",
            NOT_ALLOWED,
            visitors,
            args={"action": action},
            acts=acts if action == "dire" else (),
        )
        for side, visitors, acts in (
            ("landlord", landlord(302, reader=403), ("manager", "clerk")),
            ("contractor", contractor(302), ("desk",)),
        )
        for action in ("dire", "reprendre")
    ),
]

EVALUATIONS += [
    Case("evaluations:landlord_cards", landlord()),
    Case("evaluations:contractor_cards", contractor(technician=200)),
    *(
        Case(
            f"evaluations:{side}_card_act",
            NOT_ALLOWED,
            posted(status),
            args={"card": code, "action": action},
            acts=acts,
        )
        for side, code, posted, acts in (
            ("landlord", "issue", lambda status: landlord(status, reader=404), _WRITERS),
            ("contractor", "accept", lambda status: contractor(status, technician=404), ("desk",)),
        )
        for action, status in (("vue", 204), ("compris", 302))
    ),
    Case(
        "evaluations:contractor_card_act",
        NOT_ALLOWED,
        contractor(404, technician=302),
        args={"card": "visit", "action": "compris"},
        acts=("technician",),
    ),
    Case("evaluations:landlord_references", landlord()),
    Case(
        "evaluations:landlord_naming",
        landlord(clerk=403, reader=403),
        landlord(302, clerk=403, reader=403),
        data={"unnamed": ""},
        acts=("manager",),
    ),
    # A published reference is every landlord's to read.
    Case("evaluations:landlord_reference", landlord()),
    Case(
        "evaluations:landlord_reference_call",
        landlord(reader=403),
        landlord(302, clerk=422, reader=403),
        data={"phone": "01 40 00 00 01", "consents": "on"},
        acts=("manager",),  # the clerk is called already
    ),
    Case(
        "evaluations:landlord_reference_call_end",
        NOT_ALLOWED,
        landlord(302, reader=403),
        acts=_WRITERS,
    ),
    # What a company gave is its direction's alone, until it shows it.
    Case("evaluations:contractor_given", contractor()),
    Case(
        "evaluations:contractor_given_show",
        contractor(),
        contractor(302),
        data={"consents": "on"},
        acts=("desk",),
    ),
    Case(
        "evaluations:contractor_given_withdraw",
        NOT_ALLOWED,
        contractor(302),
        acts=("desk",),
    ),
    Case("evaluations:contractor_references", contractor()),
    Case("evaluations:contractor_reference_new", contractor(), contractor(422)),
    Case(
        "evaluations:contractor_reference_withdraw",
        NOT_ALLOWED,
        contractor(302),
        acts=("desk",),
    ),
]

# The first version of the rules is accepted, the second waits for its answer, the third is
# prepared; the open statement has a line that is contested and one that isn't.
_MANAGERS = {"clerk": 403, "reader": 403}
BONUS = [
    *(
        Case(f"evaluations:{side}_bonus{name}", visitors, args=args)
        for side, visitors in (("landlord", landlord()), ("contractor", contractor()))
        for name, args in (
            *(("", {}), ("_now", {}), ("_rules", {}), ("_statement", {})),
            ("_file", {"ending": "csv"}),
        )
    ),
    Case("evaluations:contractor_bonus_file", contractor(404), args={"ending": "pdf"}),
    Case("evaluations:landlord_bonus_new", landlord(**_MANAGERS), landlord(422, **_MANAGERS)),
    *(
        Case(
            "evaluations:landlord_bonus_rules_act",
            landlord(shown, **_MANAGERS),
            landlord(posted, **_MANAGERS),
            args={"action": action},
            acts=acts,
        )
        for action, shown, posted, acts in (
            ("modifier", 200, 422, ()),
            ("proposer", 404, 302, ()),  # another one waits
            ("retirer", 404, 302, ("manager",)),
        )
    ),
    *(
        Case(
            "evaluations:contractor_bonus_rules_act",
            contractor(shown),
            contractor(302),
            args={"action": action},
            data=_SAYS,
            acts=acts,
        )
        # Nothing is signed without the hash of what was read.
        for action, shown, acts in (("accepter", 404, ()), ("refuser", 200, ("desk",)))
    ),
    Case(
        "evaluations:landlord_bonus_act",
        landlord(404, reader=403),
        landlord(302, reader=403),  # the company may still contest
        args={"action": "clore"},
    ),
    Case(
        "evaluations:contractor_bonus_act",
        contractor(404),
        contractor(302),  # one of its lines is contested
        args={"action": "clore"},
    ),
    Case(
        "evaluations:contractor_bonus_act",
        contractor(409),
        contractor(409),
        args={"action": "document"},
    ),
    Case(
        "evaluations:contractor_bonus_act",
        contractor(404),
        contractor(302),  # it isn't closed yet
        args={"action": "preparer"},
    ),
    Case(
        "evaluations:landlord_bonus_contest",
        landlord(reader=403),
        landlord(302, reader=403),
        data={"outcome": "kept", "answer": "Le créneau était convenu."},
        acts=("manager", "clerk"),
    ),
    Case(
        "evaluations:contractor_bonus_contest",
        contractor(),
        contractor(302),
        data=_SAYS,
        acts=("desk",),
    ),
]

MACHINES = [
    Case("ops:alive", answers(200)),
    Case("ops:ready", answers(200)),
    Case("ops:metrics", answers(404)),
]

_PUBLIC = answers(302, anonymous=200)
_MINE = answers(302)
ACCOUNT = [
    Case("account_login", _PUBLIC, _PUBLIC),
    Case("account_signup", answers(302), answers(302)),
    Case("account_logout", answers(200, anonymous=302), answers(302)),
    Case("account_inactive", answers(200)),
    Case("account_reauthenticate", answers(200, anonymous=302), answers(200, anonymous=302)),
    Case("account_change_password", answers(200, anonymous=302), answers(200, anonymous=302)),
    Case("account_set_password", _MINE, _MINE),
    Case("account_reset_password", answers(200), answers(200)),
    Case("account_confirm_login_code", _MINE, _MINE),
    Case("account_reset_password_from_key_done", answers(200)),
    Case(
        "account_reset_password_from_key",
        answers(200),
        answers(200),
        args={"uidb36": "1", "key": "x-y"},
    ),
    Case("account_reset_password_done", answers(200)),
    Case("account_request_login_code", _PUBLIC, _PUBLIC),
    # Nobody of the world has a second factor, and everybody a password to be typed again first.
    Case("account_overview", answers(200, anonymous=302)),
    Case("account_protect", answers(200, anonymous=302)),
    Case("account_end_session", NOT_ALLOWED, ABSENT, args={"pk": 1}),
    Case("account_end_other_sessions", NOT_ALLOWED, _MINE),
    *[
        Case(f"mfa_{name}", _MINE, _MINE)
        for name in (
            "index",
            "list_webauthn",
            "authenticate",
            "reauthenticate",
            "activate_totp",
            "add_webauthn",
            "login_webauthn",
            "reauthenticate_webauthn",
            "generate_recovery_codes",
        )
    ],
    *[Case(f"mfa_{name}_webauthn", _MINE, _MINE, args={"pk": 1}) for name in ("remove", "edit")],
    Case("mfa_deactivate_totp", ABSENT, ABSENT),
    Case("mfa_view_recovery_codes", ABSENT, answers(405, anonymous=302)),
    Case("mfa_download_recovery_codes", ABSENT, ABSENT),
]


_NO = dict.fromkeys(HOLDERS, 405)
LINKS = [
    Case("tenants:follow", holders(200, other=200), _NO),
    Case("tenants:photo", holders(200), _NO),
    Case("tenants:calendar", holders(404), _NO),
    Case("tenants:visit", _NO, holders(302), data={"reponse": "oui"}, acts=("link",)),
    Case("tenants:visit", _NO, holders(302), data={"reponse": "non"}, acts=("link",)),
    Case("tenants:visit", _NO, holders(404), data={"reponse": "peut-être"}),
    Case("tenants:visit", _NO, holders(409), data={"reponse": "present"}),
    Case("tenants:visit", _NO, holders(409), data={"reponse": "empeche"}),
    Case("tenants:visit", _NO, holders(409), data={"reponse": "pas-venu"}),
    Case("tenants:visit", _NO, holders(404), data={"reponse": "oui", "creneau": "aucun"}),
    Case(
        "tenants:talk",
        holders(200, other=200),
        holders(302, other=302),
        data={"text": "Bonjour", "audience": "everyone"},
        acts=("link", "other_link"),
    ),
    Case("tenants:talk_read", _NO, holders(302, other=302), acts=("link",)),
    Case("tenants:attachment", holders(200), _NO),
    Case("tenants:not_fixed", _NO, holders(409, other=409)),
    # The works aren't done yet: there is nothing to sign.
    Case("tenants:sign", holders(302, other=302), holders(302, other=302)),
    Case("tenants:sign_off", holders(404), _NO),
    Case(
        "evaluations:opinion",
        holders(200, other=302),
        holders(302, other=302),
        data=_MARKS,
        acts=("link",),
    ),
    # The works aren't done yet: there is nobody to thank.
    Case("evaluations:tenant_thanks", _NO, holders(404, other=404), args={"action": "dire"}),
    Case("evaluations:tenant_thanks", _NO, holders(404, other=404), args={"action": "reprendre"}),
    Case("orders:verify", dict.fromkeys(HOLDERS, 404), dict.fromkeys(HOLDERS, 404)),
    Case("core:link_stream_token", {**holders(200, 403, other=200), "paper": 200}, _NO),
    Case("orders:paper", papers(200), _NO),
    _paper_act("accepter", 409),
    _paper_act("renvoyer", 302, data={"items": ["phone"]}, acts=("paper",)),
    _paper_act("reserves", 409, data={"reason": "no_capacity"}),
    _paper_act("rendez-vous", 409, data=_SLOT),
    _paper_act("confirmer", 302, acts=("paper",)),
    _paper_act("choisir", 404, shown=404, data={"creneau": "aucun"}),
    _paper_act("deplacer", 302, data={**_SLOT, "reason": "Panne"}, acts=("paper",)),
    _paper_act("annuler", 302, data={"reason": "Panne"}, acts=("paper",)),
    _paper_act("termine", 409),
    _paper_act("en-partie", 409, data={"next_step": "Retour"}),
    _paper_act("contact", 200, acts=("paper",)),
    _paper_act("en-route", 409),
    _paper_act("sur-place", 409),
    _paper_act("personne", 409, data={"minutes_waited": 12}),
    _paper_act("photo", 422),
    _paper_act("sans-photo", 302, acts=("paper",)),
    _paper_act("piece", 404, shown=404),
    _paper_act("constat", 404, shown=404),
    _paper_act("reprise", 404, shown=404, data={"answer": "Repris"}),
    _paper_act("devis", 422, data={"reason": "found"}),
    _paper_act("regularisation", 422, data={"reason": "leak"}),
    _paper_act("retirer-devis", 404, shown=404),
    _paper_act("retirer-regularisation", 404, shown=404),
    _paper_act("autre-chose", 404, shown=404),
    # An invitation's token is another kind of token: these open no invitation.
    Case("members:invitation", holders(404), holders(404)),
]

_ASK_FIRST = answers(302)
# Nobody here entered with a code; who did is in tests/tenants/test_entry.py.
ENTRY = [
    Case("tenants:enter", answers(200), answers(422), data={"contact": "12"}),
    Case("tenants:enter_code", _ASK_FIRST, _ASK_FIRST),
    Case("tenants:leave", NOT_ALLOWED, _ASK_FIRST),
    Case("tenants:case", _ASK_FIRST),
    Case("tenants:case_photo", _ASK_FIRST),
    Case("tenants:case_calendar", _ASK_FIRST),
    Case("tenants:case_visit", NOT_ALLOWED, _ASK_FIRST, data={"reponse": "oui"}),
    Case("tenants:case_talk", _ASK_FIRST, _ASK_FIRST),
    Case("tenants:case_talk_read", NOT_ALLOWED, _ASK_FIRST),
    Case("tenants:case_attachment", _ASK_FIRST),
    Case("tenants:case_not_fixed", NOT_ALLOWED, _ASK_FIRST),
    Case("tenants:case_sign", _ASK_FIRST, _ASK_FIRST),
    Case("tenants:case_sign_off", _ASK_FIRST),
    Case("tenants:case_stream_token", _ASK_FIRST),
    Case("evaluations:case_opinion", _ASK_FIRST, _ASK_FIRST),
    Case("evaluations:case_thanks", NOT_ALLOWED, _ASK_FIRST, args={"action": "dire"}),
    Case("evaluations:case_thanks", NOT_ALLOWED, _ASK_FIRST, args={"action": "reprendre"}),
]

CASES = [*ORDERS, *CORE, *MEMBERS, *EVALUATIONS, *BONUS, *MACHINES, *ACCOUNT, *ENTRY]
