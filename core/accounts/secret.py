"""The secret key that signs tokens: the one of the settings, else one made once and kept in the data folder."""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path

from core.settings import Settings

FILE = "secret_key"


def with_secret_key(settings: Settings) -> Settings:
    """The settings with a secret key in any case."""
    return settings if settings.secret_key else replace(settings, secret_key=kept_key(settings.data_dir))


def kept_key(data_dir: Path) -> str:
    """The key kept in the data folder; made, readable by its owner only, when there is none."""
    path = data_dir / FILE
    if not path.exists():
        _make(path)
    key = path.read_text().strip()
    if len(key) < 32:
        raise ValueError(f"{path} holds no secret key of at least 32 characters; remove it to have a new one made")
    return key


def _make(path: Path) -> None:
    """Write the key aside and link it into place: of several processes that start at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{FILE}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        os.link(aside, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        aside.unlink()
