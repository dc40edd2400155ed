"""docs/plugins/tutorial.md, followed to the letter: its commands are run, its blocks of code written where they say."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.runtime.embedded import temporary_folder
from tests.docs.pages import Block, blocks
from tests.environments import Environment, building, clean
from tests.reliability.conftest import Served, assert_gone

pytestmark = pytest.mark.slow

PAGE = "docs/plugins/tutorial.md"
SERVE, URL = "tablewright serve", "http://127.0.0.1:8000"
"""The server of the test takes a free port and a folder of its own; all else is as the page has it."""
MOST_LINES = 60
"""What a programmer is to write at most, commands included."""


class Author:
    """Somebody with a terminal, in an environment where the product is installed."""

    def __init__(self, environment: Environment, folder: Path, data: Path) -> None:
        class Product(Served):
            program = (environment.program,)

        self.folder, self.lines, self.output = folder, 0, ""
        self._start = lambda: Product(data, PYTHONPATH="")
        self._bin = Path(environment.program).parent
        self.server: Served | None = None
        pip = self._bin / "pip"
        pip.write_text(f'#!/bin/sh\nexec {shlex.join(environment.pip_command)} "$@" {shlex.join(building())}\n')
        pip.chmod(0o755)

    def follow(self, block: Block) -> None:
        """Do what a block of the page says."""
        if block.language == "text":
            assert self.output.strip() == block.text.strip()
            return
        self.lines += len([line for line in block.text.splitlines() if line.strip()])
        if block.language == "python":
            self._write(block.text)
        elif block.text.strip() == SERVE:
            self.server = self._start()
            self.server.wait_ready()
        else:
            self._run(block.text)

    def _write(self, text: str) -> None:
        first, _, rest = text.partition("\n")
        found = re.fullmatch(r"# ([\w/]+\.py)", first)
        assert found, f"a block does not say which file it is: {first}"
        self.lines -= 1
        url = self.server.url if self.server else URL
        (self.folder / found[1]).write_text(rest.replace(URL, url))

    def _run(self, commands: str) -> None:
        """All commands of a page are typed into one terminal: where one goes, the next ones are."""
        path = f"{self._bin}:/usr/local/bin:/usr/bin:/bin"
        script = f"set -eu\n{commands}\necho; pwd"
        done = subprocess.run(
            ["sh", "-c", script], cwd=self.folder, env=clean(PATH=path), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
        self.output, _, folder = done.stdout.rstrip().rpartition("\n")
        self.folder = Path(folder)

    def stop(self) -> None:
        """Close the terminals."""
        if self.server is not None:
            below = self.server.descendants()
            self.server.stop()
            assert_gone(below)


@contextmanager
def author(wheels: list[Path], folder: Path) -> Iterator[Author]:
    """An author who has installed the product alone."""
    environment = Environment(folder / "environment")
    environment.install_product(wheels[0])
    home = folder / "home"
    home.mkdir()
    with temporary_folder() as data:
        made = Author(environment, home, data / "data")
        try:
            yield made
        finally:
            made.stop()


def test_the_tutorial_leads_to_a_row_with_a_value_of_the_new_type(wheels: list[Path], tmp_path: Path) -> None:
    steps = blocks(PAGE)
    assert [step.language for step in steps].count("text") == 1 and steps[-1].language == "text"
    with author(wheels, tmp_path) as reader:
        for step in steps:
            reader.follow(step)
    assert reader.lines <= MOST_LINES
