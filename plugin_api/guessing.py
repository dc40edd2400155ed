"""Limits of guessing: whoever tries passwords or other secrets is stopped for a while after too many wrong ones."""

from __future__ import annotations

from typing import Protocol

from plugin_api.platform import service


class GuessingLimits(Protocol):
    """The service that counts wrong guesses by what is guessed and from which address."""

    def refuse(self, secret: str) -> None:
        """429 ERROR_TOO_MANY_LOGIN_ATTEMPTS when there were too many wrong guesses in the last minute."""

    def wrong(self, secret: str) -> None:
        """Count a wrong guess."""


def refuse_guessing(secret: str) -> None:
    """429 after too many wrong guesses of a secret from one address. Name secrets such as "view/17"."""
    service(GuessingLimits).refuse(secret)


def count_wrong_guess(secret: str) -> None:
    """Count a wrong guess of a secret from this address; it counts even though the request is refused."""
    service(GuessingLimits).wrong(secret)
