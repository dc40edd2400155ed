"""What is wrong with a formula, in words for the person who wrote it."""

from __future__ import annotations


class FormulaError(ValueError):
    """A formula that cannot be understood, typed or used. `message` says why and what helps.

    dependencies: what the formula refers to all the same, like those of a formula without errors.
    """

    dependencies: frozenset[tuple[int, int | None]] = frozenset()

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SelfReference(FormulaError):
    """A formula that refers to the field it belongs to."""
