"""Loads the product and the bench's own floor in turn, from this process, and compares their CPU and rate."""

from __future__ import annotations

import http.client
import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice

import psutil

CONNECTIONS, ASKED, ROUNDS = 8, 1600, 5


def drive(product: int, port: int, floor: int, floor_port: int, token: str, bodies: list[str]) -> str:
    """A table: server CPU of an answer, answers a second, each as a ratio to the floor of the same round."""
    rounds = []
    for turn in range(ROUNDS + 1):
        ours, theirs = _round(product, port, token, bodies, turn), _round(floor, floor_port, token, bodies, turn)
        rounds.append((ours, theirs))
    kept = rounds[1:]
    lines = [
        "| | server CPU ms/answer | ratio to the floor | answers/s | p99 ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, place in (("product", 0), ("floor: Flask, a constant", 1)):
        cpu, rate, p99 = (statistics.median(pair[place][column] for pair in kept) for column in range(3))
        ratio = statistics.median(pair[place][0] / pair[1][0] for pair in kept)
        lines.append(f"| {name} | {cpu * 1000:.2f} | {ratio:.1f} | {rate:.0f} | {p99 * 1000:.0f} |")
    return "\n".join(lines)


def _round(master: int, port: int, token: str, bodies: list[str], turn: int) -> tuple[float, float, float]:
    before, start = _cpu(master), time.perf_counter()
    shares = [
        list(islice(cycle(bodies), turn * 97 + share, turn * 97 + ASKED + share, CONNECTIONS))
        for share in range(CONNECTIONS)
    ]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        waits = sorted(wait for waits in pool.map(lambda share: _ask_all(port, token, share), shares) for wait in waits)
    seconds = time.perf_counter() - start
    return (_cpu(master) - before) / len(waits), len(waits) / seconds, waits[int(len(waits) * 0.99)]


def _ask_all(port: int, token: str, bodies: list[str]) -> list[float]:
    connection, waits = http.client.HTTPConnection("127.0.0.1", port), []
    for body in bodies:
        headers = {
            "Content-Type": "application/json",
            "X-Request-ID": str(uuid.uuid4()),
            "Authorization": f"Bearer {token}",
        }
        start = time.perf_counter()
        connection.request("POST", "/v1/enquiries", body, headers)
        reply = connection.getresponse()
        reply.read()
        if reply.status != 200:
            raise SystemExit(f"an enquiry of the bench got {reply.status}")
        waits.append(time.perf_counter() - start)
    connection.close()
    return waits


def _cpu(master: int) -> float:
    root = psutil.Process(master)
    times = [process.cpu_times() for process in [root, *root.children(recursive=True)]]
    return sum(t.user + t.system for t in times)
