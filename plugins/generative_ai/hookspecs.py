"""The hook with which plugins add kinds of model servers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plugin_api.hooks import hookspec

if TYPE_CHECKING:
    from plugins.generative_ai.kinds import ModelType


@hookspec
def register_generative_ai_model_types() -> Iterable[ModelType]:  # type: ignore[empty-body]
    """Kinds of model servers. Example: `return [OpenAi()]`."""
