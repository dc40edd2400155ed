"""Workspaces: members, invitations, order, permissions endpoints."""
