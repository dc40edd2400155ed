"""The templates of the product: an archive and a description of each, made from the definitions in `sources`."""

from __future__ import annotations

from pathlib import Path

LIBRARY = Path(__file__).parent
