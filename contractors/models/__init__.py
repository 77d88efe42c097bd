"""Rows of the relation between landlord and contractor."""

from __future__ import annotations

from contractors.models.causes import Cause

__all__ = ["Cause"]
