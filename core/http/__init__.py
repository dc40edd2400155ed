"""The HTTP conventions: the Flask application, bodies, errors, credentials, the OpenAPI document."""
