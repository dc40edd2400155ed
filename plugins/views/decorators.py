"""Decorations: how rows are marked (decorators), and what decides the mark of each (value providers)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

import marshmallow as ma

from plugin_api.errors import body_invalid, problem
from plugin_api.platform import registry
from plugin_api.schemas import Schema
from plugin_api.states import active

SchemaClass = type[Schema]
Conf = Mapping[str, Any]


class DecoratorType:
    """A way to mark rows; clients draw it."""

    type: ClassVar[str]


class ValueProviderType:
    """What decides the mark of a row. Clients decide, by settings this type describes.

    conf_schema: the settings, `value_provider_conf`.
    """

    type: ClassVar[str]
    conf_schema: ClassVar[SchemaClass]

    def fields(self, conf: Conf) -> Collection[int]:
        """The ids of the fields the settings name."""
        return ()

    def replaced(self, conf: Conf, fields: Mapping[int, int]) -> dict[str, Any]:
        """The settings with ids of fields replaced; those that are not among `fields` become null."""
        return dict(conf)


def decorator_names() -> list[str]:
    """The types of decorators that may be used now."""
    return [found.type for found in active("decorator_types")]


def provider_names() -> list[str]:
    """The types of value providers that may be used now; "" is none."""
    return ["", *(found.type for found in active("decorator_value_provider_types"))]


def provider_of(name: str) -> ValueProviderType | None:
    """The value provider called `name`; None when there is none, or its plugin is not loaded."""
    found: ValueProviderType | None = registry("decorator_value_provider_types").get(name)
    return found


def checked_conf(name: str, conf: Conf) -> dict[str, Any]:
    """Settings of a value provider as they are stored; 400 when they do not fit. Without a provider there are none."""
    kind = provider_of(name)
    if kind is None:
        if conf:
            raise body_invalid({"value_provider_conf": [problem("invalid", "Without a value provider it has none.")]})
        return {}
    try:
        return dict(kind.conf_schema().load(conf))
    except ma.ValidationError as error:
        raise body_invalid({"value_provider_conf": error.messages}) from None


def fields_of(part: Mapping[str, Any]) -> Collection[int]:
    """The fields that a decoration's settings name."""
    kind = provider_of(part["value_provider_type"])
    return () if kind is None else kind.fields(part["value_provider_conf"])


def with_fields(name: str, conf: Conf, fields: Mapping[int, int]) -> dict[str, Any]:
    """The settings of a value provider with ids of fields replaced; null where a field is not among them."""
    kind = provider_of(name)
    return dict(conf) if kind is None else kind.replaced(conf, fields)
