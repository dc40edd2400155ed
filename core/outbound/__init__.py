"""Requests to other servers, guarded: which addresses are allowed, connections to them, the client."""
