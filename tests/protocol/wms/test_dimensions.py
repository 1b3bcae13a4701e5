# SPDX-License-Identifier: MIT
"""TIME and ELEVATION of one layer: what is selected, what is refused, and what the client is told (06-042 annex C)."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from pydantic import ValidationError

from server.catalog.model import Elevation, Layer
from server.filter.tree import Between, Constant, In, Or, Period, Property
from server.query.features import LayerState
from server.wms.dimensions import choose_values
from server.wms.exceptions import InvalidDimension
from tests.protocol.wms.conftest import Wms

_TEXT = {"vi": "Thử", "en": "Test"}
LAYER = Layer.model_validate(
    {
        "id": "cars",
        "group": "g",
        "title": _TEXT,
        "abstract": _TEXT,
        "geometry": "point",
        "fields": {"moment": {"type": "datetime", **_TEXT}, "height": {"type": "integer", **_TEXT}},
        "time": {"begin": "moment", "step": "PT5S", "nearest": True},
        "elevation": {"field": "height", "values": [500, 490, 480], "default": 500, "nearest": True},
        "source": {**_TEXT, "licence": "MIT"},
    }
)
STATE = LayerState("cars", 1, 19, (0, 0, 1, 1), "2000-01-01T00:00:00Z", "2000-01-01T00:01:00Z", (), "2026-01-01T00:00:00Z")
DEFAULTS = ("99 Default value used: time=2000-01-01T00:00:00Z/2000-01-01T00:01:00Z ISO8601", "99 Default value used: elevation=500 CRS:88")
HEIGHT = Property("height")


def moment(second: int) -> datetime:
    return datetime(2000, 1, 1, 0, 0, second, tzinfo=UTC)


def heights(text: str, **changes: object) -> object:
    """What ELEVATION selects when the layer file says so; TIME selects everything."""
    assert LAYER.elevation is not None
    layer = LAYER.model_copy(update={"elevation": LAYER.elevation.model_copy(update=changes), "time": None})
    return choose_values(layer, STATE, "", text).where


def test_values_nobody_named_are_the_defaults_and_the_answer_says_so() -> None:
    chosen = choose_values(LAYER, STATE, "", "")
    assert chosen.where == In(HEIGHT, (500,))
    assert chosen.notes == DEFAULTS


def test_times_are_instants_intervals_and_lists_of_both() -> None:
    layer = LAYER.model_copy(update={"elevation": None})
    instant, interval = "2000-01-01T00:00:05Z", "2000-01-01T00:00:10Z/2000-01-01T00:00:20Z/PT5S"
    first, second = Period(moment(5), moment(5)), Period(moment(10), moment(20))
    assert choose_values(layer, STATE, instant, "").where == first
    assert choose_values(layer, STATE, interval, "").where == second
    assert choose_values(layer, STATE, f"{instant},{interval}", "").where == Or((first, second))


@pytest.mark.parametrize(("second", "nearest"), [(7, 5), (8, 10), (59, 60), (3, 5), (2, 0)])
def test_a_moment_between_two_steps_means_the_nearest_and_the_answer_says_which(second: int, nearest: int) -> None:
    layer = LAYER.model_copy(update={"elevation": None})
    chosen = choose_values(layer, STATE, f"2000-01-01T00:00:{second:02}Z", "")
    expected = datetime.fromtimestamp(moment(0).timestamp() + nearest, UTC)
    assert chosen.where == Period(expected, expected)
    assert chosen.notes == (f"99 Nearest value used: time={expected:%Y-%m-%dT%H:%M:%SZ} ISO8601",)


def test_a_moment_outside_of_all_means_the_first_or_the_last() -> None:
    layer = LAYER.model_copy(update={"elevation": None})
    assert choose_values(layer, STATE, "1990-01-01T00:00:00Z", "").where == Period(moment(0), moment(0))
    last = datetime(2000, 1, 1, 0, 1, tzinfo=UTC)
    assert choose_values(layer, STATE, "2030-01-01T00:00:00Z", "").where == Period(last, last)


def test_heights_are_values_and_where_the_layer_takes_them_lists_and_ranges() -> None:
    assert heights("480") == In(HEIGHT, (480,))
    assert heights("492") == In(HEIGHT, (490,))
    both = Or((Between(HEIGHT, Constant(480), Constant(490)), In(HEIGHT, (500,))))
    assert heights("480/490,500", multiple=True) == both


@pytest.mark.parametrize("wrong", ["480,490", "480/490", "high", "1e3", "", "nan", "--480"])
def test_heights_that_are_none_are_refused(wrong: str) -> None:
    with pytest.raises(InvalidDimension) as refused:
        heights(wrong or "480,")
    assert refused.value.locator == "ELEVATION"


def test_a_height_the_layer_does_not_have_is_refused_where_the_nearest_will_not_do() -> None:
    with pytest.raises(InvalidDimension):
        heights("492", nearest=False)


@pytest.mark.parametrize("last", ["9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59Z"])
def test_the_end_of_the_calendar_is_a_time(last: str) -> None:
    layer = LAYER.model_copy(update={"elevation": None})
    chosen = choose_values(layer, STATE, f"2000-01-01T00:00:10Z/{last}", "").where
    assert isinstance(chosen, Period)
    assert chosen.begin == moment(10)
    assert chosen.end is not None
    assert chosen.end.year == 9999


@pytest.mark.parametrize(
    "wrong",
    [
        "2000-01-01,",
        ",",
        "2000-13-01",
        "now",
        "2000-01-02/2000-01-01",
        ",".join(["2000"] * 101),
        "0001-01-01T00:00:00",
        "9999-12-31T23:00:00-07:00",
    ],
)
def test_times_that_are_none_are_refused(wrong: str) -> None:
    with pytest.raises(InvalidDimension) as refused:
        choose_values(LAYER, STATE, wrong, "")
    assert refused.value.locator == "TIME"


def test_a_default_must_be_one_of_the_heights() -> None:
    with pytest.raises(ValidationError):
        Elevation(field="height", values=(1.0, 2.0), default=3.0)


def test_a_map_of_a_layer_with_time_says_which_time_it_shows(wms: Wms) -> None:
    root = ElementTree.fromstring(wms.get(REQUEST="GetCapabilities").data)
    space = {"w": "http://www.opengis.net/wms"}
    timed = [layer for layer in root.iter("{http://www.opengis.net/wms}Layer") if layer.find("w:Dimension", space) is not None]
    assert timed
    for layer in timed:
        dimension, name = layer.find("w:Dimension", space), layer.findtext("w:Name", "", space)
        assert dimension is not None
        default = dimension.get("default")
        assert wms.map(LAYERS=name).headers.getlist("Warning") == [f"99 Default value used: time={default} ISO8601"]
        assert wms.map(LAYERS=name, TIME="2022").headers.getlist("Warning") == []


def test_intervals_may_be_open_and_end_with_the_last_moment() -> None:
    layer = LAYER.model_copy(update={"elevation": None})
    last = datetime(2000, 1, 1, 0, 1, tzinfo=UTC)
    for text in ("2000-01-01T00:00:05Z/", "2000-01-01T00:00:05Z/.."):
        assert choose_values(layer, STATE, text, "").where == Period(moment(5), None)
    for text in ("/2000-01-01T00:00:05Z", "../2000-01-01T00:00:05Z"):
        assert choose_values(layer, STATE, text, "").where == Period(None, moment(5))
    assert choose_values(layer, STATE, "2000-01-01T00:00:05Z/current", "").where == Period(moment(5), last)
    assert choose_values(layer, STATE, "current", "").where == Period(last, last)
    announced = "2000-01-01T00:00:00Z/2000-01-01T00:01:00Z/PT5S/current"
    assert choose_values(layer, STATE, announced, "").where == Period(moment(0), last)


@pytest.mark.parametrize("wrong", ["/", "../..", "a/", "2000-01-01T00:00:20Z/2000-01-01T00:00:10Z", "current/2000-01-01", "P1Y/2000-01-01"])
def test_half_an_interval_must_be_a_time(wrong: str) -> None:
    with pytest.raises(InvalidDimension):
        choose_values(LAYER, STATE, wrong, "")


@pytest.mark.parametrize("text", ["1990/2030", "1990/", "/2030", "../2030-01-01", "1995-01-01/2004"])
def test_a_span_is_measured_inside_the_data_and_has_a_ceiling(text: str) -> None:
    layer = LAYER.model_copy(update={"elevation": None})
    assert choose_values(layer, STATE, text, "", max_days=1).where is not None
    long = LayerState("cars", 1, 19, (0, 0, 1, 1), "1980-01-01T00:00:00Z", "2020-01-01T00:00:00Z", (), "2026-01-01T00:00:00Z")
    with pytest.raises(InvalidDimension) as refused:
        choose_values(layer, long, text, "", max_days=366)
    assert refused.value.locator == "TIME"
    assert choose_values(layer, long, "2001", "", max_days=366).where is not None
