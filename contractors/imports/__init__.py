"""Payments, and filings with Chorus Pro, from files."""

from contractors.imports import chorus, payments

__all__ = ["chorus", "payments"]
