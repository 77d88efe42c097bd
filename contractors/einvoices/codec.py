"""Results as JSON, between the process that reads and the one that asked."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from contractors.einvoices.lifecycle import ReadLifecycle
from contractors.einvoices.results import Checked, Refusal

Result = Checked | Refusal | ReadLifecycle


def encode(result: Result) -> str:
    """Write a result."""
    return json.dumps({type(result).__name__: asdict(result)}, default=str)


def decode(text: str) -> Result:
    """Read a result. Raises ValueError, KeyError or TypeError for anything else."""
    ((name, found),) = json.loads(text).items()
    kinds: dict[str, type[Result]] = {
        kind.__name__: kind for kind in (Checked, Refusal, ReadLifecycle)
    }
    result: Result = _value(kinds[name], found)
    return result


def _value(kind: Any, raw: Any) -> Any:
    if raw is None:
        return None
    inner = get_args(kind)
    if get_origin(kind) is tuple:
        return tuple(_value(inner[0], each) for each in raw)
    if inner:  # X | None
        kind = next(each for each in inner if each is not NoneType)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        values = {name: _value(hint, raw[name]) for name, hint in hints.items()}
        return kind(**values)  # type: ignore[operator]
    if kind is date:
        return date.fromisoformat(raw)
    return Decimal(raw) if kind is Decimal else str(raw)
