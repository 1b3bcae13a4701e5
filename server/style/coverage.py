# SPDX-License-Identifier: MIT
"""Whether a style leaves features of its layer out."""

from __future__ import annotations

from server.style.model import Style


def paints_everything(style: Style) -> bool:
    """Whether some pass has a rule for every feature: one without a condition, or one for those no other rule took."""
    return any(rule.on_map and (rule.is_else or rule.where is None) for one in style.passes for rule in one.rules)
