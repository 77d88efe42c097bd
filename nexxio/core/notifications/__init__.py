"""Telling people: one registry of kinds, one folder per channel.

Apps register builders (`@notices`); the durable subscriber `notifications` runs them and keeps
bell rows and messages; `sending` takes messages to their channel outside any transaction.
"""

from nexxio.core.notifications.registry import Notice, all_kinds, fills, notices

__all__ = ["Notice", "all_kinds", "fills", "notices"]
