"""A plugin of the tests: jobs that wait, fail or stop on demand, types of fields and filters, events, a source."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from plugin_api import Plugin, hookimpl
from plugin_api.applications import ApplicationInfo, ApplicationType
from plugin_api.db import session, unit_of_work
from plugin_api.errors import ApiError
from plugin_api.events import Event, EventHandler
from plugin_api.fields import Column, Field, FieldType, Items, ItemsMixin, Row
from plugin_api.filters import AnyItem, Condition, Filtered, FilterType, Negated
from plugin_api.http import Blueprint
from plugin_api.jobs import JobFailed, JobRun, JobType
from plugin_api.kinds import Kind
from plugin_api.periodic import PeriodicTask
from plugin_api.schemas import Int, Schema, Str
from plugin_api.views import CardFieldOptions, ViewType, incompatible_field
from plugins.data_sync.kinds import DataSyncType, Progress, Property, ReadsMixin, Settings, SyncError
from plugins.templates.library import LIBRARY
from plugins.templates.types import Template

plugin = Plugin(name="lab", version="1.0", title="Lab", api=(1, 0), requires=("data_sync", "templates"))

created: list[tuple[ApplicationInfo, bool]] = []
cleaned: list[Mapping[str, Any]] = []
discarded: list[Mapping[str, Any]] = []
events: list[Event] = []
ticks: list[float] = []
started = threading.Event()
go_on = threading.Event()


TEMPLATE = Template("lab-notes", LIBRARY / "employee-onboarding.zip", "Notes of the lab", ("Laboratories",))


class Source:
    """Stands in for the entry point of this plugin."""

    name = "lab"

    def load(self) -> Any:
        """This module."""
        return sys.modules[__name__]


class LabApplication(ApplicationType):
    """An application with one more key."""

    type = "lab"

    def serialize(self, applications: Sequence[ApplicationInfo]) -> dict[int, dict[str, Any]]:
        """One query, whatever the number of applications."""
        session().execute(sa.text("SELECT 'lab applications'"))
        return {application.id: {"lab": application.name.upper()} for application in applications}

    def created(self, application: ApplicationInfo, init_with_data: bool) -> None:
        """Remember it."""
        if application.name == "broken":
            raise ApiError("ERROR_LAB_BROKEN", 400, "The application cannot be made.")
        created.append((application, init_with_data))


class CountBody(Schema):
    """How far to count."""

    to = Int(required=True, min_value=1, max_value=100)


class LabJob(JobType):
    """A job that does what its parameter `way` says."""

    type = "lab"
    body = CountBody

    def requested(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Counting is open to all."""
        return {"way": "count", "to": values["to"]}

    def run(self, job: JobRun) -> None:
        """Go the way."""
        getattr(self, f"_{job.params['way']}")(job)

    def _count(self, job: JobRun) -> None:
        for n in range(1, job.params["to"] + 1):
            job.progress(100 * n / job.params["to"], "counting")
        job.result({"counted": job.params["to"]})

    def _fail(self, job: JobRun) -> None:
        job.progress(40)
        raise JobFailed("The soup is cold.")

    def _refuse(self, job: JobRun) -> None:
        raise ApiError("ERROR_LAB", 400, "The lab is closed.")

    def _crash(self, job: JobRun) -> None:
        session().execute(sa.text("UPDATE core.workspace SET name = 'crashed'"))
        raise RuntimeError("secret \0 details")

    def _wait(self, job: JobRun) -> None:
        """Report progress until told to go on."""
        started.set()
        while not go_on.wait(0.02):
            job.progress(50, "waiting")

    def _deaf(self, job: JobRun) -> None:
        """Never look whether it was cancelled."""
        started.set()
        go_on.wait(10)
        job.result({"deaf": True})

    def _steps(self, job: JobRun) -> None:
        unit_of_work().commit()
        job.result({"steps": 1})

    def _once_lost(self, job: JobRun) -> None:
        """Hang on the first attempt until the worker is killed; on the next one finish."""
        from pathlib import Path

        marker = Path(job.params["marker"])
        if not marker.exists():
            session().execute(sa.text("UPDATE core.job SET error = 'half done' WHERE id = :id"), {"id": -1})
            marker.write_text("started")
            time.sleep(60)
        job.result({"counted": 1})

    def _always_lost(self, job: JobRun) -> None:
        time.sleep(60)

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """What came of it."""
        return {"counted": result.get("counted"), "way": params["way"]}

    def discard(self, params: Mapping[str, Any]) -> None:
        """Remember that it was asked for."""
        discarded.append(dict(params))

    def clean_up(self, params: Mapping[str, Any]) -> None:
        """Remember that it was asked for."""
        cleaned.append(dict(params))


class ParallelLabJob(LabJob):
    """Any number at a time."""

    type = "lab_parallel"
    parallel = True
    body = None


