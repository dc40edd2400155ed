"""From the text of a formula to its parts: the grammar, read once by lark (LALR), and its limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, VisitError

from plugins.formulas.errors import FormulaError
from plugins.formulas.nodes import BooleanNode, CallNode, FieldNode, LookupNode, Name, Node, NumberNode, TextNode

MAX_LENGTH = 20_000
MAX_DEPTH = 50
MAX_NODES = 2_000
_MAX_WHOLE_DIGITS = 50
_MAX_PLACES = 30

_GRAMMAR = r"""
    ?start: comparison

    ?comparison: sum
        | comparison "=" sum   -> equal
        | comparison "!=" sum  -> not_equal
        | comparison ">" sum   -> greater_than
        | comparison ">=" sum  -> greater_than_or_equal
        | comparison "<" sum   -> less_than
        | comparison "<=" sum  -> less_than_or_equal
    ?sum: product
        | sum "+" product      -> add
        | sum "-" product      -> minus
    ?product: unary
        | product "*" unary    -> multiply
        | product "/" unary    -> divide
    ?unary: atom
        | "-" unary            -> negative
    ?atom: NUMBER              -> number
        | TEXT                 -> text
        | NAME "(" [comparison ("," comparison)*] ")" -> call
        | NAME                 -> word
        | "(" comparison ")"

    NUMBER: /\d+(\.\d+)?/
    TEXT: /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/s
    NAME: /[A-Za-z_][A-Za-z_0-9]*/
    COMMENT: /\/\/[^\n]*|\/\*.*?\*\//s
    %import common.WS
    %ignore WS
    %ignore COMMENT
"""


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The parts of a formula; FormulaError when it is not one."""
    if len(text) > MAX_LENGTH:
        raise FormulaError(f"A formula can have at most {MAX_LENGTH} characters.")
    if "\0" in text:
        raise FormulaError("A formula cannot contain null characters.")
    try:
        node: Any = _parser().parse(text)
    except VisitError as error:
        if isinstance(error.orig_exc, FormulaError):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise FormulaError(_explained(error, text)) from None
    except LarkError:
        raise FormulaError("The formula cannot be read.") from None
    if sum(1 for _ in walk(node)) > MAX_NODES:
        raise FormulaError(f"The formula is too long: it has more than {MAX_NODES} parts.")
    found: Node = node
    return found


def walk(node: Node) -> Iterator[Node]:
    """The node and all parts below it."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        if isinstance(found, CallNode):
            waiting.extend(found.args)


def quoted(value: str, quote: str = "'") -> str:
    """A text as a formula writes it; `unquoted` gives it back."""
    escaped = re.sub(rf"(\\*)({re.escape(quote)}|\Z)", lambda run: _escape(run), value, count=0)
    return quote + escaped + quote


def unquoted(written: str) -> str:
    """The text that is written in quotes: a backslash before a quote makes it plain, as does one before that one."""
    quote = re.escape(written[0])
    return re.sub(rf"(\\+)({quote}|\Z)", lambda run: run[1][: len(run[1]) // 2] + run[2], written[1:-1])


def _escape(run: re.Match[str]) -> str:
    return run[1] * 2 + ("\\" + run[2] if run[2] else "")


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", propagate_positions=False, maybe_placeholders=False, transformer=_Nodes())


def _explained(error: UnexpectedInput, text: str) -> str:
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        return "The formula is not complete: something is missing at its end, such as a value or a closing bracket."
    line, column = getattr(error, "line", -1), getattr(error, "column", -1)
    where = f"at line {line}, character {column}" if "\n" in text else f"at character {column}"
    if isinstance(error, UnexpectedCharacters):
        found = text[error.pos_in_stream : (error.pos_in_stream or 0) + 1]
        if found in "'\"":
            return f"The text that starts {where} has no closing quote."
        return f"The character {found!r} {where} is not part of the formula language."
    found = str(getattr(error, "token", ""))[:50]
    return f"{found!r} {where} is not expected there; an operator, a comma or a bracket may be missing before it."


@v_args(inline=True)
class _Nodes(Transformer[Token, Node]):
    """Builds the parts bottom-up while the text is parsed, so that nothing recurses."""

    def number(self, token: Token) -> Node:
        whole, _, places = token.partition(".")
        if len(whole.lstrip("0")) > _MAX_WHOLE_DIGITS or len(places) > _MAX_PLACES:
            raise FormulaError(f"The number {token[:30]}... has too many digits.")
        return NumberNode(Decimal(str(token)))

    def text(self, token: Token) -> Node:
        assert token.start_pos is not None and token.end_pos is not None  # set by the lexer
        return TextNode(unquoted(token), token.start_pos, token.end_pos)

    def word(self, token: Token) -> Node:
        if token.lower() in ("true", "false"):
            return BooleanNode(token.lower() == "true")
        raise FormulaError(
            f"{token[:100]!r} is not a value. Write 'text' in quotes, field('name') for a field and "
            f"{token[:100]}(...) for a function."
        )

    def negative(self, node: Node) -> Node:
        return NumberNode(-node.value) if isinstance(node, NumberNode) else _call("negative", (node,))

    def call(self, token: Token, *args: Node) -> Node:
        name = token.lower()
        if name == "field":
            return FieldNode(_names("field", args, 1)[0])
        if name == "lookup":
            link, target = _names("lookup", args, 2)
            return LookupNode(link, target)
        return _call(name, args)

    def equal(self, *args: Node) -> Node:
        return _call("equal", args)

    def not_equal(self, *args: Node) -> Node:
        return _call("not_equal", args)

    def greater_than(self, *args: Node) -> Node:
        return _call("greater_than", args)

    def greater_than_or_equal(self, *args: Node) -> Node:
        return _call("greater_than_or_equal", args)

    def less_than(self, *args: Node) -> Node:
        return _call("less_than", args)

    def less_than_or_equal(self, *args: Node) -> Node:
        return _call("less_than_or_equal", args)

    def add(self, left: Node, right: Node) -> Node:
        """A long chain is one call, so that it is not deep."""
        chained = isinstance(left, CallNode) and left.function == "add"
        return _call("add", (*left.args, right) if chained and isinstance(left, CallNode) else (left, right))

    def minus(self, *args: Node) -> Node:
        return _call("minus", args)

    def multiply(self, *args: Node) -> Node:
        return _call("multiply", args)

    def divide(self, *args: Node) -> Node:
        return _call("divide", args)


def _call(function: str, args: tuple[Node, ...]) -> Node:
    depth = 1 + max((arg.depth for arg in args), default=0)
    if depth > MAX_DEPTH:
        raise FormulaError(f"The formula is nested more than {MAX_DEPTH} levels deep.")
    return CallNode(function, args, depth)


def _names(function: str, args: tuple[Node, ...], count: int) -> list[Name]:
    names = [Name(arg.value, arg.start, arg.end) for arg in args if isinstance(arg, TextNode)]
    if len(names) != count or len(args) != count:
        example = "field('name')" if count == 1 else "lookup('link field', 'field of the linked table')"
        raise FormulaError(f"{function} takes {count} text{'s' * (count > 1)} in quotes: {example}.")
    return names
