"""A workspace's own access to AI providers: what is kept of each, what is secret, which models that enables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from core.outbound.addresses import EVERYWHERE, LOOPBACK
from core.settings import Settings
from plugin_api import secrets
from plugin_api.platform import service
from plugin_api.schemas import List, Nested, Schema, Str

log = structlog.get_logger(__name__)

_PURPOSE = "workspace.generative_ai"
_MAX_MODELS, _MAX_TEXT = 200, 2000


def _text() -> Str:
    return Str(allow_blank=True, max_length=_MAX_TEXT)


def _models() -> List:
    return List(Str(max_length=255), max_length=_MAX_MODELS)


class KeyedProvider(Schema):
    """A provider reached with a key."""

    api_key = _text()
    models = _models()


class OrganizedProvider(KeyedProvider):
    """One where a key may belong to an organization."""

    organization = _text()


class HostedProvider(Schema):
    """A provider of one's own, reached at an address."""

    host = _text()
    models = _models()


class AiSettings(Schema):
    """The providers; those left out are not used."""

    openai = Nested(OrganizedProvider)
    anthropic = Nested(KeyedProvider)
    mistral = Nested(KeyedProvider)
    ollama = Nested(HostedProvider)
    openrouter = Nested(OrganizedProvider)


def sealed(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The settings as they are stored: keys encrypted."""
    return {name: _with_key(provider, _seal) for name, provider in given.items()}


def opened(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The stored settings as an admin sees them."""
    return {name: _with_key(provider, _open) for name, provider in stored.items()}


def enabled(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """The models of the providers that have what it takes to reach them."""
    return {name: list(found["models"]) for name, found in _with_instance(stored).items() if found.get("models")}


def usable(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """What it takes to reach the providers with models, keys readable, and the seconds an answer may take."""
    its = service(Settings)
    allowed = its.ai_allow_private_addresses + (LOOPBACK if its.serves_itself_alone else ())
    common = {"seconds": its.ai_timeout_seconds, "private_networks": allowed}
    found = _with_instance(opened(stored))
    return {name: {**common, **provider} for name, provider in found.items() if provider.get("models")}


def _with_instance(stored: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The providers that can be reached: a workspace's own before the one of the whole instance."""
    found = {name: provider for name, provider in _of_instance().items() if _reachable(provider)}
    found.update({name: dict(provider) for name, provider in stored.items() if _reachable(provider)})
    return found


def _reachable(provider: Mapping[str, Any]) -> bool:
    return bool(provider.get("api_key") or provider.get("host") or provider.get("url"))


def _of_instance() -> dict[str, dict[str, Any]]:
    """What the instance's settings give to all workspaces."""
    its = service(Settings)
    openai = {"url": its.ai_openai_url, "api_key": its.ai_openai_api_key, "organization": its.ai_openai_organization}
    anywhere = {"private_networks": (EVERYWHERE,)}  # who runs the instance knows where its servers are
    return {
        "openai": {**openai, **anywhere, "models": its.ai_openai_models},
        "anthropic": {"api_key": its.ai_anthropic_api_key, "models": its.ai_anthropic_models},
        "mistral": {"api_key": its.ai_mistral_api_key, "models": its.ai_mistral_models},
        "ollama": {"host": its.ai_ollama_host, **anywhere, "models": its.ai_ollama_models},
        "openrouter": {"api_key": its.ai_openrouter_api_key, "models": its.ai_openrouter_models},
    }


def _with_key(provider: Mapping[str, Any], change: Any) -> dict[str, Any]:
    key = provider.get("api_key")
    return {**provider, "api_key": change(key)} if key else dict(provider)


def _seal(key: str) -> str:
    return secrets.encrypt(key, _PURPOSE)


def _open(encrypted: str) -> str:
    try:
        return secrets.decrypt(encrypted, _PURPOSE)
    except secrets.SecretLost:
        log.warning("an AI provider's key was encrypted under another secret key; it has to be entered again")
        return ""
