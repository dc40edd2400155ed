"""The package `tablewright plugin new` makes: a plugin of some kind, packaging, a test that passes, a README."""

from __future__ import annotations

import keyword
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

import jinja2

from core.plugin_system.discovery import GROUP
from core.plugin_system.skeleton_archive import archive_of
from plugin_api import API_VERSION

_LONGEST = 40
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_TAKEN = re.compile(r"core|public|information_schema|pg_.*")
_TEMPLATES = Path(__file__).parent / "templates"
_USUAL: Mapping[str, str] = {
    "pyproject.toml": "pyproject.toml.jinja",
    "README.md": "README.md.jinja",
    "{module}.py": "{kind}/module.py.jinja",
    "tests/test_{name}.py": "{kind}/test.py.jinja",
}


@dataclass(frozen=True)
class Kind:
    """A kind of plugin; the keys are explained where they are kept, in `templates/kinds.toml`."""

    what: str
    files: Mapping[str, str] = field(default_factory=lambda: _USUAL)
    packages: tuple[str, ...] = ()
    package_data: str = ""
    archive: str = ""


@cache
def kinds() -> Mapping[str, Kind]:
    """The kinds of plugins that can be begun, by the names `--kind` takes."""
    return {name: Kind(**given) for name, given in tomllib.loads((_TEMPLATES / "kinds.toml").read_text()).items()}


def write(name: str, folder: Path, kind: str = "field") -> Path:
    """Make the package in `folder`; answers its own folder. ValueError for a name no plugin can have, or a kind."""
    _check(name)
    found = kinds().get(kind)
    if found is None:
        raise ValueError(f"there are no plugins of the kind {kind[:60]!r}; choose one of {', '.join(kinds())}")
    names = _names(name, kind)
    target = folder / names["package"]
    if target.exists():
        raise FileExistsError(f"{target} is there already")
    for path, content in _contents(found, names).items():
        file = target / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return target


def _check(name: str) -> None:
    """Refuse what cannot be the name of a plugin, of its module and of the schema of its tables."""
    if len(name) > _LONGEST or not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ValueError(
            f"{name[:60]!r} cannot be a plugin's name: use at most {_LONGEST} lower case letters and digits,"
            " in words joined by underscores"
        )
    if _TAKEN.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a plugin's name: PostgreSQL or the platform uses it for its own tables")
    if name in {found.name for found in entry_points(group=GROUP)}:
        raise ValueError(f"a plugin called {name!r} is installed already")


def _names(name: str, kind: str) -> dict[str, str]:
    """What a plugin's name is called where, and what kind it is."""
    words, slug = name.replace("_", " "), name.replace("_", "-")
    return {
        "name": name,
        "kind": kind,
        "module": f"tablewright_{name}",
        "package": f"tablewright-{slug}",
        "class_name": "".join(part.capitalize() for part in name.split("_")),
        "title": words.capitalize(),
        "words": words,
        "slug": slug,
    }


def _contents(kind: Kind, names: Mapping[str, str]) -> dict[str, bytes]:
    """The files, by path."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    values: dict[str, Any] = {
        **names,
        "what": kind.what,
        "readme": "README.md" in kind.files,
        "packages": [package.format(**names) for package in kind.packages],
        "package_data": kind.package_data,
        "api": ", ".join(map(str, API_VERSION)),
        "version": version("tablewright"),
    }

    def made(template: str) -> str:
        return environment.get_template(template.format(**names)).render(values)

    files = {path.format(**names): made(template).encode() for path, template in kind.files.items()}
    if kind.archive:
        files[kind.archive.format(**names)] = archive_of(made("{kind}/archive.json.jinja"))
    return files
