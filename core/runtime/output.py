"""What the supervisor shows: the lines of its children with their names before them, or passed on as JSON."""

from __future__ import annotations

import logging
import sys

_SERVERS = ("postgres", "valkey")
# PostgreSQL's words for what an operator should see; the rest, statements that failed included, the application tells.
_SERIOUS = ("WARNING:", "FATAL:", "PANIC:")


class Output:
    """Writes children's lines to the supervisor's own output."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json

    def write(self, name: str, line: str) -> None:
        """Show one line of the child `name`."""
        if name in _SERVERS:
            level = logging.WARNING if line.startswith(_SERIOUS) else logging.DEBUG
            self._log(name, level, line)
        elif not self._as_json:
            print(f"{name:<6} | {line}", file=sys.stderr, flush=True)
        elif line.startswith("{"):
            print(line, file=sys.stderr, flush=True)
        elif line:
            self._log(name, logging.INFO, line)

    def _log(self, name: str, level: int, line: str) -> None:
        logging.getLogger(name).log(level, "%s", line if self._as_json else f"{name}: {line}")

    def banner(self, url: str, details: dict[str, str]) -> None:
        """Tell, once, where the product is to be found."""
        if self._as_json:
            logging.getLogger(__name__).info("ready at %s", url)
            return
        lines = [f"Tablewright is ready:  {url}", *(f"{name}: {value}" for name, value in details.items())]
        print("\n" + "".join(f"    {line}\n" for line in lines), flush=True)
