"""Knows what redaction promises: nothing that gives a person away, the same words every time, masks left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.redaction import MASKS, Redactor

REDACTOR = Redactor()


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("我叫周晓梅，电话139 0000 1234", "我叫〔姓名〕，电话〔电话〕"),
        ("张阿姨家3号楼2单元501漏水", "〔姓名〕家3号楼〔室〕漏水"),
        ("3-2-501在吵架", "3〔室〕在吵架"),
        ("住七棟一零一", "住七棟〔室〕"),
        ("身份证11010519491231002X", "身份证〔证件〕"),
        ("蘇J·D12345堵门", "〔车牌〕堵门"),
        ("卡号6222020200001234567", "卡号〔卡号〕"),
        ("写信到zhou.mei@example.com", "写信到〔邮箱〕"),
        ("微信号：meimei_88，加我", "微信号：〔账号〕，加我"),
        ("QQ 123456789", "QQ 〔账号〕"),
        ("501的老头又骂人", "〔室〕的老头又骂人"),
        ("健仁小区3号楼楼道有人飞线充电", "健仁小区3号楼楼道有人飞线充电"),
        ("5楼的灯坏了三天", "5楼的灯坏了三天"),
        ("卡号六二二二零二零二零零零零一二三四五六七", "卡号〔卡号〕"),
        ("卡号6222 0202 0000 1234 567", "卡号〔卡号〕"),
        ("车牌苏J 一 二 三 四 五", "车牌〔车牌〕"),
        ("快递柜密码88012345", "快递柜密码〔账号〕"),
        ("编号12345678", "编号〔号码〕"),
        ("2026-03-02 18:30停电", "2026-03-02 18:30停电"),
        ("", ""),
    ],
)
def test_masks(text: str, redacted: str) -> None:
    assert REDACTOR.redact(text) == redacted


@given(st.text() | st.text(alphabet="13900001234 -一三九零苏J小李张阿姨我叫3号楼2单元室微信：abcQ@.com〔电话〕"))
def test_masking_again_changes_nothing(text: str) -> None:
    once = REDACTOR.redact(text)
    assert REDACTOR.redact(once) == once


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["电话", "打 ", "，", "（"]))
def test_no_mobile_number_stays(number: str, before: str) -> None:
    assert number not in REDACTOR.redact(f"路灯坏了{before}{number}")


def test_every_mask_stays_as_it_is() -> None:
    for mask in MASKS.values():
        assert REDACTOR.redact(f"联系人{mask}电话{mask}") == f"联系人{mask}电话{mask}"


def test_who_must_find_the_door_reads_the_room_and_nothing_else_more() -> None:
    said = "我家在3号楼2单元301室，电话13812345678"
    assert REDACTOR.redact(said, rooms=False) == "我家在3号楼2单元301室，电话〔电话〕"
    assert "301" not in REDACTOR.redact(said)


def test_in_a_place_the_room_stays_and_the_number_goes() -> None:
    assert REDACTOR.redact("健仁小区3号楼2单元602室 13800001111", rooms=False) == "健仁小区3号楼2单元602室 〔电话〕"
