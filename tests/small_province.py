# SPDX-License-Identifier: MIT
"""A province of three small layers with awkward contents, published by the product's own publisher: what protocol tests read."""

from __future__ import annotations

from typing import Any

from server.catalog.catalog import Catalog
from server.catalog.model import Code, CodeList, Group, Layer
from server.db.pool import Database
from server.publish.layer import publish_layer
from server.publish.migrate import migrate

WELL_COUNT, ZONE_COUNT, PERMIT_COUNT = 1237, 12, 30
HOSTILE_TEXT = "Rạch <Gò> & \"Công\" ]]> 'x'"
_SOURCE = {"vi": "Thử", "en": "Test", "licence": "MIT"}


_WELLS: dict[str, Any] = {
    "id": "wells",
    "group": "g",
    "title": {"vi": "Giếng quan trắc", "en": "Wells"},
    "abstract": {"vi": "Giếng", "en": "Wells"},
    "geometry": "point",
    "source": _SOURCE,
    "time": {"begin": "opened", "end": "closed"},
    "fields": {
        "code": {"vi": "Mã", "en": "Code", "search": 3, "required": True},
        "name": {"vi": "Tên", "en": "Name", "title": True, "search": 5},
        "kind": {"codes": "kinds", "vi": "Loại", "en": "Kind"},
        "depth": {"type": "number", "unit": "m", "vi": "Độ sâu", "en": "Depth"},
        "rank": {"type": "integer", "vi": "Hạng", "en": "Rank"},
        "automatic": {"type": "boolean", "vi": "Tự động", "en": "Automatic"},
        "opened": {"type": "date", "vi": "Mở", "en": "Opened"},
        "closed": {"type": "date", "vi": "Đóng", "en": "Closed"},
        "measured": {"type": "datetime", "vi": "Lần đo cuối", "en": "Last measured"},
        "zone": {"link": "zones", "vi": "Khu", "en": "Zone"},
        "phone": {"vi": "Điện thoại", "en": "Telephone", "public": False},
    },
}
_ZONES: dict[str, Any] = {
    "id": "zones",
    "group": "g",
    "title": {"vi": "Khu", "en": "Zones"},
    "abstract": {"vi": "Khu", "en": "Zones"},
    "geometry": "multipolygon",
    "storage_crs": 9210,
    "source": _SOURCE,
    "fields": {
        "name": {"vi": "Tên", "en": "Name", "title": True, "search": 5},
        "area": {"type": "number", "vi": "Diện tích", "en": "Area"},
    },
}
_PERMITS: dict[str, Any] = {
    "id": "permits",
    "group": "g",
    "title": {"vi": "Giấy phép", "en": "Permits"},
    "abstract": {"vi": "Giấy phép", "en": "Permits"},
    "geometry": "none",
    "source": _SOURCE,
    "illustrative": True,
    "fields": {
        "number": {"vi": "Số", "en": "Number", "title": True, "search": 3},
        "issued": {"type": "date", "vi": "Cấp", "en": "Issued"},
    },
}


def make_catalog() -> Catalog:
    """`wells` (points with times and a link), `zones` (multipolygons), `permits` (records), `secrets` (not public)."""
    secrets = {**_PERMITS, "id": "secrets", "rights": {"read": "editor"}}
    kinds = CodeList(
        id="kinds",
        codes=(
            Code(code="auto", vi="Tự động", en="Automatic", source="t", status="verified"),
            Code(code="hand", vi="Thủ công", en="By hand", source="t", status="verified"),
        ),
    )
    layers = [Layer.model_validate(each) for each in (_WELLS, _ZONES, _PERMITS, secrets)]
    return Catalog(
        groups=(Group.model_validate({"id": "g", "title": {"vi": "Nhóm", "en": "Group"}}),),
        layers={layer.id: layer for layer in layers},
        code_lists={"kinds": kinds},
    )


def fill_province(database: Database, catalog: Catalog) -> None:
    """Make the tables, fill `official` and publish all layers."""
    with database.owner() as connection:
        migrate(connection, catalog)
        connection.execute(
            "INSERT INTO official.zones (name, area, geom, review_state, created_by, updated_by) SELECT 'Khu số ' || i, i * 1.5,"
            " ST_Transform(ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(105.5 + i * 0.05, 10.3), 4326), 0.02, 8)), 909210),"
            " 'approved', 'test', 'test'"
            " FROM generate_series(1, %s) i",
            (ZONE_COUNT,),
        )
        connection.execute(
            "INSERT INTO official.wells (code, name, kind, depth, rank, automatic, opened, closed, measured, zone, phone, geom,"
            " review_state, created_by, updated_by)"
            " SELECT 'G' || lpad(i::text, 5, '0'), CASE i WHEN 1 THEN 'Gò Công' WHEN 2 THEN %s WHEN 3 THEN NULL WHEN 4 THEN 'Gô Cống Đông'"
            " WHEN 6 THEN 'Giếng' || chr(7) || chr(65534) || ' số 6'"
            " ELSE 'Giếng số ' || i END, (ARRAY['auto', 'hand'])[1 + i %% 2], i * 0.25, i %% 7, i %% 3 = 0, date '2020-01-01' + i,"
            " CASE WHEN i %% 2 = 0 THEN date '2024-01-01' + i END, timestamptz '2025-01-01 00:00:00+00' + i * interval '1 hour',"
            " CASE WHEN i <= 12 THEN i END, 'not-for-all', CASE WHEN i = 5 THEN NULL"
            " ELSE ST_SetSRID(ST_MakePoint(105.3 + (i %% 100) * 0.01, 9.9 + (i / 100) * 0.05), 4326) END, 'approved', 'test', 'test'"
            " FROM generate_series(1, %s) i",
            (HOSTILE_TEXT, WELL_COUNT),
        )
        for table in ("permits", "secrets"):
            connection.execute(
                f"INSERT INTO official.{table} (number, issued, review_state, created_by, updated_by)"
                " SELECT i || '/GPMT', date '2025-07-01' + i, 'approved', 'test', 'test'"
                " FROM generate_series(1, %s) i",
                (PERMIT_COUNT,),
            )
        for layer_id in ("zones", "wells", "permits", "secrets"):
            publish_layer(connection, catalog, layer_id)
