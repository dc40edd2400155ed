"""A workspace's own access to AI providers: what is kept of each, what is secret, which models that enables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from plugin_api import secrets
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
    ready = {name: found for name, found in stored.items() if found.get("api_key") or found.get("host")}
    return {name: found["models"] for name, found in ready.items() if found.get("models")}


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
