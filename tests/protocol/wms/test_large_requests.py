# SPDX-License-Identifier: MIT
"""Too much of a good thing: thousands of layers, maps that take too long, an engine that dies under a request."""

from __future__ import annotations

import os
import signal
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.errors import LimitExceeded
from server.process import read_record
from server.render.patience import Patience
from server.state import StateDir
from tests.protocol.wms.conftest import BOX_3857, Wms, read_exception
from tests.protocol.wms.test_asked_styles import RED, mark, sld, user_style

INVALID = "InvalidParameterValue"
_MAP = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "CRS": "EPSG:3857", "BBOX": BOX_3857, "FORMAT": "image/png"}
_MAP |= {"WIDTH": "300", "HEIGHT": "175", "STYLES": ""}


@pytest.mark.parametrize("layers", [",".join(["stations"] * 4000), ",".join(["base"] * 20), ",".join(f"l{n}" for n in range(4000))])
def test_thousands_of_layers_are_refused_by_name(wms: Wms, layers: str) -> None:
    answer = wms.client.post("/wms", data={**_MAP, "LAYERS": layers})
    assert answer.status_code == 400
    assert read_exception(answer)[:2] == (INVALID, "LAYERS")


def test_an_address_of_thousands_of_layers_is_too_long(wms: Wms) -> None:
    assert wms.map(LAYERS=",".join(["stations"] * 4000)).status_code == 414


@pytest.mark.parametrize(
    "box", ["nan,nan,nan,nan", "inf,0,1,1", "3,2,1,4", "1,4,2,3", "1,1,1,1", "1e308,0,1.1e308,1", "0x1,0,2,2", "1,2,3,4,5"]
)
@pytest.mark.parametrize("version", ["1.3.0", "1.1.1"])
def test_boxes_that_are_none_are_refused(wms: Wms, box: str, version: str) -> None:
    answer = wms.map(VERSION=version, BBOX=box, **({"SRS": "EPSG:3857", "CRS": "-"} if version == "1.1.1" else {}))
    assert answer.status_code == 400
    assert read_exception(answer)[0] == INVALID


def test_maps_finer_than_any_ground_are_refused_before_they_take_minutes(wms: Wms) -> None:
    started = time.monotonic()
    answer = wms.map(LAYERS="rivers", BBOX="11810000,1175000,11810000.02,1175000.02")
    assert read_exception(answer)[:2] == (INVALID, "BBOX")
    assert wms.map(LAYERS="rivers", BBOX="11810000,1175000,11810003.1,1175003.1").status_code == 200
    assert time.monotonic() - started < 10


_TILE = {"TILED": "TRUE", "CRS": "EPSG:3857", "BBOX": "11740727.544603075,1174072.7544603050,11779863.303085092,1213208.5129423216"}


@pytest.mark.parametrize(
    "more",
    [
        {"CQL_FILTER": "kind='auto'"},
        {"SLD_BODY": sld(user_style(mark(RED)))},
        {"LAYERS": "communes", "TIME": "2020"},
        {**_TILE, "WIDTH": "256", "HEIGHT": "256", "TRANSPARENT": "TRUE", "LAYERS": "communes", "TIME": "2020"},
    ],
)
def test_a_map_that_takes_too_long_is_an_exception(app: Flask, more: dict[str, str]) -> None:
    settings = app.extensions["xanh"].settings
    impatient = settings.model_copy(update={"limits": settings.limits.model_copy(update={"max_map_seconds": 1e-6})})
    wms = Wms(create_app(impatient).test_client())
    answer = wms.map(**more)
    assert answer.status_code == 400
    assert "took longer" in read_exception(answer)[2]
    assert wms.map().status_code == 200


def test_a_drawing_given_up_keeps_its_place_until_it_ends() -> None:
    patience, gate = Patience(places=1), threading.Event()
    with pytest.raises(LimitExceeded):
        patience.run(gate.wait, 0.01)
    with pytest.raises(LimitExceeded):
        patience.run(lambda: "drawn", 0.01)
    gate.set()
    assert patience.run(lambda: "drawn", 5) == "drawn"


def test_a_worker_whose_engine_crashes_comes_back_and_others_go_on(served: str) -> None:
    record = read_record(StateDir(Path(os.environ["XANH_VAR"])))
    assert record is not None
    children = Path(f"/proc/{record.pid}/task/{record.pid}/children").read_text().split()
    assert len(children) > 1
    os.kill(int(children[0]), signal.SIGSEGV)
    address = f"{served}/wms?" + "&".join(f"{name}={value}" for name, value in {**_MAP, "LAYERS": "stations"}.items())
    assert all(_status(address) == 200 for _ in range(5))
    deadline = time.monotonic() + 20
    while len(Path(f"/proc/{record.pid}/task/{record.pid}/children").read_text().split()) < len(children):
        assert time.monotonic() < deadline, "the worker did not come back"
        time.sleep(0.1)
    assert all(_status(address) == 200 for _ in range(5))


def _status(address: str) -> int:
    """The status of an answer; a connection the dying worker had taken already is asked for again, as clients do."""
    for _ in range(3):
        try:
            with urllib.request.urlopen(address.replace(" ", "%20"), timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            time.sleep(0.2)
    return 0
