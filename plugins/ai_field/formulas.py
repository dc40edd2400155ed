"""Formulas of the table's own language, written by a model from a wish."""

from __future__ import annotations

from collections.abc import Sequence

from plugin_api import actions
from plugin_api.actions import ActionType
from plugin_api.db import unit_of_work
from plugin_api.errors import ApiError
from plugin_api.fields import Field
from plugins.ai_field.answers import json_object
from plugins.database.context import table_context
from plugins.database.shape import shape_of
from plugins.formulas.functions import FUNCTIONS
from plugins.formulas.parser import quoted
from plugins.generative_ai.access import model_of
from plugins.generative_ai.kinds import AiFailed

OPERATION = "database.table.create_field"
GENERATED = "generate_formula_with_ai"
ACTION_TYPES = [
    ActionType(
        GENERATED, 'Formula for table "%(table_name)s" written by %(ai_model)s', title="Generate formula with AI"
    )
]
NO_ANSWER, NO_FORMULA = "ERROR_GENERATIVE_AI_PROMPT", "ERROR_OUTPUT_PARSER"


def write_formula(table_id: int, type_name: str, model_name: str, wish: str, temperature: float | None) -> str:
    """The formula a model writes; 400 when it may not be used, gives no answer, or one that is no formula."""
    where = table_context(table_id, OPERATION)
    model = model_of(where.workspace_id, type_name, model_name)
    fields = shape_of(where).fields
    unit_of_work().commit()
    try:
        answer = model.ask(_prompt(fields, wish), temperature)
    except AiFailed as error:
        raise ApiError(NO_ANSWER, 400, str(error)) from None
    found = json_object(answer) or {}
    formula = found.get("formula")
    if not isinstance(formula, str) or not formula.strip():
        raise ApiError(NO_FORMULA, 400, "The model's answer has no formula in it. Try other words.")
    params = {"table_id": where.id, "table_name": where.name, "ai_type": type_name, "ai_model": model_name}
    actions.record(GENERATED, scope=f"table{where.id}", workspace_id=where.workspace_id, params=params)
    return formula


def _prompt(fields: Sequence[Field], wish: str) -> str:
    """What the model has to know of the language and of the table."""
    listed = "\n".join(f"- field({quoted(field.name)}), of the type {field.type}" for field in fields)
    names = ", ".join(sorted(FUNCTIONS))
    return f"""You write formulas for the fields of a table. The value of a formula is computed for every row.

The language:
- Texts stand in single quotes, a backslash before a quote makes it plain: 'it\\'s'. Numbers are written 12 or 1.5.
- true and false are booleans. Operators: + - * / = != > >= < <=. There are no others; use and(a, b), or(a, b), not(a).
- field('Name') is the value of another field of the row.
- lookup('Link field', 'Name') are the values of a field of all rows that a link_row field links to; functions such as
  sum, avg, count, join, filter make one value of them.
- Numbers and dates become texts with totext(value) before they are joined with texts: concat(a, b, ...).
- if(condition, then, otherwise) chooses; both values have the same type.
- These are all the functions: {names}.

The fields of the table:
{listed}

What the formula is to do: {wish}

Answer with nothing but one JSON object of this form: {{"formula": "the formula"}}"""
