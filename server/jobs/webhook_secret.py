# SPDX-License-Identifier: MIT
"""What signs the messages of a webhook: worked out anew each time, so that the database, its backups and its roles never hold it."""

from __future__ import annotations

import base64
import hashlib
import hmac

from server.config import Settings
from server.jobs.webhook_door import SECRET_PREFIX
from server.secretfile import load_secrets
from server.state import StateDir


def work_out_secret(settings: Settings, webhook: str, salt: str) -> str:
    """The secret of a webhook, out of its salt and the session key of the installation. Raises SetupRefused when that cannot be read."""
    key = load_secrets(StateDir(settings.var).secrets).session_key.encode()
    digest = hmac.new(key, b"\0".join((b"xanh webhook", webhook.encode(), salt.encode())), hashlib.sha256).digest()
    return SECRET_PREFIX + base64.b64encode(digest).decode()
