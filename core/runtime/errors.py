"""Why a process of the product cannot start, in words for the person who started it."""

from __future__ import annotations


class StartError(Exception):
    """Something must be put right before this can run; the message says what and how."""


class Refusal(StartError):
    """A StartError that stays as it is, however often it is tried: the supervisor gives up at once."""
