"""Bodies that are good but for one place: refused without a trace in the database, or taken; never a failure."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.world import NEVER_TAKEN, World, watching_writes

JUNK: list[Any] = [None, True, 2**63, 1e308, "", "\0", "a\rb", "9" * 400, {}, [[None]]]
_WITHOUT_JSON = {"upload_file", "upload_file_form_view", "import_resource_upload_file"}

Place = tuple[str | int, ...]


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """All places in a JSON value, itself first."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*path, key))


def changed(value: Any, place: Place, junk: Any) -> Any:
    """The value with something else in one place."""
    if not place:
        return junk
    made = copy.deepcopy(value)
    inside = made
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = junk
    return made


class Sweeper:
    """Sends bodies to an operation, and checks what every answer must be."""

    def __init__(self, app: Flask, world: World) -> None:
        self.client, self.world, self.client_session = app.test_client(), world, str(uuid4())
        document = self.client.get("/api/schema.json").get_json()
        self.operations = {
            operation["operationId"]: (method.upper(), path)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
            if isinstance(operation, dict) and "requestBody" in operation
        }

    def send(self, name: str, body: Any) -> int:
        """Send one body; a refusal must write nothing."""
        method, template = self.operations[name]
        path = self.world.path(name, template)
        data, what = json.dumps(body), f"{name} {str(body)[:200]!r}"
        headers = {**self.world.api.headers, "ClientSessionId": self.client_session}
        with watching_writes() as written:
            answer = self.client.open(path, method=method, data=data, content_type="application/json", headers=headers)
        assert answer.status_code < 500, f"{what}: {answer.get_data()[:300]!r}"
        if answer.status_code >= 400:
            assert {"error", "detail"} <= answer.get_json().keys(), what
            assert written.count == 0, f"{what} was refused with {answer.get_json()} but something was stored"
        else:
            self._end_job(answer.get_json(silent=True))
        return answer.status_code

    def _end_job(self, answer: Any) -> None:
        """Only one job of a type may run for a user; those of visitors are nobody's, and their ids are texts."""
        if isinstance(answer, dict) and "progress_percentage" in answer and isinstance(answer["id"], int):
            assert self.world.api.post(f"/api/jobs/{answer['id']}/cancel/")[0] == 200


@pytest.fixture
def sweeper(app: Flask, api: Any) -> Sweeper:
    """Sends bodies to operations on a world of the user's."""
    return Sweeper(app, World(api))


def test_every_operation_that_takes_a_body_is_swept(sweeper: Sweeper) -> None:
    assert set(sweeper.operations) - set(sweeper.world.bodies()) <= _WITHOUT_JSON


def test_bodies_are_good_but_for_the_junk(sweeper: Sweeper) -> None:
    for name, bodies in sweeper.world.bodies().items():
        for body in bodies if name in sweeper.operations else ():
            assert (sweeper.send(name, body) < 300) != (name in NEVER_TAKEN), f"{name} {body}"


def test_junk_in_every_place_of_every_body(sweeper: Sweeper) -> None:
    seen: set[tuple[str, Place]] = set()
    for name, bodies in sweeper.world.bodies().items():
        for body in bodies if name in sweeper.operations else ():
            for place in places(body):
                if (name, place) in seen:
                    continue
                seen.add((name, place))
                for junk in JUNK:
                    sweeper.send(name, changed(body, place, junk))
