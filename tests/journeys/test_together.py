"""Many practitioners at the same moment: each gets their own answer and their own receipt."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from lookup.desk.tables import enquiries, outbox
from tests.journeys.plans import ROSALIND, a_plan, later
from tests.journeys.town import Town, answer

AT_ONCE = 4  # as many threads as a worker of gunicorn has
KINDS = {
    "on_plan": "on_plan",
    "plan_ended": "plan_ended",
    "looked_after": "looked_after",
    "not_on_register": "no_plan_found",
    "twin": "needs_more_detail",
}


def rows(town: Town) -> tuple[int, int]:
    with town.house.desk.reading() as connection:
        one, other = (connection.scalar(select(func.count()).select_from(table)) for table in (enquiries, outbox))
    return one or 0, other or 0


def test_everybody_who_asks_at_once_gets_their_own_answer_and_receipt(own_town: Town) -> None:
    people = [own_town[who] for who in ("amara.okafor", "daniel.osei", "helen.marsh", "owen.pritchard")]
    asked = [(people[n % 4], kind) for n in range(8) for kind in KINDS]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        replies = list(threads.map(lambda pair: pair[0].ask(own_town.kind(pair[1])), asked))
    assert [answer(reply)["outcome"] for reply in replies] == [KINDS[kind] for _, kind in asked]
    assert len({reply.get_json()["receipt"]["index"] for reply in replies}) == len(asked)
    recorded = {record["enquiry"]: record for record in own_town.records() if record["door"] == "api"}
    for (device, kind), reply in zip(asked, replies, strict=True):
        record = recorded[reply.get_json()["enquiry"]]
        assert (record["user_id"], record["outcome"]) == (device.who.user_id, KINDS[kind])
    assert rows(own_town) == (len(asked), len(asked))


def test_one_request_that_is_sent_many_times_at_once_is_one_enquiry(own_town: Town) -> None:
    nurse, again = own_town["triage_nurse"], str(uuid4())
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asks = [threads.submit(nurse.ask, own_town.kind("on_plan"), request_id=again) for _ in range(8)]
    replies = [ask.result() for ask in asks]
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.get_json()["enquiry"] for reply in replies}) == 1
    assert rows(own_town) == (1, 1)


@pytest.mark.bad_input(69)
def test_another_body_under_the_same_id_at_the_same_moment_is_told_so(own_town: Town) -> None:
    nurse, child = own_town["triage_nurse"], own_town.kind("on_plan")
    for _ in range(5):
        again = str(uuid4())
        with ThreadPoolExecutor(AT_ONCE) as threads:
            asks = [threads.submit(nurse.ask, child, reason=f"reason {n}", request_id=again) for n in range(AT_ONCE)]
        said = sorted(ask.result().status_code for ask in asks)
        assert said == [200, 422, 422, 422]
    assert rows(own_town) == (5, 5)


def test_versions_that_are_published_at_once_end_with_the_newest(own_town: Town) -> None:
    owner, first = own_town["ruth.adjei"], a_plan().recorded_at
    versions = [a_plan(recorded_at=later(first, n), school=f"School {n}") for n in range(8)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        replies = list(threads.map(lambda version: owner.publish("HGC/T-1", version), versions))
    assert {reply.status_code for reply in replies} <= {200, 409}
    assert answer(owner.ask(ROSALIND))["plan"]["school"] == "School 7"
