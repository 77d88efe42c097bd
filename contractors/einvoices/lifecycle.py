"""A message of the life cycle of an invoice (CDAR D22B, as France uses it): plain values.

It says that an invoice came to a state: by a national code, on a moment, with a reason and amounts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from contractors.einvoices.issued import Company

_BASE = "urn:un:unece:uncefact:data:standard:"
PREFIXES = {
    "rsm": f"{_BASE}CrossDomainAcknowledgementAndResponse:100",
    "ram": f"{_BASE}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_BASE}UnqualifiedDataType:100",
    "qdt": f"{_BASE}QualifiedDataType:100",
}
BUYER, SELLER, PLATFORM = "BY", "SE", "WK"
"""Roles: who says it, and to whom."""
OF_PLATFORMS = frozenset({"200", "201", "202", "203", "213"})
"""Codes that platforms say of their own transport; all others are said by seller or buyer."""
OF_SELLER = frozenset({"209", "212"})

RECEIVED, PAID, ADMITTED, NOT_ADMITTED = "MEN", "MPA", "MAPTTC", "MNATTC"
"""Amounts, VAT included: money that came, paid, approved, not approved."""

REASONS_OF: dict[str, frozenset[str]] = {
    "206": frozenset(
        {
            *("AUTRE", "CMD_ERR", "SIRET_ERR", "CODE_ROUTAGE_ERR", "REF_CT_ABSENT", "REF_ERR"),
            *("PU_ERR", "REM_ERR", "QTE_ERR", "ART_ERR", "MODPAI_ERR", "QUALITE_ERR"),
            "LIVR_INCOMP",
        }
    ),
    "207": frozenset(
        {
            *("AUTRE", "COORD_BANC_ERR", "TX_TVA_ERR", "MONTANTTOTAL_ERR", "CALCUL_ERR"),
            *("NON_CONFORME", "DOUBLON", "DEST_INC", "DEST_ERR", "TRANSAC_INC", "EMMET_INC"),
            *("CONTRAT_TERM", "DOUBLE_FACT", "CMD_ERR", "ADR_ERR", "SIRET_ERR"),
            *("CODE_ROUTAGE_ERR", "REF_CT_ABSENT", "REF_ERR", "PU_ERR", "REM_ERR", "QTE_ERR"),
            *("ART_ERR", "MODPAI_ERR", "QUALITE_ERR", "LIVR_INCOMP"),
        }
    ),
    "208": frozenset(
        {
            *("JUSTIF_ABS", "COORD_BANC_ERR", "CMD_ERR", "SIRET_ERR", "CODE_ROUTAGE_ERR"),
            *("REF_CT_ABSENT", "REF_ERR"),
        }
    ),
    "210": frozenset(
        {
            *("TX_TVA_ERR", "MONTANTTOTAL_ERR", "CALCUL_ERR", "NON_CONFORME", "DOUBLON"),
            *("DEST_ERR", "TRANSAC_INC", "EMMET_INC", "CONTRAT_TERM", "DOUBLE_FACT", "CMD_ERR"),
            *("ADR_ERR", "REF_CT_ABSENT"),
        }
    ),
    "213": frozenset(
        {
            *("MONTANTTOTAL_ERR", "CALCUL_ERR", "DOUBLON", "DEST_INC", "ADR_ERR", "REJ_SEMAN"),
            *("REJ_UNI", "REJ_COH", "REJ_ADR", "REJ_CONT_B2G", "REJ_REF_PJ", "REJ_ASS_PJ"),
        }
    ),
}
"""The closed lists of reasons, for the codes that can't be said without one."""
USUAL_REASON = {
    "206": "AUTRE",
    "207": "AUTRE",
    "208": "JUSTIF_ABS",
    "210": "NON_CONFORME",
    "213": "REJ_SEMAN",
}
"""What is said where none of a cause's own reasons is in the list of the code."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of the message. kind: MEN, MPA, MAPTTC, MNATTC; percent: its VAT rate."""

    kind: str
    euros: Decimal
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """A state that an invoice came to, as we say it. number, issued_on: of the invoice."""

    code: str
    label: str
    at: datetime
    number: str
    type_code: str
    issued_on: date
    received_at: datetime | None
    seller: Company
    buyer: Company
    reason: str = ""
    words: str = ""
    amounts: tuple[Amount, ...] = ()

    @property
    def sender(self) -> str:
        """The role of whoever says it."""
        if self.code in OF_PLATFORMS:
            return PLATFORM
        return SELLER if self.code in OF_SELLER else BUYER


@dataclass(frozen=True, slots=True)
class ReadLifecycle:
    """A message that came, as its file says it; "" and None where it says nothing.

    seller_siren: of whoever issued the invoice. Texts are the sender's: trusted for nothing.
    """

    code: str
    label: str
    at: date | None
    number: str
    issued_on: date | None
    seller_siren: str
    reason: str
    words: str


def reason_for(code: str, wanted: tuple[str, ...]) -> str:
    """Return the first of a cause's reasons that may be said with a code; "" where none is asked.

    The usual one of the code where the cause has none of the list.
    """
    allowed = REASONS_OF.get(code)
    if allowed is None:
        return ""
    return next((one for one in wanted if one in allowed), USUAL_REASON[code])
