"""Databases as earlier versions left them: what they were filled with, and their dumps."""
