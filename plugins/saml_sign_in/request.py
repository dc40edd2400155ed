"""Asking an identity provider who somebody is."""

from __future__ import annotations

import base64
import hmac
import secrets as random
import time
import zlib
from datetime import UTC, datetime

from lxml import etree

from plugin_api import secrets
from plugins.saml_sign_in.xml import ASSERTION, NAMES, PROTOCOL

_PURPOSE = "saml_sign_in.request"
_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
_SECONDS = 3600


def made(destination: str, acs_url: str) -> str:
    """A request, as it goes into an address."""
    attributes = {
        "ID": _new_id(),
        "Version": "2.0",
        "IssueInstant": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Destination": destination,
        "ProtocolBinding": _POST,
        "AssertionConsumerServiceURL": acs_url,
    }
    names = {"samlp": NAMES["samlp"], "saml": NAMES["saml"]}
    root = etree.Element(f"{{{PROTOCOL}}}AuthnRequest", attributes, nsmap=names)
    etree.SubElement(root, f"{{{ASSERTION}}}Issuer").text = acs_url
    etree.SubElement(root, f"{{{PROTOCOL}}}NameIDPolicy", {"AllowCreate": "true"})
    packer = zlib.compressobj(wbits=-15)
    return base64.b64encode(packer.compress(etree.tostring(root)) + packer.flush()).decode()


def is_ours(request_id: str) -> bool:
    """Whether it is the id of a request that this instance made lately. No process needs to remember it."""
    begun, _, digest = request_id.removeprefix("_").rpartition(".")
    moment = begun.partition(".")[0]
    good = hmac.compare_digest(_digest(begun).encode(), digest.encode("utf-8", "surrogatepass"))
    return good and moment.isdecimal() and time.time() - int(moment) < _SECONDS


def _new_id() -> str:
    begun = f"{int(time.time())}.{random.token_hex(16)}"
    return f"_{begun}.{_digest(begun)}"


def _digest(begun: str) -> str:
    return secrets.digest(begun, _PURPOSE)
