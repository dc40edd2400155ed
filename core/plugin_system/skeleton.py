"""The package `tablewright plugin new` makes: a field type in one file, packaging, a test, a README."""

from __future__ import annotations

import keyword
import re
from importlib.metadata import version
from pathlib import Path
from string import Template

from plugin_api import API_VERSION

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TEMPLATES = Path(__file__).parent / "templates"
_FILES = {
    "pyproject.toml": "pyproject.toml.txt",
    "README.md": "README.md.txt",
    "tablewright_{name}.py": "plugin.py.txt",
    "tests/test_{name}.py": "test.py.txt",
}


def write(name: str, folder: Path) -> Path:
    """Make the package in `folder`; answers its own folder. ValueError for a name no plugin can have."""
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ValueError(f"{name[:60]!r} cannot be a plugin's name: use lower case letters, digits and underscores")
    target = folder / f"tablewright-{name.replace('_', '-')}"
    if target.exists():
        raise FileExistsError(f"{target} is there already")
    words = name.replace("_", " ")
    values = {
        "name": name,
        "class_name": "".join(part.capitalize() for part in name.split("_")),
        "title": words.capitalize(),
        "words": words,
        "api": ", ".join(map(str, API_VERSION)),
        "version": version("tablewright"),
        "package": target.name,
    }
    for path, template in _FILES.items():
        file = target / path.format(name=name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template((_TEMPLATES / template).read_text(encoding="utf-8")).substitute(values), "utf-8")
    return target
