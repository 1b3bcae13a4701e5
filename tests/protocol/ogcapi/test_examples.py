# SPDX-License-Identifier: MIT
"""What the guide tells people to type: every question in it is asked of the demo."""

from __future__ import annotations

import re
import shlex
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from server.config import ROOT

GUIDE = (ROOT / "docs" / "ogcapi.md").read_text(encoding="utf-8")
# Of these only the beginning is fixed: a moment of the record, the number of a job, what the demo has no raster for.
_OPEN = ("asof=", "{id}", "/coverage")


def read_examples() -> list[str]:
    """The addresses of questions that change nothing, with what `-G --data-urlencode` adds to them."""
    blocks = "\n".join(re.findall(r"```\n(.*?)```", GUIDE, re.DOTALL)).replace("\\\n", " ")
    found = []
    for line in re.findall(r"^curl [^\n]*$", blocks, re.MULTILINE):
        try:
            words = shlex.split(line, comments=True)
        except ValueError:
            continue  # goes on in the next line: a body
        if any(word in words for word in ("-u", "-X", "-d", "-H")) or any(part in line for part in _OPEN):
            continue
        address = next(word for word in words if "//host" in word)
        added = [words[place + 1] for place, word in enumerate(words) if word == "--data-urlencode"]
        pairs = [f"{name}={quote(value)}" for name, _, value in (each.partition("=") for each in added)]
        found.append("?".join(part for part in (address, "&".join(pairs)) if part))
    return found


def test_the_guide_has_examples() -> None:
    assert len(read_examples()) > 15


@pytest.mark.parametrize("address", read_examples())
def test_an_example_of_the_guide_is_answered(address: str, client: FlaskClient) -> None:
    answer = client.get(address.removeprefix("https://host"))
    assert answer.status_code == 200, answer.text
    if "items?filter=" in address:
        assert answer.get_json()["numberMatched"] > 0
