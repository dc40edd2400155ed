"""Random requests made from the OpenAPI document: no failure of the server, and no answer the document does not have.

FUZZ_EXAMPLES says how many requests each operation gets:

    FUZZ_EXAMPLES=200 ./tablewright test tests/fuzz
"""

from __future__ import annotations

import os
from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.world import World

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Files that an answer serves are open until the answer is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

# They end the account or the sessions that the requests are made with, or switch off what they ask for; the check of
# queues answers texts, also when it refuses.
LEFT_OUT = {
    "admin_update_plugin",
    "celery_queue_size_check",
    "change_password",
    "leave_workspace",
    "schedule_account_deletion",
    "token_blacklist",
    "update_account",
    "update_settings",
}


def test_random_requests(app: Flask, api: Any) -> None:
    world = World(api)
    document = schemathesis.openapi.from_wsgi("/api/schema.json", app)
    problems: list[str] = []
    operations = [result.ok() for result in document.get_all_operations()]
    assert len(operations) > 150
    for operation in sorted(operations, key=lambda found: found.method.upper() == "DELETE"):
        name = operation.definition.raw["operationId"]
        if name not in LEFT_OUT and not name.startswith("lab_"):
            problems += _tried(operation, name, world)
    assert problems == [], "\n\n".join(problems[:20])


def _tried(operation: Any, name: str, world: World) -> list[str]:
    """What is wrong with the answers of an operation."""

    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def request(case: Any) -> None:
        if operation.method.upper() != "DELETE":  # what exists is needed later
            case.path_parameters = {
                key: world.ids.get(key, value) for key, value in (case.path_parameters or {}).items()
            }
        answer = case.call(headers=world.api.headers)
        case.validate_response(answer, checks=CHECKS)

    try:
        request()
    except FailureGroup as found:
        return [f"{name}: {failure.title} {failure.message[:800]}" for failure in found.exceptions]
    return []
