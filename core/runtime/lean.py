"""Imported before all else: keeps libraries from loading what nobody here uses.

structlog paints tracebacks with `rich` where that is installed, and httpx has a program that does so: 5 MB of each
process. Our tracebacks are written by `core.runtime.logging`.
"""

from __future__ import annotations

import sys

_loaded = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment]  # Python then says that there is no such module
try:
    import httpx as httpx
    import structlog as structlog
finally:
    del sys.modules["rich"]
    if _loaded is not None:
        sys.modules["rich"] = _loaded
