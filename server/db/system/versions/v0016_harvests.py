# SPDX-License-Identifier: MIT
"""What became of the harvests (`layers/harvest/<name>.yml`): when each began and ended, how, and the load it made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; the writer works on it and forgets harvests that are gone."""
    op.create_table(
        "harvest",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("began_at", _MOMENT, nullable=False, server_default=sa.func.now()),
        sa.Column("ended_at", _MOMENT, comment="null: it runs, or was killed"),
        sa.Column("succeeded_at", _MOMENT, comment="end of the last run that loaded"),
        sa.Column("load_id", sa.BigInteger, comment="the load of the last run that loaded"),
        sa.Column("message", sa.Text, nullable=False, server_default=""),
        sa.Column("message_vi", sa.Text, nullable=False, server_default=""),
        sa.Column("failures", sa.Integer, nullable=False, server_default="0", comment="runs in a row that loaded nothing"),
        schema="xanh",
    )
    op.execute("GRANT DELETE ON xanh.harvest TO xanh_writer")
