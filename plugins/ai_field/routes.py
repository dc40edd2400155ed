"""The HTTP operations: values and formulas written by a model."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from plugin_api import jobs
from plugin_api.db import connection
from plugin_api.errors import does_not_exist
from plugin_api.http import Blueprint
from plugin_api.schemas import Int, List, Schema, Str
from plugins.ai_field.formulas import NO_ANSWER, NO_FORMULA, write_formula
from plugins.ai_field.jobs import JOB, ai_field, model_of_field
from plugins.ai_field.options import Temperature
from plugins.database.shape import shape_of
from plugins.generative_ai.access import ERRORS

MAX_ROWS = 200

ai = Blueprint("ai_fields", __name__, url_prefix="/api/database/fields", description="Values and formulas from models.")
blueprints: list[Blueprint] = [ai]


class RowsBody(Schema):
    """The rows to write values for."""

    row_ids = List(Int(), required=True, max_length=MAX_ROWS)


class WishBody(Schema):
    """What a formula is to do, and which model is asked."""

    ai_type = Str(required=True)
    ai_model = Str(required=True)
    ai_prompt = Str(required=True, max_length=1000)
    ai_temperature = Temperature(load_default=None, allow_none=True)


class FormulaAnswer(Schema):
    """A formula, not checked yet."""

    formula = Str()


@ai.operation(
    "POST",
    "/<int:field_id>/generate-ai-field-values/",
    id="generate_table_ai_field_value",
    summary="Have a model write values",
    description="Asks the model of an AI field for the values of up to 200 rows, in the background. The values appear"
    " one by one; the job `generate_ai_values` among your jobs tells how far it is and which rows got none.",
    body=RowsBody,
    status=202,
    errors=(
        "ERROR_FIELD_DOES_NOT_EXIST",
        "ERROR_ROW_DOES_NOT_EXIST",
        "ERROR_USER_NOT_IN_GROUP",
        "PERMISSION_DENIED",
        *ERRORS,
    ),
)
def generate_values(field_id: int, body: dict[str, Any]) -> None:
    """Start the job."""
    where, field = ai_field(field_id)
    model_of_field(where, field)
    row_ids = list(dict.fromkeys(body["row_ids"]))
    if not row_ids:
        return
    row = shape_of(where).row
    there = sa.select(sa.func.count()).select_from(row).where(row.c.id.in_(row_ids), row.c.trashed_on.is_(None))
    if connection().execute(there).scalar_one() != len(row_ids):
        raise does_not_exist("row")
    jobs.start(JOB, field_id=field_id, row_ids=row_ids)


@ai.operation(
    "POST",
    "/table/<int:table_id>/generate-ai-formula/",
    id="generate_formula_with_ai",
    summary="Have a model write a formula",
    description="Tells a model what the table's fields are and what a formula is to do, and answers the formula it"
    " writes. Nothing is stored, and the formula is not checked: make a field with it, or ask for its type.",
    body=WishBody,
    response=FormulaAnswer,
    errors=(
        "ERROR_TABLE_DOES_NOT_EXIST",
        "ERROR_USER_NOT_IN_GROUP",
        "PERMISSION_DENIED",
        *ERRORS,
        NO_ANSWER,
        NO_FORMULA,
    ),
)
def generate_formula(table_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Ask for a formula."""
    formula = write_formula(table_id, body["ai_type"], body["ai_model"], body["ai_prompt"], body["ai_temperature"])
    return {"formula": formula}
