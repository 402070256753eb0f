"""The playground's addresses: the page and its files, what a visitor sees, and what happens when somebody acts."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground.static import FOLDER, KINDS
from tests.bot.playground_visitor import JPEG, visiting
from tests.fakes.aio import running

FLY_WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 "


# -- the page and its files --------------------------------------------------------------------------------------------


@running
async def test_the_page_comes_with_a_policy_and_loads_only_its_own_files() -> None:
    async with visiting() as visitor, visitor.session.get(f"{visitor.base}/") as response:
        page = await response.text()
        assert response.status == 200
        assert response.content_type == "text/html"
        assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")
        assert "unsafe" not in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "http:" not in page
    assert "https:" not in page
    assert "<script>" not in page
    assert " style=" not in page


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.iterdir()))
def test_every_file_of_the_page_is_served_asks_again_and_stays_small(name: str) -> None:
    @running
    async def ask() -> None:
        async with visiting() as visitor:
            address = f"{visitor.base}/playground/static/{name}"
            async with visitor.session.get(address) as response:
                body = await response.read()
                assert (response.status, response.content_type) == (200, KINDS[f".{name.rpartition('.')[2]}"])
                assert response.headers["Cache-Control"] == "private, no-cache"
                tag = response.headers["ETag"]
            async with visitor.session.get(address, headers={"If-None-Match": tag}) as again:
                assert (again.status, await again.read()) == (304, b"")
        assert len(body) < 30_000
        if name.endswith(".js"):
            assert body.count(b"\n") <= 250
            assert b"innerHTML" not in body

    ask()


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fapi.py", "%2e%2e%2fapi.py", "app.js%00", ".", "api.py"])
def test_nothing_else_is_served(name: str) -> None:
    @running
    async def ask() -> None:
        async with visiting() as visitor, visitor.session.get(f"{visitor.base}/playground/static/{name}") as response:
            assert response.status == 404

    ask()


# -- watching ----------------------------------------------------------------------------------------------------------


@running
async def test_the_town_is_told_as_the_stage_tells_it() -> None:
    async with visiting() as visitor:
        assert await visitor.get("/playground/api/town") == (200, await visitor.stage.town())


@running
async def test_one_view_holds_the_board_and_every_phone_asked_for() -> None:
    async with visiting() as visitor:
        await visitor.post("say", {"who": "zhang", "text": FLY_WIRE})
        view = await visitor.view("zhang", "jr-2-work", "li")
    assert [line["from"] for line in view["timelines"]["zhang"]] == ["zhang", "bot"]
    assert view["timelines"]["jr-2-work"][0]["buttons"][0]["label"] == "接单"
    assert view["timelines"]["li"] == []
    assert view["board"]["cases"][0]["state_name"] == "已派单"
    assert view["version"] == 1


@running
async def test_tails_count_what_the_bot_said_to_everyone() -> None:
    async with visiting() as visitor:
        await visitor.post("say", {"who": "zhang", "text": "我家闻到好大的煤气味"})
        _, tails = await visitor.get("/playground/api/tails")
    assert (tails["zhang"], tails["safety-work"], tails["li"]) == (1, 1, 0)


@running
async def test_changes_wait_for_the_next_change() -> None:
    async with visiting() as visitor:
        assert await visitor.get("/playground/api/changes?since=7") == (200, {"version": 0})
        waiting = asyncio.create_task(visitor.get("/playground/api/changes?since=0"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        await visitor.post("advance", {"seconds": 60})
        assert await waiting == (200, {"version": 1})


@running
async def test_a_case_is_told_with_its_history_or_not_at_all() -> None:
    async with visiting() as visitor:
        await visitor.post("say", {"who": "zhang", "text": FLY_WIRE})
        status, case = await visitor.get("/playground/api/case/A0001")
        assert (status, [entry["step_name"] for entry in case["history"]]) == (200, ["居民上报", "派单"])
        assert await visitor.get("/playground/api/case/A0009") == (404, {"error": "没有这个编号的事件。"})


# -- acting ------------------------------------------------------------------------------------------------------------


@running
async def test_the_story_from_the_first_word_to_the_rating() -> None:
    async with visiting() as visitor:
        done = (200, {"done": True})
        assert await visitor.post("say", {"who": "zhang", "text": FLY_WIRE}) == done
        assert await visitor.post("press", {"who": "li", "chat": "jr-2-work", "mark": "accept:A0001"}) == done
        assert await visitor.post("say", {"who": "li", "text": "反馈 A0001 已劝离"}) == done
        assert await visitor.post("press", {"who": "zhang", "mark": "pick:A0001:solved"}) == done
        view = await visitor.view("zhang")
    assert view["board"]["cases"][0]["state"] == "closed"


@running
async def test_words_in_a_group_may_mention_the_bot() -> None:
    async with visiting() as visitor:
        await visitor.post("say", {"who": "zhang", "chat": "jr-2-res", "text": "大家好"})
        await visitor.post("say", {"who": "zhang", "chat": "jr-2-res", "text": "在吗", "addressed": True})
        lines = (await visitor.view("jr-2-res"))["timelines"]["jr-2-res"]
    assert [line["from"] for line in lines] == ["zhang", "zhang", "bot"]


@running
async def test_voice_place_and_clock() -> None:
    async with visiting() as visitor:
        await visitor.post("voice", {"who": "zhang", "text": "垃圾没人收"})
        await visitor.post("location", {"who": "zhang", "lat": 33.38, "lon": 120.15})
        await visitor.post("advance", {"seconds": 86400})
        view = await visitor.view("zhang")
        assert [line["kind"] for line in view["timelines"]["zhang"]] == ["voice", "reply", "location", "reply"]
        assert view["board"]["now"].startswith("2026-03-03T09:00")
        await visitor.post("reset", {})
        assert (await visitor.view("zhang"))["timelines"]["zhang"] == []


@pytest.mark.parametrize(("data", "kind"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")])
def test_a_photo_comes_back_as_it_was_sent(data: bytes, kind: str) -> None:
    @running
    async def send() -> None:
        async with visiting() as visitor:
            assert await visitor.send(data, who="zhang", caption="就是这根线") == (200, {"done": True})
            line = (await visitor.view("zhang"))["timelines"]["zhang"][0]
            assert (line["kind"], line["text"]) == ("photo", "就是这根线")
            async with visitor.session.get(f"{visitor.base}/playground/api/photo/{line['photos'][0]}") as response:
                assert (response.content_type, await response.read()) == (kind, data)
                assert response.headers["Content-Security-Policy"]

    send()
