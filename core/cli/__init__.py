"""The command line program `tablewright`."""

from core.cli.composition import Composition
from core.cli.program import run

__all__ = ["Composition", "run"]
