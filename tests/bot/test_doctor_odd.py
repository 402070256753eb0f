"""What the doctor says when a platform answers otherwise than is known: in Chinese, never wrong, never a crash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import doctor
from bot.clock import SystemClock
from tests.bot.doctors_town import marks
from tests.bot.test_doctor_live import telegram, wechat, wecom
from tests.fakes.faults import Fault
from tests.fakes.wechat import code

ODD_CODES = (40066, 43999, 123456789, -7)
"""No such address, and codes that nobody has documented."""
WHOLE: tuple[object, ...] = (
    {}, {"errcode": 0}, {"errcode": "0"}, {"errcode": None}, {"errcode": [1]}, [], 7, None, "x",
)  # fmt: skip
PART: tuple[object, ...] = (
    None, 7, "x", [], {}, [None, 7, [], {}], {"remain": None}, {"remain": "5"}, {"button": 7},
    {"button": [7, {}, {"sub_button": 7}, {"sub_button": {"list": 7}}]}, [{"priTmplId": []}], [{"template_id": {}}],
)  # fmt: skip
PARTS = {
    wechat: {"token": "access_token", "menu-get": "menu", "quota": "quota", "template-get": "template_list",
             "subscribe-get": "data"},
    wecom: {"token": "access_token", "agent": "close", "appchat-get": "chat_info"},
    telegram: {"getMe": "result", "getWebhookInfo": "result", "getChat": "result"},
}  # fmt: skip
"""What is asked of each platform, and the field of the answer that is read."""


@pytest.mark.parametrize("number", ODD_CODES)
@pytest.mark.parametrize(
    ("place", "call", "wanted"),
    [
        (wechat, "quota", "unknown wechat.customer_unknown"),
        (wechat, "subscribe-get", "unknown wechat.template_unknown"),
        (wechat, "template-get", "broken no.code"),
        (wechat, "menu-get", "broken no.code"),
        (wechat, "token", "broken no.code"),
        (wecom, "agent", "unknown wecom.open_unknown"),
        (wecom, "appchat-get", "broken no.code"),
        (wecom, "token", "broken no.code"),
    ],
)
def test_a_code_that_nobody_knows(place: object, call: str, wanted: str, number: int, tmp_path: Path) -> None:
    """What is not known for sure is called unknown, what is documented is broken with its code; the token counts."""
    more = {"templates": {"progress": "T1", "subscription": "S2"}} if place is wechat else {}
    with place(tmp_path, **more) as (config, fake):  # type: ignore[operator]
        fake.faults.always(call, code(number))
        found = marks(config, live=True)
    assert wanted in found
    assert ("good token" in found) == (call != "token")


@pytest.mark.parametrize(
    ("call", "body", "wanted"),
    [
        ("quota", {}, "unknown wechat.customer_unknown"),
        ("quota", {"quota": {}}, "unknown wechat.customer_unknown"),
        ("quota", {"quota": {"remain": "many"}}, "unknown wechat.customer_unknown"),
        ("quota", {"quota": {"remain": -1}}, "broken wechat.used_up"),
        ("quota", {"quota": {"remain": 1}}, "good wechat.customer"),
        ("subscribe-get", {}, "unknown wechat.template_unknown"),
        ("subscribe-get", {"data": {"list": []}}, "unknown wechat.template_unknown"),
        ("subscribe-get", {"data": [{"id": "S2"}]}, "unknown wechat.template_unknown"),
        ("subscribe-get", {"data": []}, "broken wechat.no_template"),
        ("subscribe-get", {"data": [{"priTmplId": "S9"}]}, "broken wechat.no_template"),
        ("subscribe-get", {"data": [{"priTmplId": "S2"}]}, "good wechat.template"),
        ("template-get", {}, "unknown wechat.template_unknown"),
    ],
)
def test_a_field_that_is_not_there_in_wechat(call: str, body: object, wanted: str, tmp_path: Path) -> None:
    with wechat(tmp_path, templates={"progress": "T1", "subscription": "S2"}) as (config, fake):
        fake.faults.always(call, Fault(body=json.dumps(body).encode()))
        found = marks(config, live=True)
    assert wanted in found
    assert "good token" in found


@pytest.mark.parametrize(
    ("body", "wanted", "told"),
    [
        ({"close": 1}, "broken wecom.closed", True),
        ({"close": 0}, "unknown wecom.open_unknown", False),
        ({}, "unknown wecom.open_unknown", True),
        ({"close": "1"}, "unknown wecom.open_unknown", True),
    ],
)
def test_whether_the_application_is_open(body: object, wanted: str, told: bool, tmp_path: Path) -> None:
    with wecom(tmp_path) as (config, fake):
        fake.faults.always("agent", Fault(body=json.dumps(body).encode()))
        assert (wanted in marks(config, live=True)) == told


@pytest.mark.parametrize("gone", [Fault(status=404), Fault(body=b"<html>"), Fault(cut=True)])
@pytest.mark.parametrize("call", ["quota", "subscribe-get"])
def test_an_address_that_is_not_there_hides_nothing_else(call: str, gone: Fault, tmp_path: Path) -> None:
    with wechat(tmp_path, templates={"progress": "T1", "subscription": "S2"}) as (config, fake):
        fake.faults.always(call, gone)
        found = marks(config, live=True)
    assert any(one.startswith("unknown wechat.") for one in found)
    assert {"good token", "good wechat.template"} <= found


@pytest.mark.parametrize("place", [wechat, wecom, telegram])
def test_no_answer_of_any_shape_ends_the_doctor(
    place: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every call answered in every odd way: a line in Chinese each time, and the sum at the end."""
    more = {"templates": {"progress": "T1", "subscription": "S2"}} if place is wechat else {}
    with place(tmp_path, **more) as (config, fake):  # type: ignore[operator]
        for call, part in PARTS[place].items():  # type: ignore[index]
            for odd in (*WHOLE, *({"ok": True, "errcode": 0, part: value} for value in PART)):
                fake.faults.always(call, Fault(body=json.dumps(odd).encode()))
                doctor.run(config, SystemClock(), live=True)
                out = capsys.readouterr().out
                assert "各平台也问过了" in out, (call, odd)
            fake.faults.always(call, None)


def test_what_could_not_be_found_out_is_counted_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with wecom(tmp_path) as (config, fake):
        fake.faults.always("agent", Fault(body=b"{}"))
        doctor.run(config, SystemClock(), live=True)
    out = capsys.readouterr().out
    assert "不明 1 项" in out
    assert "  不明 应用是不是启用没问出来（?）" in out
