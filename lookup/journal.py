"""The service's own log: JSON lines with stable event codes, and no personal data.

Promises: a fault is logged by its type and the places it passed, never by its message or its values, which may be a
child's; one that ends a thread too. Newlines and escapes in what is logged are JSON-encoded.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from contextlib import suppress
from typing import Protocol

import structlog
import structlog.typing

_log = structlog.get_logger("lookup")


class _Uncaught(Protocol):
    """What Python hands to whoever is told of a fault that nobody caught."""

    @property
    def exc_value(self) -> BaseException | None: ...


def set_up_journal() -> None:
    """Log JSON lines to standard error, this service's and its libraries' alike."""
    threading.excepthook = sys.unraisablehook = _note_uncaught
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    formatter = structlog.stdlib.ProcessorFormatter(
        processor=structlog.processors.JSONRenderer(), foreign_pre_chain=shared
    )
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def note(event: str, **facts: str | int) -> None:
    """One event. `event` is a stable code such as ``register_stale``; the facts name no child."""
    with suppress(OSError, ValueError):  # a log that cannot be written stops nothing: the trail is the record
        _log.info(event, **facts)


def note_fault(fault: BaseException) -> None:
    """A fault: its type and where it passed."""
    places = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)
    ]
    with suppress(OSError, ValueError):  # as above; a second fault would be logged by Flask, with the first's message
        _log.error("fault", type=type(fault).__name__, places=places)


def _note_uncaught(uncaught: _Uncaught) -> None:
    """Python's own hooks would print the message."""
    if uncaught.exc_value is not None:
        note_fault(uncaught.exc_value)
