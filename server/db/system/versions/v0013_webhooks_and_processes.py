# SPDX-License-Identifier: MIT
"""Webhooks (where the change feed is sent, how far each is, what became of every delivery) and jobs of OGC API Processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0013"
down_revision = "0012"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; the writer works on them and throws away what is done."""
    _make_webhooks()
    _make_process_jobs()
    for table in ("webhook", "webhook_position", "webhook_delivery", "process_job"):
        op.execute(f"GRANT DELETE ON xanh.{table} TO xanh_writer")


def _make_webhooks() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False, comment="a salt: with the key of the installation it makes what signs"),
        sa.Column("layers", ARRAY(sa.Text), comment="null: every public layer"),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("paused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        schema="xanh",
    )
    op.create_table(
        "webhook_position",
        sa.Column("webhook", sa.Text, sa.ForeignKey("xanh.webhook.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.Column("feature", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
        sa.Column("next_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        schema="xanh",
    )
    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("webhook", sa.Text, sa.ForeignKey("xanh.webhook.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("layer", sa.Text),
        sa.Column("changes", sa.Integer, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer, comment="null: no answer"),
        sa.Column("problem", sa.Text),
        sa.Column("took_ms", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False, server_default=sa.func.now(), index=True),
        schema="xanh",
    )


def _make_process_jobs() -> None:
    op.create_table(
        "process_job",
        sa.Column("id", sa.Text, primary_key=True, comment="cannot be guessed: whoever knows it may read, fetch and dismiss the job"),
        sa.Column("process", sa.Text, nullable=False),
        sa.Column("client", sa.Text, nullable=False, comment="what is counted: an account or an address"),
        sa.Column("asker", JSONB),
        sa.Column("inputs", JSONB, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column(
            "state",
            sa.Text,
            sa.CheckConstraint("state IN ('accepted', 'running', 'successful', 'failed', 'dismissed')"),
            nullable=False,
        ),
        sa.Column("message", sa.Text),
        sa.Column("message_vi", sa.Text),
        sa.Column("features", sa.BigInteger),
        sa.Column("bytes", sa.BigInteger),
        sa.Column("created_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("started_at", _MOMENT),
        sa.Column("finished_at", _MOMENT),
        sa.Column("expires_at", _MOMENT, nullable=False, index=True),
        schema="xanh",
    )
