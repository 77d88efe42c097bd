"""How long personal data of orders are kept."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from nexxio.core.admin_base import Arranged, acting
from nexxio.core.models import RetentionRule
from nexxio.core.platform import retention_rules


@admin.register(RetentionRule)
class RetentionRuleAdmin(Arranged):
    """Durations with their reason. What is erased does not come back."""

    list_display = ("code", "months", "source")
    ordering = ("code",)
    fields = ("code", "months", "source")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what a duration is of."""
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: RetentionRule, form: Any, change: Any) -> None:
        """Save through the service."""
        retention_rules.save_retention_rule(actor=acting(request), rule=obj)
