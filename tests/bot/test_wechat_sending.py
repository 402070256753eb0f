"""How letters leave through WeChat: tokens, windows, menus, templates, photos, and what each error means."""

from __future__ import annotations

import json
import logging

import pytest

from bot.doors import SendFailed
from bot.platforms.wechat_templates import Template, fitted
from bot.platforms.wechat_transport import Transport
from handlers.letters import Button
from tests.fakes.aio import running
from tests.fakes.answers import ACCOUNT, PERMANENT, RETRY, UNWELL, meaning
from tests.fakes.faults import Fault
from tests.fakes.letters import letter, mark
from tests.fakes.wechat import code
from tests.fakes.wechat_stage import ALBUM, OPENID, stage

# -- words, menus, photos ------------------------------------------------------------------------------------------


@running
async def test_words_are_sent_to_the_openid() -> None:
    async with stage() as s:
        assert await s.account.deliver(letter(text="已派单：第二网格\n预计今天")) == ""
        assert s.fake.sent == [{"touser": OPENID, "msgtype": "text", "text": {"content": "已派单：第二网格\n预计今天"}}]


@running
async def test_buttons_become_a_menu_and_where_menus_are_not_allowed_words() -> None:
    buttons = (Button("已解决", "rate:A0001:5"), Button("没解决", "rate:A0001:1"))
    async with stage() as s:
        await s.account.deliver(letter(1, text="解决了吗？", buttons=buttons))
        s.fake.menus = False
        await s.account.deliver(letter(2, text="解决了吗？", buttons=buttons))
        menu = s.fake.sent[0]["msgmenu"]
        assert menu["head_content"] == "解决了吗？"
        assert menu["list"] == [
            {"id": mark(1), "content": "已解决"},
            {"id": mark(1, 1), "content": "没解决"},
        ]
        assert s.fake.sent[1]["msgtype"] == "text"
    async with stage(kind="subscription") as s:
        await s.account.deliver(letter(1, text="解决了吗？", buttons=buttons))
        assert s.fake.sent[0]["msgtype"] == "text"
        assert not s.account.abilities.buttons


@running
async def test_an_edit_is_its_follow_up_and_long_words_are_cut() -> None:
    async with stage() as s:
        await s.account.deliver(letter(1, kind="edit", text="卡片", follow_up="已办结"))
        await s.account.deliver(letter(2, kind="edit", text="卡片"))
        await s.account.deliver(letter(3, text="长" * 3000 + "\x00"))
        words = [sent["text"]["content"] for sent in s.fake.sent]
        assert words[:2] == ["已办结", "卡片"]
        assert len(words[2].encode()) <= 2048
        assert words[2].endswith("…")


@running
async def test_photos_follow_the_words_and_a_lost_photo_does_not_hold_them_up() -> None:
    async with stage() as s:
        await s.account.deliver(letter(1, text="现场", photos=("p1", "gone", "p2")))
        assert [sent["msgtype"] for sent in s.fake.sent] == ["text", "image", "image"]
        kept = [s.fake.media[sent["image"]["media_id"]][0] for sent in s.fake.sent[1:]]
        assert kept == list(ALBUM.values())
        await s.account.deliver(letter(2, text="", photos=("p1",)))
        assert s.fake.sent[-1]["msgtype"] == "image"


@running
async def test_a_retry_does_not_repeat_what_has_left() -> None:
    async with stage() as s:
        many = letter(7, text="现场", photos=("p1", "p2"))
        s.fake.faults.next("custom", Fault(status=503))
        with pytest.raises(SendFailed):
            await s.account.deliver(many)
        assert s.fake.sent == []
        real = s.fake.faults.take

        def third_fails(name: str) -> Fault | None:
            return Fault(cut=True) if name == "custom" and len(s.fake.sent) == 2 else real(name)

        s.fake.faults.take = third_fails  # type: ignore[method-assign]
        with pytest.raises(SendFailed):
            await s.account.deliver(many)
        s.fake.faults.take = real  # type: ignore[method-assign]
        await s.account.deliver(many)
        assert [sent["msgtype"] for sent in s.fake.sent] == ["text", "image", "image"]


@running
async def test_a_photo_that_is_refused_is_the_letters_failure() -> None:
    async with stage() as s:
        s.fake.faults.next("upload", Fault(body=b"{}"))
        with pytest.raises(SendFailed, match="no media_id"):
            await s.account.deliver(letter(1, photos=("p1",)))
        s.fake.faults.next("upload", code(0, media_id="unknown"))
        with pytest.raises(SendFailed, match="40007") as caught:
            await s.account.deliver(letter(2, photos=("p1",)))
        assert caught.value.permanent


