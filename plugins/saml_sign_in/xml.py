"""Reading XML that strangers wrote, and the names in it."""

from __future__ import annotations

from typing import Any

from lxml import etree

METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
NAMES = {"md": METADATA, "saml": ASSERTION, "samlp": PROTOCOL, "ds": SIGNATURE}

Element = Any


class BadXml(ValueError):
    """It is no XML, or XML that is not read here."""


def parse(data: bytes) -> Element:
    """The root of a document. One that declares a document type is refused: entities come with it."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadXml(f"it is no XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadXml("it declares a document type")
    return root


def text(element: Element | None) -> str:
    """The text in an element, without what comments say; empty for none."""
    return "".join(element.itertext("*")).strip() if element is not None else ""


def children(element: Element, name: str) -> list[Element]:
    """The children of a name such as `saml:Issuer`."""
    return list(element.findall(name, NAMES))
