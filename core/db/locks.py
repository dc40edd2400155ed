"""The numbers of all advisory locks, in one place so that no two mean different things."""

from __future__ import annotations

MIGRATIONS = 7_236_311_904
OUTBOX = 7_236_311_905
FIRST_SIGN_UP = 7_236_311_906
STAFF = 7_236_311_907
PLUGIN_STATES = 7_236_311_908
AUTH_PROVIDERS = 7_236_311_909
