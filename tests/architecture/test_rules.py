"""Rules that no type checker knows."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from nexxio.core.events import all_event_types
from nexxio.core.subscriptions import subscribers_of

ROOT = Path(__file__).parents[2]
LAYERS = ["core", "orders", "tenants", "demo"]
SYSTEM_SCOPE = {
    "nexxio/core/scoping.py",
    "nexxio/core/relay.py",
    "nexxio/core/jobs.py",
    "nexxio/core/admin_site.py",
    "nexxio/core/notifications/sending.py",
    "nexxio/core/views/demo.py",
    "nexxio/core/management/commands/import_estate.py",
    "nexxio/demo/world.py",
    "nexxio/demo/management/commands/demo_logins.py",
}


def sources() -> dict[str, str]:
    found = {}
    for folder in ("nexxio", "orders", "tenants"):
        for path in (ROOT / folder).rglob("*.py"):
            if "migrations" not in path.parts:
                found[str(path.relative_to(ROOT))] = path.read_text(encoding="utf-8")
    return found


def test_no_relation_points_up():
    for model in apps.get_models():
        if model._meta.app_label not in LAYERS:
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if not isinstance(field, models.ForeignKey) or not isinstance(target, type):
                continue
            if target._meta.app_label in LAYERS:
                assert LAYERS.index(target._meta.app_label) <= LAYERS.index(model._meta.app_label)


def test_the_system_scope_is_opened_in_named_modules_only():
    users = {path for path, text in sources().items() if "system_scope(" in text}
    assert users == SYSTEM_SCOPE


_ASKS_THE_TIME = re.compile(
    r"timezone\.(now|localdate)\b|timezone\.local(date|time)\(\)|datetime\.(now|utcnow|today)\b"
    r"|\bdate\.today\b"
)


def test_only_the_clock_asks_the_time():
    for path, text in sources().items():
        if path != "nexxio/core/clock.py":
            assert not _ASKS_THE_TIME.search(text), path


@pytest.mark.parametrize(
    "text",
    [
        "default=timezone.now)",
        "timezone.localdate()",
        "timezone.localtime()",
        "datetime.now(UTC)",
        "field(default_factory=date.today)",
    ],
)
def test_asking_the_time_is_noticed_in_each_spelling(text):
    assert _ASKS_THE_TIME.search(text)


def test_turning_a_moment_into_local_time_asks_nothing():
    assert not _ASKS_THE_TIME.search("timezone.localtime(moment) < clock.today()")


def test_tasks_are_sent_by_the_nudge_only():
    for path, text in sources().items():
        if path != "nexxio/core/nudge.py":
            assert not re.search(r"\.(delay|apply_async|send_task)\(", text), path


def test_every_row_lock_names_its_table():
    for path, text in sources().items():
        for call in re.findall(r"select_for_update\([^)]*\)", text):
            assert "of=" in call, f"{path}: {call}"


def test_nothing_is_marked_safe():
    for path, text in sources().items():
        assert not re.search(r"mark_safe\(|\|safe\b", text), path
    for path in (ROOT / "templates").rglob("*.html"):
        assert "|safe" not in path.read_text(encoding="utf-8"), path


def test_events_have_wording_and_hold_no_text_of_people():
    allowed = {"str", "int", "bool", "UUID", "datetime", "tuple[str, ...]", "Decimal", "date"}
    for cls in all_event_types():
        assert cls.wording, cls.kind
        assert subscribers_of(cls.kind), cls.kind
        for name, annotation in cls.__annotations__.items():
            if "ClassVar" not in str(annotation):
                assert str(annotation) in allowed, f"{cls.kind}.{name}"
                assert name not in {"text", "note", "comment", "name", "phone", "email"}


def test_imports_inside_functions_have_their_reason():
    """A function-level import is allowed where a comment or the app registry asks for it."""
    known = {
        "nexxio/celery.py",
        "nexxio/core/apps.py",
        "nexxio/asgi.py",
    }
    for path, text in sources().items():
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                assert not inner or path in known, f"{path}:{node.lineno}"


def test_migrations_say_what_the_models_say(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
