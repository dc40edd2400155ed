"""A product as small as can be, to be served by the real supervisor: one page, one stored number, one task."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence

import click
import psycopg
import redis
from celery import Celery
from flask import Flask, Response

from core.cli import run
from core.jobs.celery import broker_url
from core.settings import Settings


class Composition:
    """A composition root for tests."""

    def web_app(self, settings: Settings) -> Flask:
        """The WSGI application."""
        if os.environ.get("WEB_FAILS") or os.path.exists(os.environ.get("WEB_FAILS_WITH", "")):
            raise RuntimeError("the web process fails, as the test wants")
        app = Flask("program")
        celery = self.worker(settings)

        @app.get("/api/_health/")
        def health() -> str:
            return "OK"

        @app.get("/pid")
        def pid() -> str:
            return str(os.getpid())

        @app.post("/add")
        def add() -> str:
            return _query(settings, "INSERT INTO number DEFAULT VALUES RETURNING id")

        @app.get("/count")
        def count() -> str:
            return _query(settings, "SELECT count(*) FROM number")

        @app.get("/slow")
        def slow() -> Response:
            def pieces() -> Iterator[str]:
                yield "begun,"
                time.sleep(1.5)
                yield "done"

            return Response(pieces())

        @app.post("/work/<float:seconds>")
        def work(seconds: float) -> str:
            celery.send_task("work", [seconds])
            return "sent"

        return app

    def worker(self, settings: Settings) -> Celery:
        """The Celery application."""
        celery = Celery("program", broker=broker_url(settings.redis_url))
        celery.conf.update(
            task_acks_late=True,
            worker_prefetch_multiplier=1,
            beat_schedule={"tick": {"task": "tick", "schedule": 0.5}},
        )

        @celery.task(name="work")
        def work(seconds: float) -> None:
            cache = redis.Redis.from_url(settings.redis_url)
            cache.incr("begun")
            time.sleep(seconds)
            _query(settings, "INSERT INTO number DEFAULT VALUES RETURNING id")
            cache.close()

        @celery.task(name="tick")
        def tick() -> None:
            cache = redis.Redis.from_url(settings.redis_url)
            cache.incr("ticks")
            cache.close()

        return celery

    def migrate(self, settings: Settings, stays: bool = False) -> dict[str, str]:
        """Make the one table."""
        with psycopg.connect(settings.database_url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(1)")
            connection.execute("CREATE TABLE IF NOT EXISTS number (id serial PRIMARY KEY)")
        return {}

    def commands(self) -> Sequence[click.Command]:
        """One command more."""
        return [click.Command("extra", help="More.", callback=lambda: click.echo("extra command"))]

    def plugged_commands(self) -> Sequence[click.Command]:
        """None of plugins."""
        return []


def _query(settings: Settings, sql: str) -> str:
    with psycopg.connect(settings.database_url) as connection:
        row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return str(row[0])


if __name__ == "__main__":
    run(Composition())
