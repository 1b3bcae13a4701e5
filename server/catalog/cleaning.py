# SPDX-License-Identifier: MIT
"""Cleaning rules of a layer file (`load.clean`): what loaders do to the values of a field, in order.

Regular expressions are those of RE2, which take time in proportion to the text whatever they say (no look-around, no back references).
"""

from __future__ import annotations

from typing import Annotated, Literal

import pyarrow
import pyarrow.compute
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

CleaningStep = Literal["trim", "squeeze", "upper", "lower", "title"]


def _check_expression(pattern: str) -> str:
    try:
        pyarrow.compute.match_substring_regex(pyarrow.array(["x"]), pattern=pattern)
    except pyarrow.ArrowInvalid as error:
        raise ValueError(f"not a regular expression here: {str(error).removeprefix('Invalid regular expression: ')}") from error
    return pattern


Expression = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_check_expression)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Splitting(_Part):
    """A part of a text: `by` is what stands between parts, `part` counts from 1, or from the end: -1 is the last."""

    by: str = Field(min_length=1, max_length=20)
    part: int = Field(ge=-50, le=50)

    @model_validator(mode="after")
    def _count_from_one(self) -> Splitting:
        if self.part == 0:
            raise ValueError("`part` counts from 1, or from the end: -1 is the last")
        return self


class Replacing(_Part):
    r"""Every match of `pattern` becomes `with` (`\1` is the first group)."""

    pattern: Expression
    with_: str = Field(alias="with", max_length=500)

    @model_validator(mode="after")
    def _groups_are_there(self) -> Replacing:
        try:
            pyarrow.compute.replace_substring_regex(pyarrow.array(["x"]), pattern=self.pattern, replacement=self.with_)
        except pyarrow.ArrowInvalid as error:
            raise ValueError(f"`with` does not fit the pattern: {error}") from error
        return self


class CleaningRule(_Part):
    """One rule; exactly one key."""

    lookup: str | None = Field(default=None, description="A code list: a code by code, title or alias, accents aside.")
    default: str | None = Field(default=None, description="Stands where there is nothing.")
    strip: str | None = Field(default=None, description="A leading text goes.")
    empty: str | None = Field(default=None, description="This text means nothing.")
    split: Splitting | None = Field(default=None, description="A part of the text.")
    extract: Expression | None = Field(default=None, description="What the expression (its first group) finds; no match: nothing changes.")
    replace: Replacing | None = None
    unit: str | None = Field(default=None, description="Numbers without a unit are in this one; they are converted to the field's.")
    source_of: str | None = Field(default=None, description="Begin with the column of this field. The first rule, if any.")

    @model_validator(mode="after")
    def _one_key(self) -> CleaningRule:
        if len(self.model_fields_set) != 1:
            raise ValueError("one rule has one key")
        return self

    @property
    def name(self) -> str:
        """Its key."""
        return next(iter(self.model_fields_set))


Cleaning = CleaningStep | CleaningRule
