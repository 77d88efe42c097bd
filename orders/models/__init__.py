"""Contracts, orders, visits, papers: one module for each; import them from here."""

from orders.models.access import AccessCheck, AccessLetter
from orders.models.appointments import ReminderMoment, VisitReminder, VisitSlot
from orders.models.attribution import ContractPlace, RuleDeparture
from orders.models.certificates import Certificate, Reserve, SealState, SignOff
from orders.models.clauses import OrderClauses
from orders.models.contracts import Contract, PriceItem, PriceSchedule, Trade
from orders.models.documents import DocumentState, OrderDocument, PaperAct
from orders.models.draws import ContractDraw
from orders.models.exports import ExportFormat, ExportState, OrderExport
from orders.models.holds import Hold
from orders.models.house import HouseRules
from orders.models.lifting import LiftingRecord
from orders.models.order_files import FileKind, OrderFile
from orders.models.order_links import LinkRole, OrderLink
from orders.models.orders import (
    DUE,
    HELD,
    NO_TRADE,
    PLACE,
    PLACE_LENGTH,
    STATE_RANK,
    TRADE,
    URGENT,
    Order,
    OrderBudget,
    OrderContact,
    OrderLine,
    awaits_limit,
    pressing,
)
from orders.models.piece_answers import PieceAnswer
from orders.models.pieces import OrderPiece
from orders.models.revisions import CoefficientRounding, RevisionClause, ScheduleRevision
from orders.models.talk import (
    Audience,
    Author,
    InternalNote,
    MessageFile,
    MessageReading,
    NoteFile,
    OrderMessage,
    OrderUnread,
)
from orders.models.tenant_hours import TenantHours
from orders.models.upkeep import Equipment, EquipmentKind, UpkeepOutcome, UpkeepVisit
from orders.models.variations import MONEY_OF_VARIATION, Variation, VariationLine, VariationTerms
from orders.models.visits import NoAccessProof, Photo, PhotoMoment, Visit
from orders.models.walls import (
    CONTACT_LIFE,
    IN_CLEAR_SQL,
    MONEY_SIDES,
    PAPER_OF_ORDER,
    PARTIES_OF_ORDER,
    in_clear,
)
from orders.models.warranties import Warranty, WarrantyKind
from orders.models.words import OrderWords

__all__ = [
    "CONTACT_LIFE",
    "DUE",
    "HELD",
    "IN_CLEAR_SQL",
    "MONEY_OF_VARIATION",
    "MONEY_SIDES",
    "NO_TRADE",
    "PAPER_OF_ORDER",
    "PARTIES_OF_ORDER",
    "PLACE",
    "PLACE_LENGTH",
    "STATE_RANK",
    "TRADE",
    "URGENT",
    "AccessCheck",
    "AccessLetter",
    "Audience",
    "Author",
    "Certificate",
    "CoefficientRounding",
    "Contract",
    "ContractDraw",
    "ContractPlace",
    "DocumentState",
    "Equipment",
    "EquipmentKind",
    "ExportFormat",
    "ExportState",
    "FileKind",
    "Hold",
    "HouseRules",
    "InternalNote",
    "LiftingRecord",
    "LinkRole",
    "MessageFile",
    "MessageReading",
    "NoAccessProof",
    "NoteFile",
    "Order",
    "OrderBudget",
    "OrderClauses",
    "OrderContact",
    "OrderDocument",
    "OrderExport",
    "OrderFile",
    "OrderLine",
    "OrderLink",
    "OrderMessage",
    "OrderPiece",
    "OrderUnread",
    "OrderWords",
    "PaperAct",
    "Photo",
    "PhotoMoment",
    "PieceAnswer",
    "PriceItem",
    "PriceSchedule",
    "ReminderMoment",
    "Reserve",
    "RevisionClause",
    "RuleDeparture",
    "ScheduleRevision",
    "SealState",
    "SignOff",
    "TenantHours",
    "Trade",
    "UpkeepOutcome",
    "UpkeepVisit",
    "Variation",
    "VariationLine",
    "VariationTerms",
    "Visit",
    "VisitReminder",
    "VisitSlot",
    "Warranty",
    "WarrantyKind",
    "awaits_limit",
    "in_clear",
    "pressing",
]
