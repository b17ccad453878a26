"""Runs the demo: gunicorn on loopback, and a heartbeat that keeps the registers fresh."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from lookup.demo.building import Demo
from lookup.keys.keyring import ServerKeys
from lookup.moments import now
from lookup.refusals import RegisterUnavailable, UnsafeSetting
from lookup.register import Register
from lookup.settings import read_settings, shipped_config

BEAT_SECONDS = 30.0
BACK_DATED = timedelta(hours=36)


@contextmanager
def _register_of(demo: Demo) -> Iterator[Register]:
    settings = read_settings(demo.folder, {})
    register = Register.open(settings.register_store, ServerKeys.read(settings.keys), may_begin=False)
    try:
        yield register
    finally:
        register.engine.dispose()


def make_stale(demo: Demo, authority: str) -> None:
    """Back-date an authority's register by 36 hours at once; the heartbeat leaves it so. Raises `UnsafeSetting`."""
    _refuse_unknown(demo, authority)
    _mark(demo, authority).touch()
    with _register_of(demo) as register:
        register.heartbeat(authority, now() - BACK_DATED, backwards=True)


def make_fresh(demo: Demo, authority: str) -> None:
    """Undo `make_stale`. Raises `UnsafeSetting`."""
    _refuse_unknown(demo, authority)
    _mark(demo, authority).unlink(missing_ok=True)
    with _register_of(demo) as register:
        register.heartbeat(authority, now())


def beat(demo: Demo) -> None:
    """Every register is complete up to now, but for those that were made stale."""
    with _register_of(demo) as register:
        for authority in demo.borough.authorities:
            if not _mark(demo, authority.code).exists():
                register.heartbeat(authority.code, now())


def serve_demo(demo: Demo, port: int) -> int:
    """Serve until stopped; returns gunicorn's exit code."""
    beat(demo)
    stopped = threading.Event()
    threading.Thread(target=_keep_beating, args=(demo, stopped), name="heartbeat", daemon=True).start()
    server = subprocess.Popen(_command(port), env=_environment(demo.folder))  # noqa: S603 - our own program, fixed words
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: server.send_signal(signal.SIGTERM))
    try:
        return server.wait()
    finally:
        stopped.set()


def _keep_beating(demo: Demo, stopped: threading.Event) -> None:
    while not stopped.wait(BEAT_SECONDS):
        try:
            beat(demo)
        except RegisterUnavailable:
            continue  # the register is busy or away; its age shows in the answers until the next beat


def _command(port: int) -> list[str]:
    gunicorn = Path(sys.executable).with_name("gunicorn")
    config = shipped_config() / "gunicorn.py"
    return [str(gunicorn), "--config", str(config), "--bind", f"127.0.0.1:{port}", "lookup.app:create_app()"]


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "LOOKUP_FOLDER": str(folder.resolve())}


def _mark(demo: Demo, authority: str) -> Path:
    return demo.folder / f"stale-{authority}"


def _refuse_unknown(demo: Demo, authority: str) -> None:
    known = [council.code for council in demo.borough.authorities]
    if authority not in known:
        raise UnsafeSetting(f"There is no authority {authority} here. Use one of: {', '.join(known)}.")
