"""What clients send and get about jobs."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields as mf

from core.db.models import Job
from core.jobs.states import FILTERS
from plugin_api.errors import problem
from plugin_api.schemas import MAX_INT, Schema, Str, as_int, invalid

_MOST_IDS = 1000


class States(Str):
    """States by commas; `!finished` leaves one out."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        words = [word.strip() for word in super()._deserialize(value, attr, data, **kwargs).split(",")]
        for word in words:
            if word.removeprefix("!") not in FILTERS:
                raise invalid("invalid", f'State "{word[:50]}" is not one of {", ".join(FILTERS)}, or one after a "!".')
        return words


class JobIds(Str):
    """Ids by commas."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        words = super()._deserialize(value, attr, data, **kwargs).split(",")
        ids = [as_int(word) for word in words]
        if None in ids or len(ids) > _MOST_IDS or any(abs(found) > MAX_INT for found in ids if found is not None):
            raise invalid("invalid", f"Give at most {_MOST_IDS} ids of jobs, separated by commas.")
        return ids


class ListQuery(Schema):
    """Which of the user's jobs to list."""

    states = States(metadata={"description": "States by commas, such as `pending,failed` or `!finished`."})
    job_ids = JobIds(metadata={"description": "Ids by commas."})

    @ma.post_load
    def as_conditions(self, values: dict[str, Any], **_: Any) -> list[Any]:
        """The conditions in SQL."""
        conditions: list[Any] = []
        chosen = [word for word in values.get("states", ()) if not word.startswith("!")]
        refused = [word[1:] for word in values.get("states", ()) if word.startswith("!")]
        if chosen:
            conditions.append(Job.state.in_(chosen))
        if refused:
            conditions.append(Job.state.not_in(refused))
        if "job_ids" in values:
            conditions.append(Job.id.in_(values["job_ids"]))
        return conditions


class JobAnswer(Schema):
    """A job; its type adds keys about what it works on and what came of it."""

    id = mf.Integer()
    type = mf.String()
    progress_percentage = mf.Integer(metadata={"description": "0 to 100."})
    state = mf.String(
        metadata={"description": "pending, finished, failed, cancelled; anything else says what is being done."}
    )
    human_readable_error = mf.String(metadata={"description": "Why it failed, for people; empty otherwise."})


class JobList(Schema):
    """Jobs, latest first."""

    jobs = mf.List(mf.Nested(JobAnswer))


_NO_TYPE = {"null": [problem("required", "This field is required.")]}


class NewJob(Schema):
    """A job to start; its type asks for further keys."""

    class Meta:
        unknown = ma.INCLUDE

    type = Str(
        required=True,
        error_messages=_NO_TYPE,
        metadata={"description": "The job's type, such as `duplicate_application`."},
    )
