# SPDX-License-Identifier: MIT
"""`xanh.fold(text)`: what a text looks like to the search box - 'go cong' finds 'Gò Công', however its accents are encoded.

Canonical decomposition first, so that composed and decomposed spellings (and tone marks typed after the letter) fold alike; then the
combining marks go, `unaccent` maps what has no decomposition (đ, ø, ligatures), and blanks are squeezed.
`unaccent` is only STABLE because its dictionary could be swapped; ours is named and shipped with PostgreSQL, so IMMUTABLE is honest here.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_FOLD = r"""
CREATE FUNCTION xanh.fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, public
AS $body$
  SELECT btrim(regexp_replace(
           lower(public.unaccent('public.unaccent'::regdictionary,
             translate(regexp_replace(normalize(value, NFD), '[\u0300-\u036f]', '', 'g'), U&'\0111\0110', 'dd'))),
           '\s+', ' ', 'g'))
$body$
"""


def upgrade() -> None:
    """Make the function and let every role call it."""
    op.execute(_FOLD)
    op.execute("GRANT EXECUTE ON FUNCTION xanh.fold(text) TO xanh_writer, xanh_reader")
