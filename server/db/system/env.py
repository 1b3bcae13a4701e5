# SPDX-License-Identifier: MIT
"""Alembic's entry: runs the versions on the connection handed over by `migrate_system`; the caller owns the transaction."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table_schema="xanh", transactional_ddl=True)
context.run_migrations()
