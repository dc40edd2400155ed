"""The job that has a model write the values of rows: asked outside of transactions, each answer stored at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from plugin_api import context, events
from plugin_api.db import connection, savepoint, unit_of_work
from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugin_api.jobs import JobFailed, JobRun, JobType
from plugins.ai_field import prompts
from plugins.ai_field.answers import chosen, with_choices
from plugins.ai_field.field import is_choice
from plugins.database.context import TableContext, table_of_field
from plugins.database.rows.service import update_rows
from plugins.database.shape import shape_of
from plugins.generative_ai.access import Model, model_of
from plugins.generative_ai.kinds import AiFailed, AiMisconfigured

JOB = "generate_ai_values"
OPERATION = "database.table.update_row"
_CHUNK = 20
_ATTEMPTS = 3
_IN_A_ROW = 3
_NO_ROW = "ERROR_ROW_DOES_NOT_EXIST"


def ai_field(field_id: int) -> tuple[TableContext, Field]:
    """An AI field and its table as they are now; 404 when it is none, refused to those who may not write rows."""
    where = table_of_field(field_id, OPERATION)
    field = shape_of(where).by_id.get(field_id)
    if field is None or field.type != "ai":
        raise ApiError("ERROR_FIELD_DOES_NOT_EXIST", 404, "The requested AI field does not exist.")
    return where, field


def model_of_field(where: TableContext, field: Field) -> Model:
    """The field's model; 400 when the workspace may not use it (any more)."""
    options = field.options
    return model_of(where.workspace_id, options.get("ai_generative_ai_type"), options.get("ai_generative_ai_model"))


class GenerateAiValuesJob(JobType):
    """Asks the field's model for the value of each row. What was written stays when the job is cancelled or fails."""

    type = JOB
    parallel = True

    def run(self, job: JobRun) -> None:
        """Chunk by chunk; a row that fails does not stop the others, a wrong setting does."""
        group = context.current().undo_group_id or str(uuid4())
        with context.changed(undo_group_id=group):
            _Generation(job).run()

    def serialize(self, params: Mapping[str, Any], result: Mapping[str, Any]) -> dict[str, Any]:
        """What was asked for, and at the end which rows got no value, with the reasons."""
        return {
            "field_id": params["field_id"],
            "row_ids": params["row_ids"],
            "failed_rows": result.get("failed_rows", []),
        }


class _Generation:
    """One run of the job."""

    def __init__(self, job: JobRun) -> None:
        self._job = job
        self._field_id: int = job.params["field_id"]
        self._failed: list[dict[str, Any]] = []
        self._in_a_row = 0

    def run(self) -> None:
        row_ids: list[int] = self._job.params["row_ids"]
        done = 0
        for start in range(0, len(row_ids), _CHUNK):
            chunk = row_ids[start : start + _CHUNK]
            model, asked = self._questions(chunk)
            for row_id in chunk:
                self._job.progress(100 * done / len(row_ids))
                self._one(model, row_id, asked.get(row_id))
                done += 1
        self._job.result({"failed_rows": self._failed})

    def _questions(self, row_ids: Sequence[int]) -> tuple[Model, dict[int, str]]:
        """The model and the prompts of rows, read in one query, and the transaction ended."""
        where, field = ai_field(self._field_id)
        model = model_of_field(where, field)
        _require_answerable(field)
        texts = dict(_texts(where, field, row_ids))
        unit_of_work().commit()
        prompt = str(field.options["ai_prompt"])
        made = {row_id: prompts.evaluate(prompt, found) for row_id, found in texts.items()}
        choice = is_choice(field)
        return model, {
            row_id: with_choices(text, field.select_options) if choice else text for row_id, text in made.items()
        }

    def _one(self, model: Model, row_id: int, question: str | None) -> None:
        """Ask for one row's value and store it."""
        if question is None:
            self._fail(row_id, "The row is not there any more.")
            return
        _, field = ai_field(self._field_id)
        unit_of_work().commit()
        temperature = field.options.get("ai_temperature")
        try:
            answer = model.ask(question, temperature, _ATTEMPTS)
        except AiMisconfigured as error:
            self._fail(row_id, str(error))
            raise JobFailed(str(error)) from None
        except AiFailed as error:
            self._fail(row_id, str(error))
            self._in_a_row += 1
            if self._in_a_row >= _IN_A_ROW:
                raise JobFailed(f"The model failed {_IN_A_ROW} times in a row: {error}") from None
            return
        self._in_a_row = 0
        self._store(row_id, answer)

    def _store(self, row_id: int, answer: str) -> None:
        """Write the value as the user who wants it; the field may have changed while the model was thinking."""
        where, field = ai_field(self._field_id)
        value: Any = chosen(answer, field.select_options) if is_choice(field) else answer.replace("\0", "")
        if value is None:
            self._fail(row_id, f"The model answered what is no option of the field: {answer[:100]!r}.")
            return
        try:
            with savepoint():
                update_rows(where, [{"id": row_id, field.column: value}], names=False, single=True)
        except ApiError as error:
            if error.code != _NO_ROW:
                raise
            self._fail(row_id, "The row is not there any more.")
        unit_of_work().commit()

    def _fail(self, row_id: int, reason: str) -> None:
        """Keep that a row got no value, and tell those who look at the table."""
        self._failed.append({"id": row_id, "error": reason})
        where, _ = ai_field(self._field_id)
        payload = {"table_id": where.id, "field_id": self._field_id, "row_ids": [row_id], "error": reason}
        events.emit("rows_ai_values_generation_error", payload, where.workspace_id)
        unit_of_work().commit()


def _require_answerable(field: Field) -> None:
    """End the job when no model could answer what the field asks."""
    if not field.options.get("ai_prompt"):
        raise JobFailed("The field has no prompt.")
    if is_choice(field) and not field.select_options:
        raise JobFailed("The field has no options to choose from.")


def _texts(where: TableContext, field: Field, row_ids: Sequence[int]) -> Iterator[tuple[int, dict[int, str]]]:
    """For each row that is there, the texts of the fields the prompt reads: one query."""
    shape = shape_of(where)
    wanted = sorted(prompts.field_ids(str(field.options["ai_prompt"])))
    unknown = [field_id for field_id in wanted if field_id not in shape.by_id]
    if unknown:
        raise JobFailed("The prompt reads a field that is not in the table any more.")
    read = [shape.by_id[field_id] for field_id in wanted]
    columns = [shape.type_of(found).text(found, shape.row).label(found.column) for found in read]
    query = sa.select(shape.row.c.id, *columns)
    chosen_rows = query.where(shape.row.c.id.in_(row_ids), shape.row.c.trashed_on.is_(None))
    for row in connection().execute(chosen_rows):
        yield row.id, {found.id: text or "" for found, text in zip(read, row[1:], strict=True)}
