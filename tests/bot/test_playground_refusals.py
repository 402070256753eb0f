"""What the playground refuses, in which words, and who may enter."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from bot.playground import posted
from tests.bot.playground_visitor import JPEG, OURS, WORDS, visiting
from tests.fakes.aio import running
from tests.house import ROOT

BAD = [
    ("say", {"who": "zhang", "text": "  "}, "还没写内容呢。"),
    ("say", {"who": "zhang"}, "还没写内容呢。"),
    ("say", {"who": "zhang", "text": 7}, "发来的内容没看懂，请刷新页面再试。"),
    ("say", {"who": "zhang", "text": "好\u0000"}, "发来的内容没看懂，请刷新页面再试。"),
    ("say", {"who": "zhang", "text": "好\ud800"}, "发来的内容没看懂，请刷新页面再试。"),
    ("say", {"who": "zhang", "text": "好" * 2001}, "一次最多写 2000 个字，请分几次说。"),
    ("say", {"who": "zhang", "text": "好", "addressed": "yes"}, "发来的内容没看懂，请刷新页面再试。"),
    ("say", {"text": "好"}, "没说是谁的手机。"),
    ("say", {"who": "nobody", "text": "好"}, "小镇里没有这个人或这个群。"),
    ("say", {"who": "jr-2-work", "text": "好"}, "小镇里没有这个人或这个群。"),
    ("say", {"who": "zhang", "text": "好", "chat": "nowhere"}, "小镇里没有这个人或这个群。"),
    ("say", {"who": "zhang", "text": "好", "chat": "jr-2-work"}, "这个人不在这个群里。"),
    ("say", ["zhang"], "发来的内容没看懂，请刷新页面再试。"),
    ("voice", {"who": "zhang"}, "还没写内容呢。"),
    ("press", {"who": "zhang"}, "没说按的是哪个按钮。"),
    ("location", {"who": "zhang", "lat": 91, "lon": 0}, "纬度应在 -90 到 90 之间。"),
    ("location", {"who": "zhang", "lat": 0, "lon": 181}, "经度应在 -180 到 180 之间。"),
    ("location", {"who": "zhang", "lat": "33", "lon": 0}, "发来的内容没看懂，请刷新页面再试。"),
    ("advance", {"seconds": 0}, "时钟一次可以往前走 1 秒到 31 天。"),
    ("advance", {"seconds": 10**400}, "时钟一次可以往前走 1 秒到 31 天。"),
    ("advance", {"seconds": float("nan")}, "时钟一次可以往前走 1 秒到 31 天。"),
    ("advance", {"seconds": True}, "发来的内容没看懂，请刷新页面再试。"),
]


@pytest.mark.parametrize(("path", "body", "sentence"), BAD)
def test_bad_input_is_answered_with_a_sentence_and_changes_nothing(path: str, body: Any, sentence: str) -> None:
    @running
    async def post() -> None:
        async with visiting() as visitor:
            assert await visitor.post(path, body) == (400, {"error": sentence})
            assert await visitor.stage.version() == 0

    post()


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("view?who=nobody", 400, "小镇里没有这个人或这个群。"),
        ("view?" + "&".join(["who=li"] * 7), 400, "一次最多看六部手机。"),
        ("changes", 400, "版本号应是一个整数。"),
        ("changes?since=-1", 400, "版本号应是一个整数。"),
        ("changes?since=²", 400, "版本号应是一个整数。"),
        ("photo/p9", 404, "这张照片已经不在了。"),
    ],
)
def test_bad_questions_are_answered_with_a_sentence(path: str, status: int, sentence: str) -> None:
    @running
    async def ask() -> None:
        async with visiting() as visitor:
            assert await visitor.get(f"/playground/api/{path}") == (status, {"error": sentence})

    ask()


@running
async def test_what_is_no_json_is_refused() -> None:
    async with visiting() as visitor:
        address = f"{visitor.base}/playground/api/say"
        for data, kind, status in (
            (b"{", "application/json", 400),
            (b"[" * 9000, "application/json", 400),
            (b"{}", "text/plain", 415),
            (b"who=zhang", "application/x-www-form-urlencoded", 415),
            (b" " * (posted.JSON_LIMIT + 1), "application/json", 413),
        ):
            headers = {**OURS, "Content-Type": kind}
            async with visitor.session.post(address, data=data, headers=headers) as response:
                assert response.status == status
                assert (await response.json())["error"].endswith("。")


@running
async def test_photos_that_are_none_or_too_large_are_refused() -> None:
    async with visiting() as visitor:
        assert await visitor.send(b"<svg/>", who="zhang") == (400, {"error": WORDS["playground.error.photo.kind"]})
        assert await visitor.send(None, who="zhang") == (400, {"error": "没有收到照片。"})
        assert await visitor.send(JPEG, who="nobody") == (400, {"error": "小镇里没有这个人或这个群。"})
        large = await visitor.send(JPEG + bytes(posted.PHOTO_LIMIT), who="zhang")
        assert large == (413, {"error": "照片太大了，最大 10 MB。"})
        status, _ = await visitor.post("photo", {"who": "zhang"})
        assert status == 415
        many = {f"field{n}": "x" for n in range(20)}
        assert (await visitor.send(JPEG, who="zhang", **many))[0] == 400
        assert await visitor.stage.version() == 0


# -- who may enter -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["say", "photo", "location", "voice", "press", "advance", "reset"])
def test_another_site_cannot_act_here(path: str) -> None:
    @running
    async def post() -> None:
        async with visiting() as visitor:
            assert await visitor.post(path, {}, headers={}) == (
                403,
                {"error": "这个请求不是从体验页面发出的，没有执行。"},
            )
            assert await visitor.stage.version() == 0

    post()


def _basic(words: str) -> str:
    return "Basic " + b64encode(words.encode()).decode()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("", 401),
        (_basic("guest:falsch"), 401),
        (_basic("guest"), 401),
        (_basic("guest:"), 401),
        ("Basic !!!", 401),
        ("Basic /w==", 401),
        ("Bearer 盐龙", 401),
        (_basic("guest:网格:1"), 200),
        (_basic(":网格:1"), 200),
    ],
)
def test_a_password_stands_before_everything(header: str, status: int) -> None:
    @running
    async def enter() -> None:
        async with visiting("网格:1") as visitor:
            for path in ("/", "/playground/static/app.js", "/playground/api/town"):
                headers = {"Authorization": header} if header else {}
                async with visitor.session.get(visitor.base + path, headers=headers) as response:
                    assert response.status == status
                    assert ("WWW-Authenticate" in response.headers) == (status == 401)
            refused = await visitor.post("reset", {}, headers={**OURS, "Authorization": header})
            assert refused[0] == status

    enter()


def test_every_refusal_has_its_words() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot" / "playground").glob("*.py"))
    known = {key.removeprefix("playground.error.") for key in WORDS if key.startswith("playground.error.")}
    plain = {key for key in known if f'"{key}"' in source}
    assert known - plain == {"empty.text", "empty.mark", "empty.who", "range.lat", "range.lon", "range.seconds"}
