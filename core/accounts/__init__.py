"""Accounts: sign-up, credentials, tokens, the account itself."""
