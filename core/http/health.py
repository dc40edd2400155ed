"""HTTP operations of health: alive, the queue, the full report, a test mail."""

from __future__ import annotations

import traceback
from typing import Any

import redis
from flask import Response, request
from marshmallow import fields as mf

from core.health import checks
from core.jobs.celery import QUEUES
from core.mail.message import render
from core.mail.service import Mailer, public_url
from core.settings import Settings
from plugin_api.http import IGNORED, OPEN, Blueprint
from plugin_api.mail import Mail
from plugin_api.platform import service
from plugin_api.schemas import Email, Schema

blueprint = Blueprint("health", __name__, url_prefix="/api/_health", description="Health of the instance")
blueprints: list[Blueprint] = [blueprint]


class ReportAnswer(Schema):
    """The full report: each check says "ok" or what is wrong."""

    passing = mf.Boolean()
    checks = mf.Dict(keys=mf.String(), values=mf.String())
    celery_queue_size = mf.Integer()
    celery_export_queue_size = mf.Integer()


class TestMailBody(Schema):
    """Where to send a test mail."""

    target_email = Email(required=True)


class TestMailAnswer(Schema):
    """Whether the mail went out, else what went wrong."""

    succeeded = mf.Boolean()
    error = mf.String(allow_none=True)
    error_type = mf.String(allow_none=True)
    error_stack = mf.String(allow_none=True)


@blueprint.operation(
    "GET",
    "/",
    id="health_check",
    summary="Ask whether the server is alive",
    description="Answers OK as plain text as soon as the web server takes requests, without asking anything else.",
    auth=IGNORED,
)
def alive() -> Response:
    """Alive."""
    return _text("OK", 200)


@blueprint.operation(
    "GET",
    "/ready/",
    id="readiness_check",
    summary="Ask whether the server should get requests",
    description="Answers 200 and OK while the database answers and is up to date, else 503 and why not; also 503 once "
    "the server was told to stop. After OK it names read replicas that are left out, for which the "
    "primary answers. For load balancers and orchestrators.",
    response_type="text/plain",
    auth=IGNORED,
)
def ready() -> Response:
    """Ready."""
    problem = checks.unready()
    if problem is not None:
        return _text(problem, 503)
    left_out = checks.replicas_left_out()
    return _text(f"OK, without {left_out}" if left_out else "OK", 200)


@blueprint.operation(
    "GET",
    "/celery-queue/",
    id="celery_queue_size_check",
    summary="Ask whether work piles up",
    description="Answers 200 when few jobs wait in each queue given as `queue` (which may be given several times), "
    "503 when many do. For load balancers and autoscalers.",
    auth=OPEN,
)
def celery_queue() -> Response:
    """The queues."""
    names = request.args.getlist("queue")
    if not names:
        return _text("no queue provided", 400)
    unknown = next((name for name in names if name not in QUEUES), None)
    if unknown is not None:
        return _text(f"queue {unknown} not found", 404)
    try:
        short = all(checks.queue_size(QUEUES[name]) < checks.LONG_QUEUE for name in names)
    except redis.RedisError:
        short = False
    return _text("ok", 200) if short else _text("not ok", 503)


@blueprint.operation(
    "GET",
    "/full/",
    id="full_health_check",
    summary="Check every part",
    description="Checks the database, its migrations, Redis, the workers, the queue of events, file storage, the disk "
    "and what plugins add, for real. For staff.",
    response=ReportAnswer,
    staff=True,
    errors=("ERROR_STAFF_ONLY",),
)
def full() -> dict[str, Any]:
    """The report."""
    found = checks.run_all()
    return {
        "passing": all(text == checks.OK for text in found.values()),
        "checks": found,
        "celery_queue_size": checks.known_queue_size(QUEUES["celery"]),
        "celery_export_queue_size": checks.known_queue_size(QUEUES["export"]),
    }


@blueprint.operation(
    "POST",
    "/email/",
    id="email_tester",
    summary="Send a test mail",
    description="Sends a mail at once, past the queue, and tells what the mail server said. For staff.",
    body=TestMailBody,
    response=TestMailAnswer,
    staff=True,
    errors=("ERROR_REQUEST_BODY_VALIDATION", "ERROR_STAFF_ONLY"),
)
def email_tester(body: dict[str, Any]) -> dict[str, Any]:
    """Send a mail."""
    mailer, values = service(Mail), {"public_url": public_url(service(Settings))}
    assert isinstance(mailer, Mailer)
    try:
        mailer.deliver(render(body["target_email"], "A test of mails", "test", values))
    except (OSError, ValueError) as error:
        stack = "".join(traceback.format_exception(error))
        return {"succeeded": False, "error": str(error), "error_type": type(error).__name__, "error_stack": stack}
    return {"succeeded": True, "error": None, "error_type": None, "error_stack": None}


def _text(text: str, status: int) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
