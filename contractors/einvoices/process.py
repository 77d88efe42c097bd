"""Reads a file in a process of its own, so that no file can hang or crash whoever asks.

The process is given no secret: neither settings nor environment nor the database, and it imports
no Django.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from contractors.einvoices import codec
from contractors.einvoices.lifecycle import ReadLifecycle
from contractors.einvoices.refusals import MAX_FILE, refusal
from contractors.einvoices.results import Checked, Refusal

SECONDS = 60.0
INVOICE, MESSAGE = "invoice", "message"
"""What the process is to read."""
_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = (
    f"import sys; sys.path.insert(0, {str(_ROOT)!r});"
    " from contractors.einvoices.child import main; main(sys.argv[1])"
)
logger = logging.getLogger(__name__)


def check_file(data: bytes) -> Checked | Refusal:
    """Read and judge an invoice file. Never raises for what is in it, and ends in `SECONDS`."""
    found = _asked(data, INVOICE)
    return refusal("NX-UNREADABLE") if isinstance(found, ReadLifecycle) else found


def read_lifecycle(data: bytes) -> ReadLifecycle | Refusal:
    """Read a message of the life cycle (CDAR), under the same limits."""
    found = _asked(data, MESSAGE)
    return refusal("NX-UNREADABLE") if isinstance(found, Checked) else found


def _asked(data: bytes, what: str) -> codec.Result:
    if not data:
        return refusal("NX-EMPTY")
    if len(data) > MAX_FILE:
        return refusal("NX-SIZE")
    # Files rather than pipes: how much is written is bounded too.
    with (
        tempfile.TemporaryFile() as asked,
        tempfile.TemporaryFile() as answer,
        tempfile.TemporaryFile() as complaint,
    ):
        asked.write(data)
        asked.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 (ourselves)
                [sys.executable, "-I", "-c", _PROGRAM, what],
                stdin=asked,
                stdout=answer,
                stderr=complaint,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return refusal("NX-TIME")
        return _result(done.returncode, answer, complaint)


def _result(status: int, answer: IO[bytes], complaint: IO[bytes]) -> codec.Result:
    answer.seek(0)
    complaint.seek(0)
    try:
        if not status:
            return codec.decode(answer.read().decode())
    except (ValueError, KeyError, TypeError):
        logger.exception("an invoice's reader answered what can't be understood")
        return refusal("NX-UNREADABLE")
    words = complaint.read()[-2000:].decode("utf-8", "replace")
    if status < 0:  # by a signal: over its limits, or broken by the file
        logger.warning("an invoice's reader ended by signal %s: %s", -status, words)
        return refusal("NX-TIME" if status == -signal.SIGXCPU else "NX-UNREADABLE")
    logger.error("an invoice's reader failed: %s", words)
    return refusal("NX-UNREADABLE")
