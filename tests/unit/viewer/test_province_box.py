# SPDX-License-Identifier: MIT
"""Where the viewer opens: the box of the province as it is today."""

from __future__ import annotations

from typing import Any

from viewer.published import find_box


def unit(valid_to: str | None, geometry: dict[str, Any] | None) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": "82", "valid_to": valid_to}, "geometry": geometry}


def test_the_former_unit_under_the_same_code_is_left_aside() -> None:
    former = unit("2025-06-30", {"type": "Point", "coordinates": [1.0, 1.0]})
    today = unit(None, {"type": "MultiPolygon", "coordinates": [[[[105.1, 10.0], [106.8, 10.2], [106.0, 10.9], [105.1, 10.0]]]]})
    assert find_box([former, today]) == (105.1, 10.0, 106.8, 10.9)


def test_a_province_without_boundary_has_no_box() -> None:
    assert find_box([unit(None, None)]) is None
    assert find_box([]) is None
