"""An environment as a stranger has it: the product and plugins installed from wheels, apart from this checkout.

Libraries are those of the environment the tests run in, so that nothing has to be downloaded for them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path

from tests.installed import ROOT

_SOURCES = ("app.py", "setup.cfg", "pyproject.toml", "README.md", "LICENSE", "core", "plugin_api", "plugins")
_OURS = ("TABLEWRIGHT_", "DATABASE_URL", "REDIS_URL", "PYTHON")
_BUILDS = 77
"""The version of setuptools that packages ask for. Where ours is older, pip fetches one to build with."""


def clean(**more: str) -> dict[str, str]:
    """The variables of our process, without settings and without what it imports from."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith(_OURS)}, **more}


@cache
def building() -> tuple[str, ...]:
    """Options for pip where it builds packages."""
    return ("--no-build-isolation",) if int(version("setuptools").split(".")[0]) >= _BUILDS else ()


def build(source: Path, into: Path) -> Path:
    """The wheel of a package."""
    command = [sys.executable, "-m", "pip", "-q", "wheel", "--no-deps", *building(), "-w", str(into), str(source)]
    done = subprocess.run(command, env=clean(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (wheel,) = into.glob(f"{source.name.replace('-', '_')}-*.whl")
    return wheel


def build_all(folder: Path, *packages: Path) -> list[Path]:
    """The wheels of this product and of other packages, built in this folder: the product's comes first."""
    copy = folder / "tablewright"
    copy.mkdir()
    for name in _SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda source: build(source, folder), [copy, *packages]))


class Environment:
    """A virtual environment, empty but for the libraries of the one the tests run in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        venv.create(folder, with_pip=False, symlinks=True)
        self.python = folder / "bin" / "python"
        self.program = str(folder / "bin" / "tablewright")
        self.pip_command = [sys.executable, "-m", "pip", "--python", str(self.python)]
        site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)}))
        (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def pip(self, *arguments: str) -> None:
        """Run pip on the environment; nothing is fetched."""
        command = [*self.pip_command, "-q", *arguments, "--no-index"]
        done = subprocess.run(command, env=clean(), capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr

    def install_product(self, wheel: Path) -> None:
        """Install the product, whichever version of it the libraries come with."""
        self.pip("install", "--no-deps", "--ignore-installed", str(wheel))

    def install(self, *wheels: Path) -> None:
        """Install plugins; what they depend on must be there."""
        self.pip("install", *map(str, wheels))

    def run(self, *arguments: str, cwd: Path | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the installed program."""
        command = [self.program, *arguments]
        env = clean(**settings)
        return subprocess.run(command, cwd=cwd or self.folder, env=env, capture_output=True, text=True, timeout=300)
