"""Bytes that are hardly HTTP, sent to a real gunicorn: refused and recorded, and nothing of them in its log."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from lookup.demo.building import Demo
from lookup.demo.running import beat
from lookup.house import open_house
from lookup.moments import now
from lookup.settings import read_settings

SENTINEL = "Sentinelsworth"
CHILD = {"purpose": "unscheduled_care", "family_name": SENTINEL, "given_name": "Ada", "birth_date": "2019-01-02"}
BODY = json.dumps(CHILD).encode()


@dataclass(frozen=True)
class Served:
    """A gunicorn with a demo of its own: where it listens, a nurse's token, its log."""

    port: int
    token: str
    log: Path

    def send(self, body: bytes, *headers: str) -> tuple[int, bytes]:
        """Status and body of the first answer to a POST of these bytes; each header is one line."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as line:
            fixed = ("POST /v1/enquiries HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"X-Request-ID: {uuid4()}")
            more = (f"Authorization: Bearer {self.token}", "Content-Type: application/json", *headers)
            line.sendall("\r\n".join((*fixed, *more, "", "")).encode() + body)
            line.shutdown(socket.SHUT_WR)
            told = b"".join(iter(lambda: line.recv(65536), b""))
        head, _, said = told.partition(b"\r\n\r\n")
        return int(head.split()[1]), said


@pytest.fixture(scope="module")
def served(module_demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("log") / "stderr"
    house = open_house(read_settings(module_demo.folder, {}))
    token = house.identity.issue_token("RHG1-demo", "amara.okafor", now())
    house.close()
    beat(module_demo)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gunicorn = Path(sys.executable).with_name("gunicorn")
    command = [gunicorn, "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}", "lookup.app:create_app()"]
    environment = {**os.environ, "LOOKUP_FOLDER": str(module_demo.folder), "WEB_CONCURRENCY": "1"}
    with log.open("wb") as stderr:
        server = subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2], stderr=stderr)
        try:
            _wait_for(port)
            yield Served(port, token, log)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(150):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("gunicorn did not listen within 15 seconds")


@pytest.mark.bad_input(88)
def test_a_body_that_is_taken_for_the_next_request_is_not_in_the_log(served: Served) -> None:
    assert served.send(b"{}" + BODY + b"\r\n\r\n", "Content-Length: 2")[0] == 400
    served.send(BODY, f"Content-Length: {len(BODY)}", f"{SENTINEL} without a colon")
    served.send(BODY, f"Content-Length: {len(BODY)}", f"Expect: {SENTINEL}")
    written = served.log.read_text()
    assert "it is not HTTP as it must be" in written
    assert SENTINEL not in written


@pytest.mark.bad_input(67)
def test_a_body_in_broken_chunks_is_a_recorded_refusal(served: Served) -> None:
    status, said = served.send(b"zz\r\n" + BODY + b"\r\n0\r\n\r\n", "Transfer-Encoding: chunked")
    assert (status, json.loads(said)["code"], "receipt" in json.loads(said)) == (400, "malformed_request", True)


@pytest.mark.bad_input(67)
def test_a_body_in_chunks_is_never_cut_short_and_taken(served: Served) -> None:
    long = BODY + b" " * (256 * 1024 - len(BODY)) + b'{"another": "value"}'
    status, said = served.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(long), long), "Transfer-Encoding: chunked")
    assert (status, json.loads(said)["code"], "receipt" in json.loads(said)) == (413, "request_too_large", True)
    status, said = served.send(b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY), "Transfer-Encoding: chunked")
    assert (status, json.loads(said)["outcome"]) == (200, "no_plan_found")
