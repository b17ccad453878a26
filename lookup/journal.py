"""The service's own log: JSON lines with stable event codes, and no personal data.

Promises: a fault is logged by its type and the places it passed, never by its message or its values, which may be a
child's. Newlines and escapes in what is logged are JSON-encoded.
"""

from __future__ import annotations

import logging
import sys
import traceback

import structlog
import structlog.typing

_log = structlog.get_logger("lookup")


def set_up_journal() -> None:
    """Log JSON lines to standard error, this service's and its libraries' alike."""
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
    _log.info(event, **facts)


def note_fault(fault: BaseException) -> None:
    """A fault: its type and where it passed."""
    places = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in traceback.extract_tb(fault.__traceback__)
    ]
    _log.error("fault", type=type(fault).__name__, places=places)
