# SPDX-License-Identifier: MIT
"""Sessions of staff in the browser, and files they hand in to be loaded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

revision = "0015"
down_revision = "0014"
_MOMENT = sa.DateTime(timezone=True)
_STATES = "'planning', 'planned', 'refused', 'loading', 'done', 'failed', 'undoing', 'undone'"


def upgrade() -> None:
    """Make the tables; the writer works on them and throws away what is over."""
    op.create_table(
        "session",
        sa.Column("digest", BYTEA, primary_key=True, comment="SHA-256 of what the browser holds"),
        sa.Column("account", sa.Text, sa.ForeignKey("xanh.account.name"), nullable=False, index=True),
        sa.Column("password_changed_at", _MOMENT, nullable=False, comment="of the account when it signed in: a new password ends it"),
        sa.Column("seen_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("expires_at", _MOMENT, nullable=False, index=True),
        schema="xanh",
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.Text, primary_key=True, comment="cannot be guessed; also the name of its folder"),
        sa.Column("account", sa.Text, sa.ForeignKey("xanh.account.name"), nullable=False),
        sa.Column("layer", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False, comment="what the sender calls the file; for people alone"),
        sa.Column("suffix", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("ticket", sa.Text, nullable=False, comment="of the form it came by: a form sent twice is one upload"),
        sa.Column("state", sa.Text, sa.CheckConstraint(f"state IN ({_STATES})"), nullable=False),
        sa.Column("wishes", JSONB, nullable=False),
        sa.Column("plan", sa.Integer, nullable=False, server_default="1", comment="counts the plans made; who loads says which he saw"),
        sa.Column("rows_done", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("rows_total", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("wanted", sa.Boolean, nullable=False, server_default=sa.true(), comment="false: the owner has called it off"),
        sa.Column("message", sa.Text),
        sa.Column("message_vi", sa.Text),
        sa.Column("load_id", sa.BigInteger),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("changed_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("expires_at", _MOMENT, nullable=False, index=True, comment="then the file goes"),
        sa.UniqueConstraint("account", "ticket", name="upload_ticket"),
        schema="xanh",
    )
    for table in ("session", "upload"):
        op.execute(f"GRANT DELETE ON xanh.{table} TO xanh_writer")
