"""The parts of a parsed formula. `start` and `end` are places in its text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Name:
    """The name of a field as written: a quoted text at a place."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class TextNode:
    """A text in quotes."""

    value: str
    start: int
    end: int
    depth: int = 1


@dataclass(frozen=True)
class NumberNode:
    """A number as written; its decimal places are those of the text."""

    value: Decimal
    depth: int = 1


@dataclass(frozen=True)
class BooleanNode:
    """`true` or `false`."""

    value: bool
    depth: int = 1


@dataclass(frozen=True)
class FieldNode:
    """`field('name')`."""

    name: Name
    depth: int = 1


@dataclass(frozen=True)
class LookupNode:
    """`lookup('link', 'name')`."""

    link: Name
    target: Name
    depth: int = 1


@dataclass(frozen=True)
class CallNode:
    """A function with its arguments; operators are calls of the functions they stand for."""

    function: str
    args: tuple[Node, ...]
    depth: int


Node = TextNode | NumberNode | BooleanNode | FieldNode | LookupNode | CallNode
