"""Models of the kernel."""

from nexxio.core.models.base import PARTIES, KernelModel, PartyModel, ScopedManager, ScopedModel
from nexxio.core.models.entry import EntryCode
from nexxio.core.models.events import Delivery, Event, EventPosition
from nexxio.core.models.files import FileReading, StoredFile
from nexxio.core.models.imports import ImportedRow, ImportMapping, ImportRun
from nexxio.core.models.jobs import Job, JobState
from nexxio.core.models.links import Link, LinkParty, LinkPurpose
from nexxio.core.models.members import (
    Absence,
    ClosedPeriod,
    EntryPage,
    Invitation,
    PlatformEntry,
    RoleLimit,
)
from nexxio.core.models.notifications import Message, MessageState, NoticeMute, Notification
from nexxio.core.models.organisations import (
    LegalForm,
    Organisation,
    OrganisationKind,
    Partnership,
    ReferenceCounter,
)
from nexxio.core.models.places import Group, Unit, UnitKind
from nexxio.core.models.price_indexes import PriceIndex, PriceIndexValue
from nexxio.core.models.rates import Rate, RateKind, RateUnit
from nexxio.core.models.retention import RetentionCode, RetentionRule
from nexxio.core.models.saved_views import SavedView
from nexxio.core.models.tenants import Case, Occupancy, Tenant
from nexxio.core.models.territories import Agency, Sector
from nexxio.core.models.users import Department, Membership, User

__all__ = [
    "PARTIES",
    "Absence",
    "Agency",
    "Case",
    "ClosedPeriod",
    "Delivery",
    "Department",
    "EntryCode",
    "EntryPage",
    "Event",
    "EventPosition",
    "FileReading",
    "Group",
    "ImportMapping",
    "ImportRun",
    "ImportedRow",
    "Invitation",
    "Job",
    "JobState",
    "KernelModel",
    "LegalForm",
    "Link",
    "LinkParty",
    "LinkPurpose",
    "Membership",
    "Message",
    "MessageState",
    "NoticeMute",
    "Notification",
    "Occupancy",
    "Organisation",
    "OrganisationKind",
    "Partnership",
    "PartyModel",
    "PlatformEntry",
    "PriceIndex",
    "PriceIndexValue",
    "Rate",
    "RateKind",
    "RateUnit",
    "ReferenceCounter",
    "RetentionCode",
    "RetentionRule",
    "RoleLimit",
    "SavedView",
    "ScopedManager",
    "ScopedModel",
    "Sector",
    "StoredFile",
    "Tenant",
    "Unit",
    "UnitKind",
    "User",
]
