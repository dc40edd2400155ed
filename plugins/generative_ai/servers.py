"""The kinds of model servers that come with the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from plugins.generative_ai.client import ask_json
from plugins.generative_ai.kinds import AiFailed, AiMisconfigured, ModelType

_ANTHROPIC_VERSION = "2023-06-01"
_MAX_TOKENS = 4096


class _ChatServer(ModelType):
    """A server that speaks OpenAI's chat completions."""

    url: ClassVar[str]

    def ask(
        self, settings: Mapping[str, Any], model: str, prompt: str, temperature: float | None, attempts: int
    ) -> str:
        """One message of the user, one of the model."""
        body: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": prompt}], "stream": False}
        if temperature is not None:
            body["temperature"] = self.limited(temperature)
        url = str(settings.get("url") or self.url).rstrip("/") + "/chat/completions"
        told = ask_json(url, body, self.headers(settings), settings, attempts)
        return _text_at(told, "choices", 0, "message", "content")

    def headers(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """The key, where there is one: servers of one's own often need none."""
        key = settings.get("api_key")
        return {"Authorization": f"Bearer {_header(key)}"} if key else {}


class OpenAi(_ChatServer):
    """OpenAI, and every server that speaks its language."""

    type = "openai"
    url = "https://api.openai.com/v1"

    def headers(self, settings: Mapping[str, Any]) -> dict[str, str]:
        """The key and the organization it belongs to."""
        organization = settings.get("organization")
        more = {"OpenAI-Organization": _header(organization)} if organization else {}
        return {**super().headers(settings), **more}


class OpenRouter(_ChatServer):
    """OpenRouter, which passes questions on to models of many providers."""

    type = "openrouter"
    url = "https://openrouter.ai/api/v1"


class Mistral(_ChatServer):
    """Mistral."""

    type = "mistral"
    url = "https://api.mistral.ai/v1"
    max_temperature = 1.0


class Anthropic(ModelType):
    """Anthropic."""

    type = "anthropic"
    url: ClassVar[str] = "https://api.anthropic.com/v1"
    max_temperature = 1.0

    def ask(
        self, settings: Mapping[str, Any], model: str, prompt: str, temperature: float | None, attempts: int
    ) -> str:
        """One message of the user; the texts of the answer together."""
        body: dict[str, Any] = {
            "model": model,
            "max_tokens": _MAX_TOKENS,
            "messages": [{"role": "user", "content": prompt}],
        }
        if temperature is not None:
            body["temperature"] = self.limited(temperature)
        headers = {"x-api-key": _header(settings.get("api_key") or ""), "anthropic-version": _ANTHROPIC_VERSION}
        url = str(settings.get("url") or self.url).rstrip("/") + "/messages"
        told = ask_json(url, body, headers, settings, attempts)
        parts = told.get("content")
        texts = [part.get("text") for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
        if not any(isinstance(text, str) for text in texts):
            raise AiFailed("The model server answered without a text.")
        return "".join(text for text in texts if isinstance(text, str))


class Ollama(ModelType):
    """A server of one's own that runs Ollama."""

    type = "ollama"
    max_temperature = 1.0

    def ask(
        self, settings: Mapping[str, Any], model: str, prompt: str, temperature: float | None, attempts: int
    ) -> str:
        """One prompt, answered in one piece."""
        body: dict[str, Any] = {"model": model, "prompt": prompt, "stream": False}
        if temperature is not None:
            body["options"] = {"temperature": self.limited(temperature)}
        url = str(settings.get("host", "")).rstrip("/") + "/api/generate"
        told = ask_json(url, body, {}, settings, attempts)
        return _text_at(told, "response")


def _text_at(value: Any, *path: str | int) -> str:
    """The text in a place of a server's answer."""
    for key in path:
        inside = isinstance(value, dict) and key in value or isinstance(value, list) and key == 0 and value
        value = value[key] if inside else None
    if not isinstance(value, str):
        raise AiFailed("The model server answered without a text.")
    return value


def _header(value: str) -> str:
    """A value that can stand in a header; keys are copied with all kinds of things around them."""
    text = value.strip()
    if not text.isascii() or not text.isprintable():
        raise AiMisconfigured("The key or the organization has characters that no key has.")
    return text
