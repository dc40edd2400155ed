"""What an identity provider publishes about itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509

from plugins.saml_sign_in.xml import METADATA, BadXml, Element, children, parse, text

_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


@dataclass(frozen=True)
class IdentityProvider:
    """Who it is, where people sign in, and the certificates of the keys it signs with."""

    entity_id: str
    sign_in_url: str
    certificates: tuple[x509.Certificate, ...]


@lru_cache(maxsize=64)
def read(metadata: str) -> IdentityProvider:
    """The identity provider that metadata is about. BadXml when it is about none."""
    root = parse(metadata.strip().encode())
    entities = (
        [root] if root.tag == f"{{{METADATA}}}EntityDescriptor" else list(root.iter(f"{{{METADATA}}}EntityDescriptor"))
    )
    found = [(entity, role) for entity in entities for role in children(entity, "md:IDPSSODescriptor")]
    if len(found) != 1:
        raise BadXml(f"it describes {len(found)} identity providers instead of one")
    entity, role = found[0]
    if not entity.get("entityID"):
        raise BadXml("it has no entityID")
    return IdentityProvider(entity.get("entityID"), _sign_in_url(role), _certificates(role))


def _sign_in_url(role: Element) -> str:
    for service in children(role, "md:SingleSignOnService"):
        place = service.get("Location", "")
        if service.get("Binding") == _REDIRECT and place.startswith(("https://", "http://")):
            return str(place)
    raise BadXml("it has no SingleSignOnService for HTTP-Redirect")


def _certificates(role: Element) -> tuple[x509.Certificate, ...]:
    """Those for signatures. There may be none, and then nobody can sign in."""
    keys = [key for key in children(role, "md:KeyDescriptor") if key.get("use", "signing") == "signing"]
    found = (one for key in keys for one in children(key, "ds:KeyInfo/ds:X509Data/ds:X509Certificate"))
    return tuple(_certificate(text(one)) for one in found)


def _certificate(encoded: str) -> x509.Certificate:
    lines = "\n".join(encoded.split())
    try:
        return x509.load_pem_x509_certificate(
            f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n".encode()
        )
    except ValueError:
        raise BadXml("it has a certificate that is none") from None
