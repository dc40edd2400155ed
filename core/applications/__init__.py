"""Applications: containers in a workspace, filled by the plugin of their type."""
