"""For tests of SAML: an identity provider with keys of its own, which signs what it is told to."""

from __future__ import annotations

import base64
import uuid
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml import XMLSigner

ACS = "http://127.0.0.1:3000/api/sso/saml/acs/"
ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion"
PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol"
_SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"


class SamlIdentity:
    """An identity provider."""

    def __init__(self) -> None:
        self.name = f"https://identity.example.com/{uuid.uuid4().hex[:8]}"
        self.key = rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "identity.example.com")])
        now = datetime.now(UTC)
        unsigned = x509.CertificateBuilder(subject, subject, self.key.public_key(), x509.random_serial_number())
        dated = unsigned.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        self.certificate = dated.sign(self.key, hashes.SHA256())

    def metadata(self, certificates: int = 1) -> str:
        """What it publishes."""
        encoded = "".join(self._pem().splitlines()[1:-1])
        key = (
            f'<md:KeyDescriptor><ds:KeyInfo xmlns:ds="{_SIGNATURE}"><ds:X509Data><ds:X509Certificate>{encoded}'
            "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        )
        return (
            f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.name}">'
            f'<md:IDPSSODescriptor protocolSupportEnumeration="{PROTOCOL}">{key * certificates}'
            f'<md:SingleSignOnService Binding="{_REDIRECT}" Location="{self.name}/sign-in"/>'
            "</md:IDPSSODescriptor></md:EntityDescriptor>"
        )

    def _pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def signed(self, root: Any) -> Any:
        """The element with a signature in it, where SAML wants it."""
        signer = XMLSigner(c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#")  # type: ignore[arg-type]
        place = etree.SubElement(root, f"{{{_SIGNATURE}}}Signature", {"Id": "placeholder"}, {"ds": _SIGNATURE})
        root.remove(place)
        root.insert(1, place)
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return signer.sign(
            root, key=key, cert=self._pem(), reference_uri=root.get("ID"), id_attribute="ID", always_add_key_value=False
        )


class Said:
    """An answer of an identity provider, to be changed before it is signed."""

    def __init__(self, identity: SamlIdentity, **attributes: str) -> None:
        self.identity = identity
        self.attributes = attributes
        self.service = self.recipient = self.destination = ACS
        self.issuer = identity.name
        self.begins, self.ends = timedelta(minutes=-1), timedelta(minutes=5)
        self.asked: str | None = None
        self.method = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
        self.status = "urn:oasis:names:tc:SAML:2.0:status:Success"
        self.id = f"_{uuid.uuid4().hex}"

    def assertion(self) -> Any:
        """The assertion, not signed."""
        now = datetime.now(UTC)
        begins, ends = (f"{now + delta:%Y-%m-%dT%H:%M:%S.%fZ}" for delta in (self.begins, self.ends))
        asked = f'InResponseTo="{self.asked}"' if self.asked else ""
        claims = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.attributes.items()
        )
        return etree.fromstring(
            f'<saml:Assertion xmlns:saml="{ASSERTION}" ID="{self.id}" Version="2.0" IssueInstant="{begins}">'
            f"<saml:Issuer>{self.issuer}</saml:Issuer>"
            f'<saml:Subject><saml:NameID>x</saml:NameID><saml:SubjectConfirmation Method="{self.method}">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{ends}" Recipient="{self.recipient}" {asked}/>'
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{begins}" NotOnOrAfter="{ends}"><saml:AudienceRestriction>'
            f"<saml:Audience>{self.service}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f"<saml:AttributeStatement>{claims}</saml:AttributeStatement></saml:Assertion>"
        )

    def response(self, *assertions: Any) -> Any:
        """The response around assertions, not signed."""
        asked = f'InResponseTo="{self.asked}"' if self.asked else ""
        root = etree.fromstring(
            f'<samlp:Response xmlns:samlp="{PROTOCOL}" ID="_{uuid.uuid4().hex}" Version="2.0" '
            f'Destination="{self.destination}" {asked}>'
            f'<saml:Issuer xmlns:saml="{ASSERTION}">{self.issuer}</saml:Issuer>'
            f'<samlp:Status><samlp:StatusCode Value="{self.status}"/></samlp:Status></samlp:Response>'
        )
        root.extend(assertions)
        return root

    def posted(self) -> str:
        """The usual answer: the assertion is signed."""
        return posted(self.response(self.identity.signed(self.assertion())))


def posted(root: Any) -> str:
    """A document as it goes into a form."""
    return base64.b64encode(etree.tostring(root)).decode()


def asked(location: str) -> tuple[Any, str]:
    """The request a browser is sent away with, and the relay state."""
    query = parse_qs(urlsplit(location).query)
    return etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"][0]), -15)), query["RelayState"][0]
