"""Jobs over HTTP: starting, reading, listing, cancelling; and how runs end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import sqlalchemy as sa

import app as composition
from core.accounts.state import UserStates
from core.db.engine import make_engine
from core.db.models import Job
from core.jobs import queue
from core.jobs import service as jobs_service
from core.jobs.claims import Claims
from core.jobs.live import LiveJobs
from core.jobs.runner import Runner
from core.jobs.sweep import Sweep
from core.jobs.types import JobTypes
from core.settings import Settings
from plugin_api import jobs
from plugin_api.context import Actor, acting_as
from plugin_api.db import UnitsOfWork, begin, session
from plugin_api.platform import service
from tests import lab

J = "/api/jobs/"


class Bench:
    """A worker of the test: knows what was queued and runs it when told."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.queued: list[int] = []
        self.runners = [self._runner(), self._runner()]

    def _runner(self) -> Runner:
        claims = Claims(make_engine(self.settings.database_url, 1))
        parts = service(JobTypes), service(LiveJobs), claims, service(UserStates)
        return Runner(service(UnitsOfWork), *parts, attempts=3)

    def run(self, job_id: int, runner: int = 0) -> None:
        self.runners[runner].run(job_id)

    def sweep(self, seconds: int = 1) -> Sweep:
        parts = service(UnitsOfWork), service(JobTypes), service(LiveJobs), service(redis.Redis)
        return Sweep(*parts, seconds)

    def close(self) -> None:
        for runner in self.runners:
            runner._claims.close()


@pytest.fixture
def bench(app: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A worker; the queue is a list. No job of another test waits."""
    lab.reset()
    with begin():
        session().execute(sa.delete(Job))
    made = Bench(settings)
    monkeypatch.setattr(jobs_service, "enqueue", made.queued.append)
    monkeypatch.setattr("core.jobs.sweep.enqueue", made.queued.append)
    yield made
    lab.go_on.set()
    made.close()


def start(api: Any, way: str, type_name: str = "lab", **params: Any) -> int:
    """Start a job of the lab as the user of `api`."""
    actor = Actor("user", api.user["id"])
    with begin(), acting_as(actor, client_session_id="session", websocket_id="tab", undo_group_id="group"):
        return int(jobs.start(type_name, way=way, **params)["id"])


def stored(job_id: int) -> Job:
    """The job's row."""
    with begin():
        found = session().get(Job, job_id)
        assert found is not None
        return found


def test_a_job_is_queued_after_the_commit_and_ends_finished(api: Any, bench: Bench) -> None:
    status, made = api.post(J, {"type": "lab", "to": 3})
    assert status == 200
    expected = {"type": "lab", "progress_percentage": 0, "state": "pending", "human_readable_error": ""}
    assert made == {"id": made["id"], **expected, "counted": None, "way": "count"}
    assert bench.queued == [made["id"]]
    bench.run(made["id"])
    status, ended = api.get(f"{J}{made['id']}/")
    assert (status, ended["state"], ended["progress_percentage"], ended["counted"]) == (200, "finished", 100, 3)
    assert [dict(params) for params in lab.cleaned] == [{"way": "count", "to": 3}]
    assert lab.discarded == []


def test_nothing_is_queued_when_the_transaction_fails(api: Any, bench: Bench) -> None:
    with pytest.raises(RuntimeError), begin(), acting_as(Actor("user", api.user["id"])):
        jobs.start("lab", way="count", to=1)
        raise RuntimeError
    assert bench.queued == []
    assert api.get(J) == (200, {"jobs": []})


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, {"type": ["required"]}),
        ({"type": None}, {"type": ["required"]}),
        ({"type": "make_tea"}, {"type": ["invalid_choice"]}),
        ({"type": "lab_parallel", "to": 1}, {"type": ["invalid_choice"]}),
        ({"type": []}, {"type": ["invalid"]}),
        ({"type": "lab"}, {"to": ["required"]}),
        ({"type": "lab", "to": "many"}, {"to": ["invalid"]}),
        ({"type": "lab", "to": 10**30}, {"to": ["max_value"]}),
        ([], {"non_field_errors": ["invalid"]}),
    ],
)
def test_bad_bodies_start_nothing(api: Any, bench: Bench, body: Any, codes: Any) -> None:
    status, answer = api.post(J, body)
    assert (status, answer["error"]) == (400, "ERROR_REQUEST_BODY_VALIDATION")
    assert {key: [one["code"] for one in found] for key, found in answer["detail"].items()} == codes
    assert bench.queued == []


