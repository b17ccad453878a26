"""How gunicorn serves Lookup: ``gunicorn --config config/gunicorn.py wsgi:app``. Put nginx in front (slow clients)."""

import os
from pathlib import Path

from lookup.refusals import UnsafeSetting
from lookup.settings import LOOPBACK, read_settings

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
