"""Which models a workspace may use, and asking one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from plugin_api.errors import ApiError
from plugin_api.platform import registry
from plugin_api.states import is_enabled
from plugins.generative_ai.kinds import ModelType

REGISTRY = "generative_ai_model_types"
NO_TYPE, NO_MODEL = "ERROR_GENERATIVE_AI_DOES_NOT_EXIST", "ERROR_MODEL_DOES_NOT_BELONG_TO_TYPE"
ERRORS = (NO_TYPE, NO_MODEL)
"""The codes of refusals to use a model."""


@dataclass(frozen=True)
class Model:
    """A model that may be used, with what it takes to reach it."""

    kind: ModelType
    name: str
    settings: Mapping[str, Any] = field(repr=False)

    def ask(self, prompt: str, temperature: float | None = None, attempts: int = 1) -> str:
        """The model's answer; AiFailed when there is none. It waits for the server: commit before."""
        return self.kind.ask(self.settings, self.name, prompt, temperature, attempts)


def model_type(type_name: str | None) -> ModelType:
    """A kind of model server; 400 when there is none of that name."""
    found: ModelType | None = registry(REGISTRY).get(type_name or "")
    if found is None or not is_enabled(registry(REGISTRY).provider(found.type)):
        raise ApiError(NO_TYPE, 400, f"There is no kind of AI models called {str(type_name or '')[:100]!r}.")
    return found


def model_of(workspace_id: int, type_name: str | None, name: str | None) -> Model:
    """A model that a workspace may use; 400 when it may not. One query."""
    kind = model_type(type_name)
    settings = kind.access(workspace_id)
    if settings is None or name not in settings.get("models", ()):
        message = f"The model {str(name or '')[:100]!r} of {kind.type} is not set up for this workspace."
        raise ApiError(NO_MODEL, 400, message)
    return Model(kind, str(name), settings)
