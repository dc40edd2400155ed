"""Reading what providers say about somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from plugins.oauth2_sign_in.client import FlowError


def claims(value: Any) -> Mapping[str, Any]:
    """An answer that must be an object."""
    if not isinstance(value, dict):
        raise FlowError("the provider does not say who it is")
    return value


def text(said: Mapping[str, Any], key: str) -> str:
    """A text; empty when there is none."""
    value = said.get(key) if key else None
    return value.strip() if isinstance(value, str) else ""


def email(said: Mapping[str, Any], key: str = "email") -> str:
    """The e-mail address, which must be there."""
    found = text(said, key)
    if not found:
        raise FlowError("the provider gives no e-mail address")
    return found


def verified(said: Mapping[str, Any], key: str) -> bool | None:
    """Whether the provider has verified the address; None when it does not say. Some write booleans as texts."""
    value = said.get(key)
    return None if value is None else value is True or value == "true"
