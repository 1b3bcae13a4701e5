# SPDX-License-Identifier: MIT
"""Rasters that belong to moments: one row per file, and the moments of each layer in its catalogue row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table and the column. `file` is a name below the layer's directory of rasters; the footprint is in degrees (WGS 84)."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "raster_file",
        sa.Column("layer", sa.Text, primary_key=True),
        sa.Column("moment", moment, primary_key=True),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("pixel_type", sa.Text, nullable=False),
        sa.Column("no_data", sa.Double),
        sa.Column("minimum", sa.Double),
        sa.Column("maximum", sa.Double),
        schema="published",
    )
    op.execute("ALTER TABLE published.raster_file ADD COLUMN footprint geometry(Polygon, 4326) NOT NULL")
    op.add_column("catalogue", sa.Column("moments", ARRAY(moment), nullable=False, server_default="{}"), schema="published")
