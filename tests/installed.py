"""For tests of plugins as packages: installing one into a folder, and running the program where it is found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = str(Path(sys.executable).with_name("tablewright"))


def install(folder: Path, name: str, module: str) -> None:
    """What an editable install leaves behind: metadata that names the plugin's entry point."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[tablewright.plugins]\n{name} = {module}\n")


def run_program(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run this checkout's `tablewright` in the folder, with what is installed there, and these as its only settings."""
    ours = ("TABLEWRIGHT_", "DATABASE_URL", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    path = os.pathsep.join([str(folder), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**kept, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **settings}
    command = [PROGRAM, *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)