class LabOptions(Schema):
    """Settings of a view of this plugin."""

    rows_a_line = Int(load_default=1, min_value=1, max_value=9)
    number_field = Int(load_default=None, allow_none=True)


class LabView(ViewType):
    """A view type as a third party writes one: several rows on a line, with a number."""

    type = "lab"
    options_schema = LabOptions
    field_options_schema = CardFieldOptions
    field_settings = ("number_field",)

    def check_field_setting(self, name: str, field: Field) -> None:
        """Numbers only."""
        if field.type != "number":
            raise incompatible_field(name, ["number"])


@hookimpl
def register_view_types() -> list[ViewType]:
    """Provide `lab`."""
    return [LabView()]


@hookimpl
def register_application_types() -> list[ApplicationType]:
    """The type `lab`."""
    return [LabApplication()]


@hookimpl
def register_job_types() -> list[JobType]:
    """The jobs."""
    return [LabJob(), ParallelLabJob()]


@hookimpl
def register_event_handlers() -> list[EventHandler]:
    """Remembers what it is told."""
    return [EventHandler("lab", events.extend)]


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Counts its calls."""
    return [PeriodicTask("lab-tick", 3600.0, lambda: ticks.append(time.time()))]


@dataclass
class Flock:
    """What the source `pigeons` has; an exception among the rows is raised where it stands."""

    properties: list[Property] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    seen: list[Mapping[str, Any]] = field(default_factory=list)
    told: str = ""


flock = Flock()


class PigeonSettings(Schema):
    """Which flock, and the word that makes it speak."""

    loft = Str(required=True)
    word = Str(required=True, load_only=True)


class PigeonSync(DataSyncType, ReadsMixin):
    """A source as another package would bring it."""

    type = "pigeons"
    settings_schema = PigeonSettings
    secrets: ClassVar = {"word": ("loft",)}

    def properties(self, settings: Settings) -> list[Property]:
        """Those of the flock."""
        flock.seen.append(dict(settings))
        if flock.told:
            raise SyncError(flock.told)
        return flock.properties

    def rows(self, settings: Settings, keys: Sequence[str], progress: Progress) -> Iterator[list[Any]]:
        """Those of the flock."""
        for number, row in enumerate(flock.rows):
            if isinstance(row, BaseException):
                raise row
            progress(number / len(flock.rows))
            yield [row.get(key) for key in keys]


@hookimpl
def register_data_sync_types() -> list[DataSyncType]:
    """The source `pigeons`."""
    return [PigeonSync()]


class LabDistance(FieldType):
    """Whole metres."""

    type = "lab_distance"
    kind = Kind.NUMBER

    def column(self, field: Field) -> Column:
        """A number."""
        return Column(sa.Integer())


class LabWords(FieldType, ItemsMixin):
    """A list of texts."""

    type = "lab_words"
    kind = Kind.ARRAY
    can_sort = False

    def column(self, field: Field) -> Column:
        """An array."""
        return Column(pg.ARRAY(sa.Text()))

    def item_kind(self, field: Field) -> Kind:
        """Texts."""
        return Kind.TEXT

    def items(self, field: Field, row: Row) -> Items:
        """The words."""
        words = sa.func.unnest(self.value(field, row)).table_valued("word", name="words").render_derived()
        return Items(Kind.TEXT, words, words.c.word, words.c.word)


class LabEndsWith(FilterType):
    """The text ends with another one."""

    type = "lab_ends_with"
    kinds = frozenset({Kind.TEXT, Kind.SINGLE_SELECT})

    def condition(self, subject: Filtered, value: str) -> Condition:
        """Exactly as it is written."""
        return subject.text.endswith(value, autoescape=True)


@hookimpl
def register_field_types() -> list[FieldType]:
    """One of a kind that filters know, and a list."""
    return [LabDistance(), LabWords()]


@hookimpl
def register_filter_types() -> list[FilterType]:
    """A filter, its opposite, and the same for lists."""
    ends_with = LabEndsWith()
    return [ends_with, Negated("lab_ends_not_with", ends_with), AnyItem("lab_has_ending", ends_with)]


blueprint = Blueprint("lab", __name__, url_prefix="/api/lab")


@blueprint.operation("GET", "/", id="lab_hello", summary="Say hello", description="Says hello.")
def hello() -> dict[str, str]:
    """Hello."""
    return {"hello": "lab"}


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operation `lab_hello`."""
    return [blueprint]


def reset() -> None:
    """Forget everything."""
    for remembered in (created, cleaned, discarded, events, ticks):
        remembered.clear()
    flock.__init__()  # type: ignore[misc]
    started.clear()
    go_on.clear()


@hookimpl
def register_templates() -> list[Template]:
    """One more."""
    return [TEMPLATE]
