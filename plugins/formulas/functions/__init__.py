"""The functions of the language, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from plugins.formulas.functions import dates, lists, logic, numbers, objects, operators, texts
from plugins.formulas.functions.base import Function

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        function.name: function
        for module in (texts, numbers, operators, logic, dates, lists, objects)
        for function in module.FUNCTIONS
    }
)
"""All functions; operators are functions with names such as `add`."""