@pytest.mark.parametrize(("mode", "warned"), [("secure", False), ("compatible", True), ("plain", True)])
@running
async def test_a_mode_in_which_others_can_read_is_told_at_the_start(
    mode: str, warned: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async with stage(mode=mode):
        assert any("use secure" in line for line in caplog.messages) == warned


# -- templates -----------------------------------------------------------------------------------------


def test_templates_are_written_in_one_line() -> None:
    assert Template.parse("T9").fields["thing2"] == "text"
    mine = Template.parse("T9|thing4=text, phrase1=text,character_string7=case")
    assert (mine.id, dict(mine.fields)) == ("T9", {"thing4": "text", "phrase1": "text", "character_string7": "case"})
    for wrong in ("T9|thing4", "T9|thing4=body", "T9|4=text", "T9|thing4=text,thing4=case"):
        with pytest.raises(ValueError, match="written"):
            Template.parse(wrong)


@pytest.mark.parametrize(
    ("field", "value", "fit"),
    [
        ("thing1", "短", "短"),
        ("thing1", "一" * 21, "一" * 19 + "…"),
        ("thing1", " 两\n行 ", "两 行"),
        ("thing1", "", "-"),
        ("character_string1", "A0001 号", "A0001"),
        ("character_string1", "a" * 40, "a" * 32),
        ("phrase1", "处理中abc请稍候吧", "处理中请稍"),
        ("const1", "已派单", "已派单"),
        ("time1", "2026-03-02 09:00", "2026-03-02 09:00"),
    ],
)
def test_every_field_is_cut_as_its_kind_demands(field: str, value: str, fit: str) -> None:
    assert fitted(field, value) == fit


# -- what errors mean ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "means", "wait"),
    [
        (code(-1), RETRY, None),
        (code(45009), ACCOUNT, 3600.0),
        (code(45011), ACCOUNT, 60.0),
        (code(43101), PERMANENT, None),
        (code(40003), PERMANENT, None),
        (code(40164), ACCOUNT, None),
        (code(48001), ACCOUNT, None),
        (code(40013), ACCOUNT, None),
        (code(40125), ACCOUNT, None),
        (code(50002), ACCOUNT, None),
        (code(40007), PERMANENT, None),
        (code(45002), PERMANENT, None),
        (code(47001), PERMANENT, None),
        (code(47003), PERMANENT, None),
        (code(40037), PERMANENT, None),
        (code(41028), PERMANENT, None),
        (code(99999), PERMANENT, None),
        *UNWELL,
    ],
)
@running
async def test_every_fault_is_classified(fault: Fault, means: str, wait: float | None) -> None:
    async with stage() as s:
        s.fake.faults.next("custom", fault)
        failure = await s.fails()
        assert (meaning(failure), failure.retry_after) == (means, wait)
        await s.account.deliver(letter(2))


@running
async def test_an_answer_that_never_ends_is_cut_off_and_one_that_is_too_large_dropped() -> None:
    async with stage() as s:
        transport = Transport(s.base, total=0.3)
        await transport.start()
        for fault, means in ((Fault(trickle=True), RETRY), (Fault(body=b" " * (2 << 20)), PERMANENT)):
            s.fake.faults.next("token", fault)
            with pytest.raises(SendFailed) as caught:
                await transport.json("POST", "/cgi-bin/stable_token", {})
            assert meaning(caught.value) == means
        await transport.stop()


@running
async def test_nobody_at_the_door_is_the_accounts_trouble() -> None:
    async with stage(base="http://127.0.0.1:9") as s:
        assert meaning(await s.fails()) == ACCOUNT
    async with stage() as s:
        await s.account.stop()
        assert meaning(await s.fails()) == RETRY


# -- media and secrets ---------------------------------------------------------------------------------------------


@running
async def test_media_are_fetched_while_they_last() -> None:
    async with stage() as s:
        s.fake.put("m1", b"\xff\xd8\xff picture")
        s.fake.put("v1", b"....ftypmp42", "video/mp4")
        s.fake.put("a1", b"#!AMR\n", "audio/amr")
        assert await s.account.fetch({"ref": "m1"}) == b"\xff\xd8\xff picture"
        assert await s.account.fetch({"ref": "a1"}) == b"#!AMR\n"
        assert await s.account.fetch({"ref": "v1"}) == b"....ftypmp42"
        s.clock.advance(3 * 86400 + 1)
        for ref in ({"ref": "m1"}, {}):
            with pytest.raises(SendFailed, match="40007") as caught:
                await s.account.fetch(ref)
            assert caught.value.permanent


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest",
        "http://localhost/",
        "https://evil.example/x.qq.com",
        "https://x.qq.com.evil.example/",
        "https://x.qq.com:8443/",
        "http://x.qq.com/",
        "file:///etc/passwd",
        "https://user@[::1]/",
        "http://127.0.0.1:1/",
        "::",
        "",
    ],
)
@running
async def test_a_videos_address_leads_nowhere_else(address: str) -> None:
    async with stage() as s:
        s.fake.faults.next("get", Fault(body=json.dumps({"video_url": address}).encode()))
        with pytest.raises(SendFailed) as caught:
            await s.account.fetch({"ref": "v1"})
        assert caught.value.permanent
        assert "video" not in s.fake.calls


@running
async def test_secrets_stay_out_of_logs_and_failures(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with stage() as s:
        await s.account.deliver(letter(1))
        for fault in (Fault(cut=True), Fault(status=500), code(40001), Fault(body=b"{"), Fault(status=302)):
            s.fake.faults.always("custom", fault)
            failure = await s.fails(2)
            assert "canary" not in repr(failure) + str(failure.__dict__)
            assert failure.__cause__ is None
            assert (
                failure.__suppress_context__ or failure.__context__ is None or "ApiError" in repr(failure.__context__)
            )
        assert "canary" not in repr(s.account) + repr(vars(s.account))
    assert "canary" not in caplog.text
