"""Generative AI: the kinds of model servers, and asking a model that a workspace may use.

Other plugins use `plugins.generative_ai.access`; `register_generative_ai_model_types` adds kinds of servers.
"""

from __future__ import annotations

from plugin_api import Plugin, hookimpl
from plugin_api.registry import RegistrySpec
from plugins.generative_ai import hookspecs
from plugins.generative_ai.kinds import ModelType

plugin = Plugin(
    name="generative_ai",
    version="1.0",
    title="Generative AI",
    description="Text from models on OpenAI-compatible servers, Anthropic, Mistral, OpenRouter and Ollama.",
    api=(1, 0),
    hookspecs=hookspecs,
    registries=(
        RegistrySpec(
            "generative_ai_model_types",
            "register_generative_ai_model_types",
            of="plugins.generative_ai.kinds:ModelType",
        ),
    ),
)


@hookimpl
def register_generative_ai_model_types() -> list[ModelType]:
    """The kinds of servers a workspace can be given access to."""
    from plugins.generative_ai.servers import Anthropic, Mistral, Ollama, OpenAi, OpenRouter

    return [OpenAi(), Anthropic(), Mistral(), Ollama(), OpenRouter()]
