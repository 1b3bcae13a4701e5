# SPDX-License-Identifier: MIT
"""What people do to the layers of the editing province in QGIS, as steps for `qgis_session`."""

from __future__ import annotations

from typing import Any

WELLS: dict[str, Any] = {
    "name": "wells",
    "steps": [
        {
            "add": [
                {
                    "values": {
                        "code": "Q1",
                        "name": "Từ <QGIS>",
                        "depth": 2.5,
                        "opened": "2024-05-06",
                        "automatic": True,
                        "zone": 1,
                        "measured": "2024-05-06T07:08:09Z",
                    },
                    "wkt": "Point(105.7 10.6)",
                },
                {"values": {"code": "Q2"}, "wkt": "Point(105.71 10.61)"},
                {"values": {"code": "Q3"}},
            ],
            "change": [
                {"where": "code = 'G1'", "values": {"name": None, "depth": 99.5}},
                {"where": "code = 'G2'", "values": {"name": "dời"}, "wkt": "Point(105.8 10.7)"},
            ],
            "delete": ["code = 'G3'"],
        },
        {"change": [{"where": "code = 'G1'", "values": {"kind": "nothing"}}]},
        {"change": [{"where": "code = 'Q2'", "values": {"name": "sửa ngay"}, "wkt": "Point(105.72 10.62)"}]},
        {"delete": ["code = 'Q3'"]},
    ],
}
SHAPES: list[dict[str, Any]] = [
    {
        "name": "zones",
        "steps": [
            {"add": [{"values": {"name": "Khu mới"}, "wkt": "Polygon((105 10,105.1 10,105.1 10.1,105 10))"}]},
            {"add": [{"values": {"name": "Khu hỏng"}, "wkt": "Polygon((105 10,105.1 10.1,105.1 10,105 10.1,105 10))"}]},
            {
                "change": [
                    {"where": "name = 'Khu 2'", "wkt": "MultiPolygon(((105 10,106 10,106 11,105 10)),((107 10,108 10,108 11,107 10)))"}
                ]
            },
        ],
    },
    {"name": "canals", "steps": [{"add": [{"values": {"name": "Kênh mới"}, "wkt": "LineString(105 10,105.1 10.1)"}]}]},
    {
        "name": "canals",
        "key": "canals in VN-2000",
        "system": "EPSG:9210",
        "steps": [
            {
                "add": [{"values": {"name": "Kênh VN"}, "wkt": "LineString(472440.182242 1161166.383051, 472540 1161266)"}],
                "change": [{"where": "name = 'Kênh xáng'", "wkt": "LineString(472440.182242 1161166.383051, 472640 1161366)"}],
            }
        ],
    },
    {
        "name": "permits",
        "steps": [{"add": [{"values": {"number": "1/GP"}}]}, {"change": [{"where": "true", "values": {"number": "2/GP"}}]}],
    },
    {
        "name": "parcels",
        "steps": [
            {
                "change": [
                    {"where": "name = 'Thửa 1'", "values": {"name": "Thửa một"}, "wkt": "Polygon((105 10,105.1 10,105.1 10.1,105 10))"}
                ],
                "add": [{"values": {"name": "Thửa 2"}, "wkt": "Polygon((105 10,105.1 10,105.1 10.1,105 10))"}],
            }
        ],
    },
]
