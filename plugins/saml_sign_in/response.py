"""Answers of identity providers: nothing in them is believed that the provider has not signed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from plugins.saml_sign_in import request
from plugins.saml_sign_in.metadata import IdentityProvider
from plugins.saml_sign_in.xml import ASSERTION, PROTOCOL, BadXml, Element, children, parse, text

CLOCKS_DIFFER_BY = timedelta(seconds=60)
_FOREVER = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
_SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
_BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
_RESPONSE, _ASSERTION = f"{{{PROTOCOL}}}Response", f"{{{ASSERTION}}}Assertion"
_METHODS = frozenset(
    method for method in SignatureMethod if method.name.startswith(("RSA_", "ECDSA_")) and "SHA1" not in method.name
)
_DIGESTS = frozenset(digest for digest in DigestAlgorithm if "SHA1" not in digest.name)


class BadAnswer(Exception):
    """The answer is not a good one; the text says why, for the log."""


@dataclass(frozen=True)
class Answer:
    """A document that came back. Until it is verified, only who it says it comes from is of use."""

    data: bytes
    root: Element
    issuer: str


@dataclass(frozen=True)
class Assertion:
    """What an identity provider has signed about somebody: good until then, and for one use."""

    id: str
    until: datetime
    attributes: Mapping[str, str]


def read(encoded: str) -> Answer:
    """The document in a form's field. BadAnswer when it is no answer with one assertion that can be read."""
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
        root = parse(data)
    except (binascii.Error, ValueError) as error:
        raise BadAnswer(str(error)) from None
    if root.tag != _RESPONSE:
        raise BadAnswer("it is no response")
    assertions = list(root.iter(_ASSERTION))
    if len(assertions) != 1 or assertions[0].getparent() is not root:
        raise BadAnswer("it has not one assertion that can be read; encrypted ones are not")
    return Answer(data, root, text(assertions[0].find("saml:Issuer", {"saml": ASSERTION})))


def verified(answer: Answer, known: IdentityProvider, service: str) -> Assertion:
    """The assertion, if this identity provider signed it, for `service`, for now. BadAnswer otherwise."""
    _check_envelope(answer.root, known, service)
    assertion = _signed(answer, known)
    if _child_text(assertion, "saml:Issuer") != known.entity_id:
        raise BadAnswer("it comes from another identity provider")
    now = datetime.now(UTC)
    ends = [_confirmed(assertion, service, now), _conditions(assertion, service, now)]
    if not assertion.get("ID"):
        raise BadAnswer("the assertion has no id")
    return Assertion(assertion.get("ID"), min(ends) + CLOCKS_DIFFER_BY, _attributes(assertion))


def _check_envelope(root: Element, known: IdentityProvider, service: str) -> None:
    """What is around the assertion must not contradict it, whether it is signed or not."""
    status = root.find("samlp:Status/samlp:StatusCode", {"samlp": PROTOCOL})
    if status is None or status.get("Value") != _SUCCESS:
        raise BadAnswer(f"the status is {'none' if status is None else status.get('Value')}")
    if root.get("Destination", service) != service:
        raise BadAnswer("it is for another address")
    _check_request(root)
    issuer = _child_text(root, "saml:Issuer")
    if issuer and issuer != known.entity_id:
        raise BadAnswer("it comes from another identity provider")


def _signed(answer: Answer, known: IdentityProvider) -> Element:
    """The assertion as it was signed, by itself or within the response."""
    whole = children(answer.root, "ds:Signature")
    location = "./" if whole else f"./{_ASSERTION}/"
    reason = "the identity provider's metadata has no certificate"
    for certificate in known.certificates:
        try:
            return _by_key(answer.data, certificate, location)
        except (SignXMLException, UnsupportedAlgorithm, ValueError, TypeError, etree.LxmlError) as error:
            reason = f"the signature is not a good one: {error}"
    raise BadAnswer(reason)


def _by_key(data: bytes, certificate: x509.Certificate, location: str) -> Element:
    config = SignatureConfiguration(location=location, signature_methods=_METHODS, digest_algorithms=_DIGESTS)
    result = XMLVerifier().verify(data, x509_cert=certificate, expect_config=config, id_attribute="ID")
    assert not isinstance(result, list)
    signed = result.signed_xml
    if signed is None:
        raise BadXml("what is signed is no XML")
    found = [signed] if signed.tag == _ASSERTION else children(signed, "saml:Assertion")
    if len(found) != 1 or signed.tag not in (_ASSERTION, _RESPONSE):
        raise BadXml("what is signed is not the assertion")
    return found[0]


def _confirmed(assertion: Element, service: str, now: datetime) -> datetime:
    """Until when whoever brings the assertion is believed to be its subject."""
    reasons = ["nobody may bring it here"]
    for confirmation in children(assertion, "saml:Subject/saml:SubjectConfirmation"):
        data = confirmation.find("saml:SubjectConfirmationData", {"saml": ASSERTION})
        if confirmation.get("Method") != _BEARER or data is None:
            continue
        try:
            if data.get("Recipient") != service:
                raise BadAnswer("it is for another recipient")
            _check_request(data)
            return _within(data, now, required=True)
        except BadAnswer as error:
            reasons.append(str(error))
    raise BadAnswer(reasons[-1])


def _conditions(assertion: Element, service: str, now: datetime) -> datetime:
    """Until when the assertion is good; it must be for this service alone."""
    found = children(assertion, "saml:Conditions")
    if len(found) != 1:
        raise BadAnswer("it does not say for whom it is")
    restrictions = children(found[0], "saml:AudienceRestriction")
    audiences = [[text(one) for one in children(restriction, "saml:Audience")] for restriction in restrictions]
    if not audiences or any(service not in names for names in audiences):
        raise BadAnswer("it is for another service")
    return _within(found[0], now, required=False)


def _check_request(element: Element) -> None:
    """An answer to a question must be to one of ours. Identity providers may also speak first."""
    asked = element.get("InResponseTo")
    if asked is not None and not request.is_ours(asked):
        raise BadAnswer("it answers a question that was not asked, or too long ago")


def _within(element: Element, now: datetime, required: bool) -> datetime:
    """The end of the time an element names, which now must be in."""
    if element.get("NotBefore") and now + CLOCKS_DIFFER_BY < _moment(element.get("NotBefore")):
        raise BadAnswer("it is not good yet")
    if not element.get("NotOnOrAfter"):
        if required:
            raise BadAnswer("it does not say until when it is good")
        return _FOREVER
    end = _moment(element.get("NotOnOrAfter"))
    if now - CLOCKS_DIFFER_BY >= end:
        raise BadAnswer("it is too old")
    return min(end, _FOREVER)


def _moment(written: str) -> datetime:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        raise BadAnswer("it has a time that is none") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _attributes(assertion: Element) -> dict[str, str]:
    """The first value of each attribute, by its name and by its friendly name."""
    found: dict[str, str] = {}
    for attribute in children(assertion, "saml:AttributeStatement/saml:Attribute"):
        values = [text(value) for value in children(attribute, "saml:AttributeValue")]
        for name in (attribute.get("Name"), attribute.get("FriendlyName")):
            if name and values:
                found.setdefault(name, values[0])
    return found


def _child_text(element: Element, name: str) -> str:
    found = children(element, name)
    return text(found[0]) if len(found) == 1 else ""
