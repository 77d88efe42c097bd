"""Payments from a file."""

from contractors.imports import payments

__all__ = ["payments"]
