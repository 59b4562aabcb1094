"""The password of the mail account: from the environment or the system's keyring, never from a file."""

from __future__ import annotations

import os

VARIABLE = "PARXL_SMTP_PASSWORD"
SERVICE = "parxl"  # the name under which a keyring keeps it


def password_of(account: str) -> str:
    """The password; "" where there is none. The keyring is an extra: ``pip install parxl[keyring]``."""
    if found := os.environ.get(VARIABLE, ""):
        return found
    try:
        import keyring
    except ImportError:
        return ""
    try:
        return keyring.get_password(SERVICE, account) or ""
    except Exception:  # a keyring has as many ways to fail as there are systems; none may tell a secret
        return ""
