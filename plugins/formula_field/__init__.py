"""The field type `formula`, and the operation that tells a formula's type before it is saved."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.fields import FieldType
from plugin_api.http import Blueprint
from plugin_api.periodic import PeriodicTask
from plugin_api.permissions import Operation

plugin = Plugin(
    name="formula_field",
    version="1.0",
    title="Formula",
    description="Fields whose values a formula computes from other fields.",
    api=(1, 0),
    requires=("database", "formulas"),
)


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `formula`."""
    from plugins.formula_field.field import FormulaField

    return [FormulaField()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The operation on formulas."""
    from plugins.formula_field.routes import blueprints

    return blueprints


@hookimpl
def register_operations() -> list[Operation]:
    """What needs permission."""
    return [Operation("database.table.formula.type", "BUILDER")]


@hookimpl
def register_periodic_tasks() -> list[PeriodicTask]:
    """Formulas that change with time."""
    from plugins.formula_field.refresh import TASKS

    return TASKS
