"""The public surface of plugin_api as text, a fact a line, kept in `kept/`, so that no change of it goes unnoticed.

    python -m tests.architecture.surface             says what has changed since it was kept
    python -m tests.architecture.surface --write     keeps it, if API_VERSION says what changed since the release before

Read from the sources, without importing them: what has no leading underscore is public, what is imported is not.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).parent / "kept"
RELEASED = "1.0"
"""The newest version that plugins in the world may have been written for; a release sets it to its own."""

Version = tuple[int, int]
_DUNDERS = ("__init__", "__call__", "__enter__", "__exit__", "__iter__", "__len__", "__getitem__", "__contains__")


def surface(package: Path) -> list[str]:
    """All public facts of the package in a folder, sorted."""
    facts: set[str] = set()
    for file in package.rglob("*.py"):
        parts = [*file.relative_to(package.parent).with_suffix("").parts]
        if not any(part.startswith("_") and part != "__init__" for part in parts):
            name = ".".join(parts).removesuffix(".__init__")
            facts |= {f"module {name}", *_members(ast.parse(file.read_text("utf-8")).body, name)}
    return sorted(facts)


def _members(body: Iterable[ast.stmt], owner: str) -> Iterator[str]:
    """What the statements of a module or a class define."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if _public(node.name):
                yield from _function(node, owner)
        elif isinstance(node, ast.ClassDef):
            if _public(node.name):
                yield from _class(node, owner)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if _public(node.target.id):
                yield f"{owner}.{node.target.id}: {ast.unparse(node.annotation)}{_default(node.value)}"
        elif isinstance(node, ast.Assign):
            yield from (f"{owner}.{found}" for found in _names(node.targets) if _public(found))
        if isinstance(node, ast.Assign) and _names(node.targets) == ["__all__"]:
            yield from (f"{owner}.{found}" for found in ast.literal_eval(node.value))


def _public(name: str) -> bool:
    return not name.startswith("_") or name in _DUNDERS


def _names(targets: Iterable[ast.expr]) -> list[str]:
    return [found.id for target in targets for found in ast.walk(target) if isinstance(found, ast.Name)]


def _default(value: ast.expr | None) -> str:
    return "" if value is None else f" = {ast.unparse(value)}"


def _class(node: ast.ClassDef, owner: str) -> Iterator[str]:
    name = f"{owner}.{node.name}"
    marks = [f"@{ast.unparse(mark)} " for mark in node.decorator_list]
    yield f"{name}: {''.join(marks)}class({', '.join(map(ast.unparse, node.bases))})"
    yield from _members(node.body, name)
    for method in node.body:
        if isinstance(method, ast.FunctionDef) and method.name == "__init__":
            kept = {found.attr for found in ast.walk(method) if _is_own_attribute(found)}
            yield from (f"{name}.{found}" for found in kept if _public(found))


def _is_own_attribute(node: ast.AST) -> bool:
    stored = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    return stored and isinstance(node.value, ast.Name) and node.value.id == "self"


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, owner: str) -> Iterator[str]:
    name = f"{owner}.{node.name}"
    marks = "".join(f"@{ast.unparse(mark)} " for mark in node.decorator_list)
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    yield f"{name}: {marks}{kind} -> {ast.unparse(node.returns) if node.returns else '?'}"
    args, places = node.args, [*node.args.posonlyargs, *node.args.args]
    defaults = [None] * (len(places) - len(args.defaults)) + list(args.defaults)
    for place, (found, value) in enumerate(zip(places, defaults, strict=True)):
        if found.arg not in ("self", "cls"):
            yield f"{name}({place} {_argument(found)}{_default(value)})"
    for found, value in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield f"{name}(* {_argument(found)}{_default(value)})"
    for mark, rest in (("*", args.vararg), ("**", args.kwarg)):
        if rest is not None:
            yield f"{name}({mark}{_argument(rest)})"


def _argument(found: ast.arg) -> str:
    return found.arg if found.annotation is None else f"{found.arg}: {ast.unparse(found.annotation)}"


def breaking(before: Iterable[str], after: Iterable[str], judged: Iterable[str] = ()) -> list[str]:
    """The facts whose change can break plugins: those that went, but for `judged` ones, and arguments that are needed.

    A new optional argument, member, field or module breaks nobody.
    """
    old, new = set(before), set(after)
    gone = old - new - set(judged)
    known = {fact.partition(":")[0] for fact in old}
    needed = {fact for fact in new - old if _is_needed(fact) and fact.partition("(")[0] in known}
    renamed = {fact.partition("(")[0] for fact in judged}
    return sorted(gone | {fact for fact in needed if fact.partition("(")[0] not in renamed})


def _is_needed(fact: str) -> bool:
    return bool(re.fullmatch(r"[^:(]+\((?:\d+|\*) [^=]+\)", fact))


def needed_version(released: Version, broken: bool, grown: bool) -> Version:
    """The lowest version a surface may have that changed so since a release."""
    if broken:
        return (released[0] + 1, 0)
    return (released[0], released[1] + 1) if grown else released


def kept(version: str) -> list[str]:
    """The surface as it was kept for a version; empty when it was not."""
    file = KEPT / f"{version}.txt"
    return file.read_text("utf-8").splitlines() if file.exists() else []


def judged() -> list[str]:
    """Facts that went since the release, of which somebody saw that no plugin can notice: a reason stands with each."""
    lines = (KEPT / "harmless.txt").read_text("utf-8").splitlines()
    return [line.partition("  # ")[0] for line in lines if line and not line.startswith("#")]


def refusal(now: list[str], version: Version) -> str:
    """Why a surface cannot have a version; empty when it can."""
    released = (int(RELEASED.split(".")[0]), int(RELEASED.split(".")[1]))
    broken = breaking(kept(RELEASED), now, judged())
    lowest = needed_version(released, bool(broken), set(now) != set(kept(RELEASED)))
    if version >= lowest and (not broken or version[1] == 0):
        return ""
    why = "".join(f"\n  {fact}" for fact in broken) or "\n  it has grown"
    return f"plugin_api.API_VERSION must be {lowest[0]}.{lowest[1]} at least, as {RELEASED} was released:{why}"


def differences(before: Iterable[str], after: Iterable[str]) -> list[str]:
    """What came and what went."""
    old, new = set(before), set(after)
    return [*(f"- {fact}" for fact in sorted(old - new)), *(f"+ {fact}" for fact in sorted(new - old))]


def main(arguments: list[str]) -> int:
    """Say what changed, or keep the surface as it is now."""
    from plugin_api import API_VERSION

    now, version = surface(ROOT / "plugin_api"), ".".join(map(str, API_VERSION))
    refused = refusal(now, API_VERSION)
    if refused:
        print(refused, file=sys.stderr)
        return 1
    if "--write" in arguments:
        (KEPT / f"{version}.txt").write_text("".join(f"{fact}\n" for fact in now), "utf-8")
    found = differences(kept(version), now)
    print("\n".join(found) or f"The surface is as it is kept for {version}.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
