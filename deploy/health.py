"""Health of a container, without Django: ``health.py http`` or ``health.py file [SECONDS]``.

http   the site or the administration on port 8000 is ready (/sante/prete/)
file   the worker's or clock's sign of life (NEXXIO_HEARTBEAT) is younger than SECONDS (30)

Run with ``python -I -S``: a check every few seconds must cost next to nothing.
"""

import os
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit


def http() -> str:
    """Ask this machine's own site, by the name that it answers to. Returns what is wrong."""
    name = "NEXXIO_ADMIN_URL" if os.environ.get("NEXXIO_LOGIN") == "system" else "NEXXIO_SITE_URL"
    port = os.environ.get("PORT", "8000")
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/sante/prete/",
        headers={
            "Host": urlsplit(os.environ.get(name, "")).netloc or "localhost",
            "X-Forwarded-Proto": "https",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=4):  # noqa: S310 (as above)
            return ""
    except urllib.error.HTTPError as error:
        return f"answers {error.code}: {error.read(300).decode('utf-8', 'replace')}"
    except OSError as error:
        return f"does not answer: {error}"


def file(seconds: float) -> str:
    """Look at the age of the sign of life. Returns what is wrong."""
    path = os.environ.get("NEXXIO_HEARTBEAT", "")
    if not path:
        return "NEXXIO_HEARTBEAT is not set"
    try:
        age = time.time() - os.stat(path).st_mtime
    except OSError as error:
        return f"no sign of life: {error.strerror}"
    return "" if age < seconds else f"no sign of life for {age:.0f} s"


def main() -> int:
    """Say what is wrong, and with which status."""
    words = sys.argv[1:]
    if words[:1] == ["http"]:
        fault = http()
    elif words[:1] == ["file"]:
        fault = file(float(words[1]) if len(words) > 1 else 30.0)
    else:
        fault = "say http or file"
    sys.stdout.write(f"{fault or 'ok'}\n")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
