"""Event types of compliance papers: of a company's own house, or between it and one landlord."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from contractors.papers import PaperCode
from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from nexxio.core.templatetags.ui import day

L, C = Side.LANDLORD, Side.CONTRACTOR


def paper_name(code: str) -> str:
    """Return what a history calls a paper; an unknown code as it is."""
    return str(PaperCode(code).label) if code in PaperCode.values else code


class _OfPaper(EventType):
    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the paper's name, and its last day as people write it."""
        found = {"paper": paper_name(payload["code"])}
        if "until" in payload:
            found["until"] = day(date.fromisoformat(payload["until"]), "short")
        return found


@register
@dataclass(frozen=True, kw_only=True)
class PaperUploaded(_OfPaper):
    """A company has sent a paper; each landlord that it works for has its copy."""

    kind: ClassVar[str] = "paper.uploaded"
    icon: ClassVar[str] = "upload"
    code: str
    until: date
    wording: ClassVar[Mapping[Side, Any]] = {
        C: _("{who} a déposé : {paper}, valable jusqu’au {until}")
    }


@register
@dataclass(frozen=True, kw_only=True)
class PaperExpiring(_OfPaper):
    """A paper will soon be over, or is. days: of the step that was reached, 0 once it is over."""

    kind: ClassVar[str] = "paper.expiring"
    icon: ClassVar[str] = "hourglass"
    tone: ClassVar[str] = "warning"
    code: str
    until: date
    days: int
    wording: ClassVar[Mapping[Side, Any]] = {C: _("{paper} : valable jusqu’au {until}")}


@register
@dataclass(frozen=True, kw_only=True)
class PaperShared(_OfPaper):
    """A landlord was given a copy later than the others: it works with the company since."""

    kind: ClassVar[str] = "paper.shared"
    icon: ClassVar[str] = "file-check"
    code: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{paper} : transmise au bailleur"))


@register
@dataclass(frozen=True, kw_only=True)
class PaperAccepted(_OfPaper):
    """A landlord has looked at a paper and takes it."""

    kind: ClassVar[str] = "paper.accepted"
    icon: ClassVar[str] = "circle-check"
    tone: ClassVar[str] = "success"
    code: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a accepté : {paper}"))


@register
@dataclass(frozen=True, kw_only=True)
class PaperRefused(_OfPaper):
    """A landlord has looked at a paper and doesn't take it; its reason stands on the copy."""

    kind: ClassVar[str] = "paper.refused"
    icon: ClassVar[str] = "circle-x"
    tone: ClassVar[str] = "danger"
    code: str
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a refusé : {paper}"))


@register
@dataclass(frozen=True, kw_only=True)
class PapersAsked(EventType):
    """A landlord asks a company for its papers. on: the day from which what lacks counts."""

    kind: ClassVar[str] = "papers.asked"
    icon: ClassVar[str] = "file-text"
    on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("Attestations demandées à l’entreprise, à fournir avant le {on}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the day as people write it."""
        return {"on": day(date.fromisoformat(payload["on"]), "short")}


@register
@dataclass(frozen=True, kw_only=True)
class PaperDemandChanged(EventType):
    """A landlord has said what it asks of its companies. codes: none where it asks nothing."""

    kind: ClassVar[str] = "papers.demand_changed"
    icon: ClassVar[str] = "settings"
    codes: tuple[str, ...]
    wording: ClassVar[Mapping[Side, Any]] = {
        L: _("{who} a réglé les attestations demandées aux entreprises : {papers}")
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the papers' names."""
        names = [paper_name(code) for code in payload["codes"]]
        return {"papers": ", ".join(names) or str(_("aucune"))}
