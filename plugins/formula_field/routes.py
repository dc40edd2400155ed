"""The HTTP operation on formulas."""

from __future__ import annotations

from typing import Any

from plugin_api.errors import ApiError
from plugin_api.http import Blueprint
from plugin_api.schemas import Schema, Str
from plugins.database.context import table_context
from plugins.database.engine.component import load_component
from plugins.formulas.errors import FormulaError, SelfReference
from plugins.formulas.field import FormulaType
from plugins.formulas.tables import compiled_in

formulas = Blueprint(
    "database_formulas", __name__, url_prefix="/api/database/formula", description="Formulas before they are saved."
)
blueprints: list[Blueprint] = [formulas]


class TypeBody(Schema):
    """A formula and the name of the field it is for."""

    formula = Str(required=True)
    name = Str(required=True, max_length=255)


class TypedFormula(FormulaType):
    """A formula and what is known of its values."""

    formula = Str()


@formulas.operation(
    "POST",
    "/<int:table_id>/type/",
    id="type_formula_field",
    summary="Find out the type of a formula",
    description="Reads a formula as if a field called `name` in this table had it, and answers the type its values"
    " would have. Nothing is stored.",
    body=TypeBody,
    response=TypedFormula,
    errors=(
        "ERROR_TABLE_DOES_NOT_EXIST",
        "ERROR_USER_NOT_IN_GROUP",
        "ERROR_WITH_FORMULA",
        "ERROR_FIELD_SELF_REFERENCE",
        "ERROR_REQUEST_BODY_VALIDATION",
        "PERMISSION_DENIED",
    ),
)
def type_formula(table_id: int, body: dict[str, Any]) -> Any:
    """The type of a formula."""
    where = table_context(table_id, "database.table.formula.type")
    tables = load_component(where.id, where.workspace_id)
    try:
        found = compiled_in(body["formula"], tables, where.id, body["name"]).type
    except SelfReference as error:
        raise ApiError("ERROR_FIELD_SELF_REFERENCE", 400, error.message) from None
    except FormulaError as error:
        raise ApiError("ERROR_WITH_FORMULA", 400, error.message) from None
    return {"formula": body["formula"], **found.json()}
