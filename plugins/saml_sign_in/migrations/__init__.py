"""The revisions of the plugin's tables."""

from plugins.saml_sign_in.models import Base

metadata = Base.metadata
