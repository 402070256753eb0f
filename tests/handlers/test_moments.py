"""Moments as people type them, one a line; what is none is None."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import moments
from tests.handlers.stubs import ZONE, wording

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)

TABLE = {
    "今晚22点到23点 系统维护": ("03-02 23:00", "系统维护"),
    "今晚10点到11点半，维护": ("03-02 23:30", "维护"),
    "今晚12点": ("03-03 00:00", ""),
    "明天8:30 升级": ("03-03 08:30", "升级"),
    "明早八点": ("03-03 08:00", ""),
    "明晚8点半": ("03-03 20:30", ""),
    "后天下午3点20分": ("03-04 15:20", ""),
    "今天": ("03-03 00:00", ""),
    "到后天": ("03-05 00:00", ""),
    "到3月9日": ("03-10 00:00", ""),
    "3月9日18点 回来": ("03-09 18:00", "回来"),
    "3月9号": ("03-10 00:00", ""),
    "3.9": ("03-10 00:00", ""),
    "2026-03-09": ("03-10 00:00", ""),
    "中午12点": ("03-02 12:00", ""),
    "下午3点": ("03-02 15:00", ""),
    "晚上9:05": ("03-02 21:05", ""),
    "23:00": ("03-02 23:00", ""),
    "3天": ("03-05 00:00", ""),
    "三天 回老家": ("03-05 00:00", "回老家"),
    "2小时": ("03-02 11:00", ""),
    "2个小时": ("03-02 11:00", ""),
    "十分钟": ("03-02 09:10", ""),
}


@pytest.mark.parametrize("text", TABLE)
def test_what_is_typed_is_read(text: str) -> None:
    found = moments.until(text, NOW, ZONE, wording())
    assert found is not None
    at, rest = TABLE[text]
    assert (f"{found.at.astimezone(ZONE):%m-%d %H:%M}", found.rest) == (at, rest)


@pytest.mark.parametrize("text", ["", "维护", "30点", "13月40日", "2月30日", "今天25点", "8:75", "很久", "24点30分"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moments.until(text, NOW, ZONE, wording()) is None


def test_a_day_of_the_year_that_has_passed_is_next_years() -> None:
    found = moments.until("3月1日", NOW, ZONE, wording())
    assert found is not None
    assert found.at.astimezone(ZONE) == datetime(2027, 3, 2, tzinfo=ZONE)
    assert moments.until("2月29日", NOW.replace(year=2028), ZONE, wording()) is None, "2029 has none"


@pytest.mark.parametrize(("at", "said"), [("2026-03-10T00:00", "3月9日"), ("2026-03-09T18:05", "3月9日18:05")])
def test_a_moment_is_said_as_people_say_it(at: str, said: str) -> None:
    assert moments.said(datetime.fromisoformat(at).replace(tzinfo=ZONE), ZONE, wording()) == said


@given(st.text(alphabet="今明后天晚早点分小时到至月日号0123456789:：一二三十半 下午", max_size=16))
def test_any_text_is_read_or_not_and_never_breaks(text: str) -> None:
    found = moments.until(text, NOW, ZONE, wording())
    assert found is None or found.at.tzinfo is not None
