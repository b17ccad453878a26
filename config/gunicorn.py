"""How gunicorn serves Lookup: ``gunicorn --config config/gunicorn.py wsgi:app``. Put nginx in front (slow clients)."""

import os
import sys
from pathlib import Path

from gunicorn.glogging import Logger

from lookup.journal import note_fault
from lookup.refusals import UnsafeSetting
from lookup.settings import LOOPBACK, read_settings


class DiscreetLogger(Logger):
    """gunicorn's own log, without what a client sent: what it takes for a bad request line may be a child's details."""

    def warning(self, msg, *args, **kwargs):
        if str(msg).startswith("Invalid request"):
            msg, args = "A request was refused: it is not HTTP as it must be.", ()
        super().warning(msg, *args, **kwargs)

    def exception(self, msg, *args, **kwargs):
        """A fault by its type and where it passed; the message would hold an address, the traceback its values."""
        fault = sys.exc_info()[1]
        if fault is not None:
            note_fault(fault)


workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
worker_class = "gthread"
timeout = 30
graceful_timeout = 10
keepalive = 5
limit_request_line = 2048
limit_request_fields = 40
limit_request_field_size = 4096
preload_app = False  # a worker opens its own epoch of the trail: never before a fork
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1"
accesslog = os.environ.get("ACCESS_LOG") or None
# Method, the pattern of the address, status, microseconds: no query, no body, no reference, nobody's address.
access_log_format = '{"method":"%(m)s","rule":"%({lookup.rule}e)s","status":%(s)s,"us":%(D)s}'
errorlog = "-"
loglevel = "warning"
logger_class = DiscreetLogger


def on_starting(server):
    """The demo listens on loopback alone."""
    settings = read_settings(Path(os.environ["LOOKUP_FOLDER"]), os.environ)
    outside = [address for address in server.cfg.address if address[0] not in LOOPBACK]
    if settings.demo and outside:
        raise UnsafeSetting(f"The demo listens on 127.0.0.1 only, not on {outside[0][0]}.")


def worker_exit(server, worker):
    """End the worker's epoch of the trail with its last entry."""
    house = getattr(worker.wsgi, "extensions", {}).get("lookup_house") if hasattr(worker, "wsgi") else None
    if house is not None:
        house.close()
