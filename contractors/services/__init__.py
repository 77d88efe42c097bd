"""Every write of the relation between landlord and contractor."""

from __future__ import annotations

from contractors.services.causes import save_cause

__all__ = ["save_cause"]