def test_one_job_of_a_type_at_a_time(api: Any, make_user: Any, bench: Bench) -> None:
    first = start(api, "count", to=1)
    assert api.post(J, {"type": "lab", "to": 1})[1]["error"] == "ERROR_MAX_JOB_COUNT_EXCEEDED"
    assert api.post(J, {"type": "lab", "to": 1})[0] == 400
    assert make_user().post(J, {"type": "lab", "to": 1})[0] == 200
    start(api, "count", "lab_parallel", to=1)
    start(api, "count", "lab_parallel", to=1)
    bench.run(first)
    assert api.post(J, {"type": "lab", "to": 1})[0] == 200


def test_two_starts_at_once_make_one_job(api: Any, bench: Bench) -> None:
    barrier = threading.Barrier(4)
    answers = []

    def post() -> None:
        barrier.wait()
        answers.append(api.post(J, {"type": "lab", "to": 1})[0])

    threads = [threading.Thread(target=post) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(answers) == [200, 400, 400, 400]


def test_ways_to_fail(api: Any, bench: Bench) -> None:
    job = start(api, "fail")
    bench.run(job)
    ended = api.get(f"{J}{job}/")[1]
    assert (ended["state"], ended["progress_percentage"]) == ("failed", 40)
    assert ended["human_readable_error"] == "The soup is cold."
    job = start(api, "refuse")
    bench.run(job)
    assert api.get(f"{J}{job}/")[1]["human_readable_error"] == "The lab is closed."
    assert len(lab.cleaned) == len(lab.discarded) == 2


def test_an_unexpected_error_is_not_told_and_changes_nothing(api: Any, bench: Bench, sheet: Any) -> None:
    job = start(api, "crash")
    bench.run(job)
    ended = api.get(f"{J}{job}/")[1]
    assert ended["state"] == "failed"
    assert "secret" not in str(ended) and "log" in ended["human_readable_error"]
    assert stored(job).error == "RuntimeError: secret  details"
    with begin():
        crashed = session().scalar(sa.text("SELECT count(*) FROM core.workspace WHERE name = 'crashed'"))
    assert crashed == 0


def test_a_job_runs_as_its_user(api: Any, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from plugin_api import context

    seen = []
    monkeypatch.setattr(lab.LabJob, "_refuse", lambda self, job: seen.append(context.current()))
    bench.run(start(api, "refuse"))
    found = seen[0]
    assert (found.actor.user_id, found.actor.email) == (api.user["id"], api.user["username"])
    assert (found.client_session_id, found.undo_group_id, found.websocket_id) == ("session", "group", "tab")


def test_progress_is_live_while_the_transaction_is_open(api: Any, bench: Bench) -> None:
    job = start(api, "wait")
    thread = threading.Thread(target=bench.run, args=(job,))
    thread.start()
    assert lab.started.wait(5)
    shown = _eventually(lambda: api.get(f"{J}{job}/")[1], lambda found: found["progress_percentage"] == 50)
    assert shown["state"] == "waiting"
    assert stored(job).state == "waiting", "PostgreSQL knows it too"
    lab.go_on.set()
    thread.join(5)
    assert api.get(f"{J}{job}/")[1]["state"] == "finished"


def _eventually(read: Any, good: Any) -> Any:
    for _ in range(200):
        found = read()
        if good(found):
            return found
        threading.Event().wait(0.02)
    raise AssertionError(f"it stays {found}")


def test_cancel_while_it_waits_for_a_worker(api: Any, make_user: Any, bench: Bench) -> None:
    job = start(api, "count", to=1)
    assert make_user().post(f"{J}{job}/cancel/")[0] == 404
    status, answer = api.post(f"{J}{job}/cancel/")
    assert (status, answer["state"]) == (200, "cancelled")
    assert lab.cleaned == [{"way": "count", "to": 1}]
    bench.run(job)
    assert api.get(f"{J}{job}/")[1]["state"] == "cancelled"
    status, answer = api.post(f"{J}{job}/cancel/")
    assert (status, answer["error"]) == (400, "ERROR_JOB_NOT_CANCELLABLE")
    assert api.post(f"{J}99999999/cancel/")[1]["error"] == "ERROR_JOB_DOES_NOT_EXIST"


@pytest.mark.parametrize("way", ["wait", "deaf"])
@pytest.mark.parametrize("redis_forgets", [False, True])
def test_cancel_while_it_runs(
    api: Any, bench: Bench, way: str, redis_forgets: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if redis_forgets:
        monkeypatch.setattr(LiveJobs, "cancel", lambda self, job_id: None)
    job = start(api, way)
    thread = threading.Thread(target=bench.run, args=(job,))
    thread.start()
    assert lab.started.wait(5)
    assert api.post(f"{J}{job}/cancel/")[1]["state"] == "cancelled"
    if way == "deaf":
        lab.go_on.set()
    thread.join(10)
    assert not thread.is_alive()
    ended = stored(job)
    assert (ended.state, ended.result) == ("cancelled", {})
    assert lab.cleaned == lab.discarded == [{"way": way}]


def test_a_job_is_run_by_one_worker_at_a_time(api: Any, bench: Bench) -> None:
    job = start(api, "wait")
    thread = threading.Thread(target=bench.run, args=(job, 0))
    thread.start()
    assert lab.started.wait(5)
    bench.run(job, 0)
    bench.run(job, 1)
    assert stored(job).attempts == 1
    assert bench.sweep().lost() == []
    lab.go_on.set()
    thread.join(5)
    assert stored(job).state == "finished"
    bench.run(job, 1)
    assert (stored(job).attempts, len(lab.cleaned)) == (1, 1)


def test_a_lost_job_is_run_again_and_fails_after_some_attempts(api: Any, bench: Bench) -> None:
    job = start(api, "count", to=1)
    with begin():
        session().execute(sa.update(Job).where(Job.id == job).values(state="started", attempts=1))
    assert bench.sweep().lost() == [job]
    assert bench.sweep().lost() == [], "it is in the queue already"
    bench.run(job)
    assert (stored(job).state, stored(job).attempts) == ("finished", 2)
    job = start(api, "count", to=1)
    with begin():
        session().execute(sa.update(Job).where(Job.id == job).values(state="counting", attempts=3))
    bench.run(job)
    assert stored(job).state == "failed"
    assert "interrupted 3 times" in api.get(f"{J}{job}/")[1]["human_readable_error"]


def test_a_run_that_lost_its_job_commits_nothing(api: Any, bench: Bench) -> None:
    job = start(api, "deaf")
    thread = threading.Thread(target=bench.run, args=(job,))
    thread.start()
    assert lab.started.wait(5)
    with begin():  # as another worker does that found the claim gone
        session().execute(sa.update(Job).where(Job.id == job).values(attempts=2))
    lab.go_on.set()
    thread.join(5)
    assert (stored(job).state, stored(job).result) == ("started", {})
    assert lab.cleaned == []


def test_jobs_that_never_got_into_the_queue_are_found(api: Any, bench: Bench) -> None:
    service(redis.Redis).delete(queue.QUEUE)
    job = start(api, "count", to=1)
    bench.queued.clear()
    assert bench.sweep().lost() == [], "it may be on its way"
    with begin():
        session().execute(sa.update(Job).where(Job.id == job).values(created_on=sa.text("now() - interval '1 minute'")))
    assert bench.sweep().lost() == [job]
    assert bench.queued == [job]


def test_starting_without_redis(api: Any, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job is kept; the answer does not wait for Redis."""
    away = composition.make_celery(Settings.load({}, redis_url="redis://127.0.0.1:1/0"))
    monkeypatch.setattr(jobs_service, "enqueue", queue.enqueue)
    try:
        job = start(api, "count", to=1)
        assert api.get(f"{J}{job}/")[1]["state"] == "pending"
    finally:
        away.close()
        composition.make_celery(bench.settings)


def test_old_jobs_are_forgotten(api: Any, bench: Bench) -> None:
    old, young = start(api, "count", "lab_parallel", to=1), start(api, "count", "lab_parallel", to=2)
    waiting = start(api, "count", "lab_parallel", to=3)
    bench.run(old), bench.run(young)
    lab.cleaned.clear()
    ago = sa.text("now() - interval '8 days'")
    with begin():
        session().execute(sa.update(Job).where(Job.id.in_([old, waiting])).values(updated_on=ago))
    assert bench.sweep().forget(7) == 1
    assert lab.discarded == []
    assert [job["id"] for job in api.get(J)[1]["jobs"]] == [waiting, young]
    assert lab.cleaned == [{"way": "count", "to": 1}]


def test_reading_is_for_the_owner(api: Any, make_user: Any, anonymous: Any, bench: Bench) -> None:
    job = start(api, "count", to=1)
    other = make_user()
    assert other.get(f"{J}{job}/")[1]["error"] == "ERROR_JOB_DOES_NOT_EXIST"
    assert other.get(J) == (200, {"jobs": []})
    assert anonymous.get(f"{J}{job}/")[0] == 401
    assert anonymous.get(J)[0] == 401
    assert api.get(f"{J}9999999999999999999999/")[0] == 404


def test_list_filters(api: Any, bench: Bench, count_sql: Any) -> None:
    done, failed, waiting = (start(api, way, "lab_parallel", to=1) for way in ("count", "fail", "count"))
    bench.run(done), bench.run(failed)

    def found(query: str) -> list[int]:
        status, body = api.get(J + query)
        assert status == 200, body
        return [job["id"] for job in body["jobs"]]

    assert found("") == [waiting, failed, done]
    assert found("?states=finished") == [done]
    assert found("?states=!finished") == [waiting, failed]
    assert found("?states=failed, finished") == [failed, done]
    assert found("?states=!failed,!finished") == [waiting]
    assert found(f"?states=pending&job_ids={done}") == []
    assert found(f"?job_ids={done},{waiting},99999999,-5") == [waiting, done]
    with count_sql() as statements:
        found("")
    assert len(statements) == 1


@pytest.mark.parametrize(
    ("query", "key", "code"),
    [
        ("states=done", "states", "invalid"),
        ("states=finished,done", "states", "invalid"),
        ("states=!done", "states", "invalid"),
        ("states=started", "states", "invalid"),
        ("states=", "states", "blank"),
        ("job_ids=one", "job_ids", "invalid"),
        ("job_ids=1,two", "job_ids", "invalid"),
        ("job_ids=1,,2", "job_ids", "invalid"),
        ("job_ids=9999999999999999999", "job_ids", "invalid"),
        ("job_ids=", "job_ids", "blank"),
    ],
)
def test_bad_filters(api: Any, query: str, key: str, code: str) -> None:
    status, body = api.get(f"{J}?{query}")
    assert (status, body["error"]) == (400, "ERROR_QUERY_PARAMETER_VALIDATION")
    assert [one["code"] for one in body["detail"][key]] == [code]


def test_a_job_of_a_user_who_is_gone_does_not_run(api: Any, bench: Bench) -> None:
    job = start(api, "count", to=1)
    with begin():
        session().execute(sa.text('UPDATE core."user" SET is_active = false WHERE id = :id'), {"id": api.user["id"]})
        service(UserStates).changed(api.user["id"])
    bench.run(job)
    assert stored(job).state == "failed"
    bench.run(99999999)
