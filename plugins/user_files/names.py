"""Names of uploaded files: those people gave them, those they are kept under, and the types names promise."""

from __future__ import annotations

import mimetypes
import re
import secrets
import string
import unicodedata
from pathlib import PurePosixPath

LONGEST = 64
UNKNOWN_TYPE = "application/octet-stream"
NAME = re.compile(r"[A-Za-z0-9]{1,64}_[0-9a-f]{64}\.[A-Za-z0-9_]{0,32}")
"""The form of all names files are kept under."""

_LETTERS = string.ascii_letters + string.digits
_EXTENSION = re.compile(r"[a-z0-9]{1,16}")
# Not the system's lists: a type must not depend on the machine a file was uploaded to.
_TYPES = mimetypes.MimeTypes(filenames=())


def clean_name(given: str) -> str:
    """The name a file came with: without folders and control characters; never empty."""
    last = re.split(r"[/\\]", given)[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cs")).strip()
    return kept if kept.strip(". ") else "file"


def shortened(name: str) -> str:
    """A name of at most 64 characters: of longer ones, beginning and end."""
    if len(name) <= LONGEST:
        return name
    kept = LONGEST - len("...")
    return f"{name[: kept - kept // 2]}...{name[-(kept // 2) :]}"


def extension(name: str) -> str:
    """The extension in small letters; empty when there is none of a usual form."""
    found = PurePosixPath(name).suffix.removeprefix(".").lower()
    return found if _EXTENSION.fullmatch(found) else ""


def new_name(sha256: str, of: str) -> str:
    """A name nobody can guess for the content with this digest; `of` is the original name."""
    unique = "".join(secrets.choice(_LETTERS) for _ in range(32))
    return f"{unique}_{sha256}.{extension(of)}"


def mime_type(name: str) -> str | None:
    """The type a name promises; None when it promises none."""
    return _TYPES.guess_type(name, strict=True)[0]
