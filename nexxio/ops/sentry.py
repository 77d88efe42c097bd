"""Optional error reports: only when SENTRY_DSN is set, and without personal data."""

from __future__ import annotations

from typing import Any

from nexxio.ops import scrub

_DROPPED = ("user", "server_name", "modules")
_KEPT_HEADERS = frozenset({"Content-Type", "Content-Length", "Host", "Hx-Request", "X-Request-Id"})


def start(dsn: str) -> None:
    """Send unhandled errors there; nothing else, no trace, no session, no local variable."""
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        traces_sample_rate=None,
        before_send=before_send,
    )


def before_send(event: Any, _hint: Any) -> Any:
    """Scrub a report: paths keep their shape, tokens and people go."""
    for name in _DROPPED:
        event.pop(name, None)
    request = event.get("request")
    if isinstance(request, dict):
        request.pop("cookies", None)
        request.pop("data", None)
        request.pop("query_string", None)
        request.pop("env", None)
        headers = request.get("headers") or {}
        request["headers"] = {k: v for k, v in headers.items() if k in _KEPT_HEADERS}
        if "url" in request:
            request["url"] = scrub.text(str(request["url"]))
    for name in ("message", "logentry", "transaction", "extra", "tags", "contexts", "request"):
        if name in event:
            event[name] = _text_only(event[name])
    for value in (event.get("exception") or {}).get("values") or []:
        value["value"] = scrub.text(str(value.get("value", "")))
    return event


def _text_only(value: Any) -> Any:
    """Scrub the text in a value; keys stay, since Sentry's own are called name or address."""
    if isinstance(value, str):
        return scrub.text(value)
    if isinstance(value, dict):
        return {key: _text_only(found) for key, found in value.items()}
    if isinstance(value, list | tuple):
        return [_text_only(found) for found in value]
    return value
