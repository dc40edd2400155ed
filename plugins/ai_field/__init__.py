"""The field type `ai`, whose values a model writes, and formulas written by a model."""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.actions import ActionType
from plugin_api.fields import FieldType
from plugin_api.http import Blueprint
from plugin_api.jobs import JobType
from plugin_api.tables import TableExtension

plugin = Plugin(
    name="ai_field",
    version="1.0",
    title="AI field",
    description="Fields whose values a model writes from the other fields of the row.",
    api=(1, 0),
    requires=("database", "generative_ai", "formulas", "long_text_field", "single_select_field"),
)


@hookimpl
def register_field_types() -> list[FieldType]:
    """Provide `ai`."""
    from plugins.ai_field.field import AiField

    return [AiField()]


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """Writing values and formulas."""
    from plugins.ai_field.routes import blueprints

    return blueprints


@hookimpl
def register_action_types() -> list[ActionType]:
    """That a model was asked for a formula."""
    from plugins.ai_field.formulas import ACTION_TYPES

    return ACTION_TYPES


@hookimpl
def register_job_types() -> list[JobType]:
    """Writing values."""
    from plugins.ai_field.jobs import GenerateAiValuesJob

    return [GenerateAiValuesJob()]


@hookimpl
def register_table_extensions() -> list[TableExtension]:
    """Prompts of copied tables."""
    from plugins.ai_field.copies import PromptsOfTables

    return [PromptsOfTables()]
