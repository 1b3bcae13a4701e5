# SPDX-License-Identifier: MIT
"""Our coordinate reference systems in PostGIS's own table. Not a numbered migration: the one table of definitions is `server.crs`."""

from __future__ import annotations

from typing import Any

import psycopg

from server.crs.engines import postgis_rows

_WRITE = """
INSERT INTO public.spatial_ref_sys AS known (srid, auth_name, auth_srid, srtext, proj4text)
VALUES (%s, NULL, NULL, NULL, %s)
ON CONFLICT (srid) DO UPDATE SET auth_name = NULL, auth_srid = NULL, srtext = NULL, proj4text = excluded.proj4text
WHERE (known.auth_name, known.auth_srid, known.srtext, known.proj4text) IS DISTINCT FROM (NULL, NULL, NULL, excluded.proj4text)
"""


def write_spatial_refs(connection: psycopg.Connection[Any]) -> None:
    """Insert or correct the private rows (900000 + EPSG code); without `auth_name` PostGIS must use our pinned text. The caller commits."""
    with connection.cursor() as cursor:
        cursor.executemany(_WRITE, [(row.srid, row.proj4text) for row in postgis_rows()])
