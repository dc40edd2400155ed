"""The hook with which plugins say what is licensed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from plugin_api.hooks import hookspec

if TYPE_CHECKING:
    from plugins.licenses.products import Product


@hookspec
def register_license_products() -> Iterable[Product]:  # type: ignore[empty-body]
    """What licences are sold for. Example: `return [Product("acme_charts", "Charts", ("acme_charts",))]`."""
