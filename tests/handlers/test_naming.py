"""A name said in a command leads to exactly one holder, or to a sentence that says why not."""

from __future__ import annotations

import pytest

from handlers import naming
from handlers.rules import RefusalError
from tests.handlers.town import town

TOWN = town()


@pytest.mark.parametrize(
    ("text", "near", "id", "rest"),
    [
        ("综合执法局 需要专业拆除", "", "enforcement", "需要专业拆除"),
        ("综合执法：来一下", "", "enforcement", "来一下"),
        ("健仁第二网格", "", "jr-2", ""),
        ("第二网格，帮忙看看", "jr-1", "jr-2", "帮忙看看"),
        ("第二网格", "lg-1", "lg-2", ""),
        ("李明 在附近", "", "li", "在附近"),
        ("健仁社区", "", "jr", ""),
        ("jr-2-m1 一起", "", "jr-2-m1", "一起"),
    ],
)
def test_who_is_meant(text: str, near: str, id: str, rest: str) -> None:
    assert naming.find(text, TOWN, near=near) == naming.Named(id, rest)


def test_two_that_fit_are_asked_about() -> None:
    with pytest.raises(RefusalError) as refused:
        naming.find("第二网格", TOWN)
    assert refused.value.reason == "which_name"
    assert refused.value.facts["names"] == "健仁第二网格、龙港第二网格"


@pytest.mark.parametrize("text", ["", "  ", "火星派出所", "郭春生", "一", "网"])
def test_nobody_is_meant(text: str) -> None:
    """Also not a resident, and not a single character that many names share."""
    with pytest.raises(RefusalError) as refused:
        naming.find(text, TOWN)
    assert refused.value.reason == ("unknown_name" if text.strip() else "name_missing")
    assert naming.find_or_none(text, TOWN) is None


def test_only_the_kinds_asked_for() -> None:
    assert naming.find("综合执法局", TOWN, kinds=("department",)).id == "enforcement"
    assert naming.find_or_none("综合执法局", TOWN, kinds=("unit", "person")) is None
