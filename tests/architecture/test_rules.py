"""Rules that neither the type checker nor tools/semgrep knows."""

from __future__ import annotations

import ast
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import models

from nexxio.core.events import all_event_types
from nexxio.core.subscriptions import subscribers_of

ROOT = Path(__file__).parents[2]
LAYERS = ["core", "orders", "contractors", "tenants", "evaluations", "demo"]


def sources() -> dict[str, str]:
    found = {}
    for folder in ("nexxio", "orders", "contractors", "tenants", "evaluations"):
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


def test_events_have_wording_and_hold_no_text_of_people():
    allowed = {"str", "int", "bool", "UUID", "datetime", "Decimal", "date"}
    allowed |= {"tuple[str, ...]", "tuple[UUID, ...]", "UUID | None", "date | None"}
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
        "nexxio/core/pdfs.py",
        "nexxio/asgi.py",
        "nexxio/ops/sentry.py",
        "orders/services/seal_states.py",
        "orders/subscribers.py",
        "contractors/subscribers.py",
        "evaluations/subscribers.py",
        "evaluations/differences.py",
    }
    for path, text in sources().items():
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                inner = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
                assert not inner or path in known, f"{path}:{node.lineno}"


def test_migrations_say_what_the_models_say(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
