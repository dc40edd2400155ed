"""What licences are for: products, each with the features it gives."""

from __future__ import annotations

from dataclasses import dataclass

from plugin_api.platform import registry
from plugin_api.states import is_enabled


@dataclass(frozen=True)
class Product:
    """What a licence is for.

    type: the product code in licences.
    features: what it gives, as the manifests of plugins call it.
    instance_wide: whether everybody has it. Else those have it who were given a seat.
    public_keys: PEM texts of the seller's public keys. They are good for licences of this product only; those in the
        setting TABLEWRIGHT_LICENSE_PUBLIC_KEYS are good for all.
    """

    type: str
    title: str
    features: tuple[str, ...]
    instance_wide: bool = False
    public_keys: tuple[str, ...] = ()


_PREMIUM = (
    "calendar_view",
    "decorators",
    "excel_export",
    "file_export",
    "json_export",
    "kanban_view",
    "public_export",
    "row_comments",
    "timeline_view",
    "view_attributes",
    "xml_export",
)
_ADVANCED = (*_PREMIUM, "audit_log", "data_sync", "field_permissions", "roles", "sso", "teams")

PRODUCTS = [
    Product("premium", "Premium", _PREMIUM),
    Product("advanced", "Advanced", _ADVANCED, instance_wide=True),
    Product("enterprise", "Enterprise", _ADVANCED, instance_wide=True),
]


def product(code: str) -> Product | None:
    """The product of a code; None when no plugin that is on knows it."""
    known = registry("license_products")
    found: Product | None = known.get(code)
    return found if found is not None and is_enabled(known.provider(code)) else None
