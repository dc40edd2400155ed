"""The conformance ratchet: recorded behaviour that this product shows never gets lost again."""
