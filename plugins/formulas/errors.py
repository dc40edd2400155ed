"""What is wrong with a formula, in words for the person who wrote it."""

from __future__ import annotations


class FormulaError(ValueError):
    """A formula that cannot be understood, typed or used. `message` says why and what helps."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class SelfReference(FormulaError):
    """A formula that refers to the field it belongs to."""
