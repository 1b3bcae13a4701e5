# SPDX-License-Identifier: MIT
"""The two stores, the history beside them, and who may touch what.

Default privileges cover the tables the layer files will create: staff write `official`, the public reads `published` and nothing else.
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

_COMMANDS = (
    "CREATE SCHEMA official",
    "CREATE SCHEMA history",
    "CREATE SCHEMA published",
    "GRANT USAGE ON SCHEMA official, history, published, xanh TO xanh_writer",
    "GRANT USAGE ON SCHEMA published, xanh TO xanh_reader",
    "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO xanh_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA official GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO xanh_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA official GRANT USAGE, SELECT ON SEQUENCES TO xanh_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA history GRANT SELECT, INSERT ON TABLES TO xanh_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA history GRANT USAGE, SELECT ON SEQUENCES TO xanh_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA published GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON TABLES TO xanh_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA published GRANT USAGE, SELECT ON SEQUENCES TO xanh_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA published GRANT SELECT ON TABLES TO xanh_reader",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA xanh GRANT SELECT, INSERT, UPDATE ON TABLES TO xanh_writer",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA xanh GRANT USAGE, SELECT ON SEQUENCES TO xanh_writer",
)


def upgrade() -> None:
    """Make the schemas and their privileges."""
    for command in _COMMANDS:
        op.execute(command)
