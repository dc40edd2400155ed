"""The minimal core: accounts, workspaces, applications, permissions and the mechanisms under plugin_api."""
