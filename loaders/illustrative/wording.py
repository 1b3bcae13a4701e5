# SPDX-License-Identifier: MIT
"""The words of the illustrative sets: trades with their usual figures, water bodies, names. All persons and enterprises are invented."""

from __future__ import annotations

from dataclasses import dataclass

DELTA = frozenset({"79", "80", "82", "86", "91", "92", "96"})
MARK = "minh họa"


@dataclass(frozen=True)
class Unit:
    """A unit of capacity: its code, its word, and how many of it make one step of a trade's capacity."""

    code: str
    word: str
    step: int = 1


@dataclass(frozen=True)
class Trade:
    """A trade: word, kind, sector, VSIC class, capacity range in steps of the unit, project group, wastewater (m3/day), gas (m3/hour)."""

    word: str
    kind: str
    sector: str
    vsic: str
    capacity: tuple[int, int]
    unit: Unit
    group: str
    water: tuple[int, int]
    gas: tuple[int, int] | None = None
    seasonal: bool = False
    risky: bool = False


_TONNES = Unit("t_year", "tấn/năm", 1000)
_TONNES_DAY = Unit("t_day", "tấn/ngày")
_PIECES = Unit("product_year", "sản phẩm/năm", 1000)
_CUBIC_YEAR = Unit("m3_year", "m³/năm", 1000)
_CUBIC = Unit("m3", "m³", 100)
_HEAD, _BEDS = Unit("head", "con"), Unit("bed", "giường bệnh", 10)
_HEAD_DAY, _POND = Unit("other", "con/ngày"), Unit("other", "ha mặt nước")

_COMMON = (
    Trade("Bệnh viện đa khoa", "medical", "health_care", "8610", (10, 60), _BEDS, "II", (80, 600)),
    Trade("Trang trại chăn nuôi heo", "livestock", "livestock", "0145", (1200, 12000), _HEAD, "II", (40, 400), risky=True),
    Trade(
        "Nhà máy xử lý rác",
        "waste_treatment",
        "waste_treatment",
        "3821",
        (50, 300),
        _TONNES_DAY,
        "I",
        (20, 150),
        (12000, 60000),
        risky=True,
    ),
    Trade("Nhà máy may mặc", "production", "textile", "1410", (500, 6000), _PIECES, "III", (30, 300)),
    Trade("Cơ sở giết mổ tập trung", "production", "food", "1010", (80, 500), _HEAD_DAY, "III", (40, 220), risky=True),
    Trade("Nhà máy sản xuất bao bì", "production", "wood_paper", "1702", (2, 20), _TONNES, "II", (20, 180), (8000, 30000)),
    Trade("Kho xăng dầu", "other", "fuel_storage", "4661", (10, 200), _CUBIC, "II", (5, 20), risky=True),
)
_LOWLAND = (
    Trade("Nhà máy chế biến thủy sản", "production", "seafood", "1020", (5, 60), _TONNES, "II", (400, 3000), (4000, 15000), risky=True),
    Trade("Nhà máy xay xát gạo", "production", "rice_milling", "1061", (20, 200), _TONNES, "III", (5, 30), (10000, 40000), seasonal=True),
    Trade("Nhà máy thức ăn thủy sản", "production", "animal_feed", "1080", (30, 240), _TONNES, "II", (40, 250), (15000, 70000)),
    Trade("Vùng nuôi cá tra thâm canh", "livestock", "aquaculture", "0322", (10, 90), _POND, "II", (3000, 20000)),
    Trade("Nhà máy chế biến trái cây", "production", "food", "1030", (3, 40), _TONNES, "III", (60, 500), seasonal=True),
)
_UPLAND = (
    Trade("Mỏ đá vôi", "mining", "mining", "0810", (50, 600), _CUBIC_YEAR, "II", (5, 40), (5000, 20000)),
    Trade("Nhà máy chế biến nhựa thông", "production", "chemicals", "2029", (2, 12), _TONNES, "II", (20, 120), (6000, 20000), risky=True),
    Trade("Nhà máy xi măng", "production", "building_materials", "2394", (300, 1200), _TONNES, "I", (30, 150), (150000, 600000)),
    Trade("Nhà máy chế biến gỗ", "production", "wood_paper", "1621", (5, 80), _CUBIC_YEAR, "III", (10, 60), (8000, 40000)),
    Trade("Cơ sở chế biến thạch đen", "production", "food", "1079", (1, 6), _TONNES, "III", (20, 90), seasonal=True),
)
_WATERS = {
    "82": ("Sông Tiền", "Sông Hậu", "Kênh Nguyễn Văn Tiếp", "Kênh Đồng Tiến", "Kênh Chợ Gạo", "Kênh Lấp Vò - Sa Đéc", "Rạch Bảo Định"),
    "20": ("Sông Kỳ Cùng", "Sông Thương", "Sông Bắc Giang", "Sông Trung"),
}
CRAFTS_LOWLAND = (
    ("bột gạo", "food"),
    ("hủ tiếu", "food"),
    ("chiếu lác", "textile"),
    ("choàng dệt", "textile"),
    ("đóng xuồng ghe", "wood_art"),
    ("gạch nung", "building_materials"),
    ("bánh tráng", "food"),
    ("tủ thờ", "wood_art"),
    ("đan lờ lợp", "other"),
    ("nem lai", "slaughter"),
)
CRAFTS_UPLAND = (
    ("rượu men lá", "food"),
    ("ngói máng", "building_materials"),
    ("cao khô", "food"),
    ("thổ cẩm", "textile"),
    ("hương thẻ", "other"),
    ("mộc", "wood_art"),
    ("vịt quay", "slaughter"),
    ("bánh ngải", "food"),
    ("giấy dó", "recycling"),
    ("đan lát", "wood_art"),
)
CONSERVATION = (
    ("Trạm cứu hộ động vật hoang dã", "rescue"),
    ("Vườn sưu tập thực vật bản địa", "gene_bank"),
    ("Trại nhân nuôi loài ưu tiên bảo vệ", "breeding"),
    ("Ngân hàng giống cây trồng địa phương", "gene_bank"),
    ("Trung tâm cứu hộ chim nước", "rescue"),
)
FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Hoàng", "Nông")
GIVEN_NAMES = ("Minh An", "Thanh Bình", "Hoài Châu", "Ngọc Diệp", "Hải Đăng", "Thu Hà", "Quốc Khánh", "Tuyết Mai", "Bảo Ngân", "Đức Phúc")
STREETS = ("Quốc lộ", "Đường tỉnh", "Đường Hùng Vương", "Đường Nguyễn Huệ", "Đường Trần Hưng Đạo", "Đường liên xã")


def list_trades(province_code: str) -> tuple[Trade, ...]:
    """The trades usual in the province: the delta's or the uplands', then those found everywhere."""
    return (_LOWLAND if province_code in DELTA else _UPLAND) + _COMMON


def list_crafts(province_code: str) -> tuple[tuple[str, str], ...]:
    """Craft names with their kind."""
    return CRAFTS_LOWLAND if province_code in DELTA else CRAFTS_UPLAND


def list_waters(province_code: str) -> tuple[str, ...]:
    """Names of receiving waters; a general one where the province has no list."""
    return _WATERS.get(province_code, ("Kênh mương nội đồng", "Suối, rạch địa phương"))
