"""Stories of people and groups that come and go while the town runs: codes, nominations, leave, departure."""

from __future__ import annotations

import json
import re

import pytest

from bot.app import stage
from bot.clock import FakeClock
from bot.play import play
from handlers.cases import State
from handlers.town import Role
from tests.product import product
from tests.stories.conftest import START
from tests.stories.story import Story

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电"


def code(story: Story, who: str) -> str:
    """The one-time code in what somebody has just been sent."""
    found = [match.group(1) for text in story.heard(who) for match in re.finditer(r"绑定 (\d{6})", text)]
    assert found, story.heard(who)
    return found[-1]


def test_who_is_invited_serves_at_once(anywhere: Story) -> None:
    story = anywhere
    story.says("韩书记", "邀请 网格员 健仁第二网格 钱进")
    secret = code(story, "韩书记")
    story.says("newcomer", f"绑定 {secret}")
    story.hears("newcomer", "钱进，绑定好了：健仁第二网格 网格员")
    story.says("张阿姨", WIRE)
    story.says("newcomer", "接单 A0001")
    story.hears("张阿姨", "网格员钱进已接单")
    story.says("somebody", f"绑定 {secret}")
    story.hears("somebody", "不对或已失效")
    assert story.stage.town.people["newcomer"].roles == {Role.GRID_WORKER}


def test_the_link_of_telegram_is_as_good_as_the_word(story: Story) -> None:
    story.says("chen", "邀请 调解员 盐龙街道 高兴")
    secret = code(story, "chen")
    story.follows("gao-xing", f"bind_{secret}")
    story.hears("gao-xing", "高兴，绑定好了")
    story.follows("another", f"bind_{secret}")
    story.hears("another", "不对或已失效")


def test_an_account_is_bound_to_a_person_who_is_there_already(story: Story) -> None:
    story.says("韩书记", "邀请 李明")
    secret = code(story, "韩书记")
    story.says("li-new-phone", f"绑定 {secret}")
    story.hears("li-new-phone", "李明，账号绑定好了")
    with story.stage.store.reading() as reader:
        assert story.stage.address("li-new-phone") in reader.accounts_of("li")


@pytest.mark.parametrize(
    "words",
    ["邀请 管理员 健仁社区 钱进", "邀请 值班员 健仁社区 钱进", "邀请 网格长 健仁社区 钱进", "邀请 潘磊", "邀请 陈明远",
     "邀请 网格员 龙港第一网格 钱进", "邀请 网格员 盐龙街道 钱进"],
)  # fmt: skip
def test_nobody_gives_more_than_their_own(story: Story, words: str) -> None:
    story.says("韩书记", words)
    story.hears("韩书记", "没有这项权限")


def test_codes_cannot_be_guessed(story: Story) -> None:
    story.says("韩书记", "邀请 网格员 健仁第二网格 钱进")
    secret = code(story, "韩书记")
    for n in range(5):
        story.says("thief", f"绑定 {(int(secret) + n + 1) % 10**6:06d}")
        story.hears("thief", "不对或已失效")
    story.says("thief", f"绑定 {secret}")
    story.hears("thief", "明天再试")
    assert "thief" not in story.stage.town.people
    story.passes("8d")
    story.says("thief", f"绑定 {secret}")
    story.hears("thief", "不对或已失效")


def test_the_codes_of_who_has_left_are_worth_nothing(story: Story) -> None:
    story.says("韩书记", "邀请 网格员 健仁第二网格 钱进")
    secret = code(story, "韩书记")
    story.says("pan", "离岗 韩志刚")
    story.says("newcomer", f"绑定 {secret}")
    story.hears("newcomer", "不对或已失效")


def test_a_neighbour_is_put_forward_and_approved(story: Story) -> None:
    story.says("li", "提名 周大妈 健仁第二网格一微格 联络员")
    story.hears("li", "已提名周大妈")
    assert not re.search(r"\d{6}", "".join(story.heard("li"))), "the code comes with the approval"
    story.hears("韩书记", "李明提名周大妈")
    story.presses("韩书记", "批准")
    secret = code(story, "li")
    story.says("zhou-dama", f"绑定 {secret}")
    story.hears("zhou-dama", "联络员")
    assert story.stage.town.people["zhou-dama"].has(Role.LIAISON)
    story.says("chen", f"批准 {secret}")
    story.hears("chen", "已经处理过")


def test_a_nomination_may_be_turned_down(story: Story) -> None:
    story.says("li", "提名 周大妈 健仁第二网格一微格 志愿者")
    story.presses("韩书记", "不同意")
    story.hears("li", "没有批准周大妈")
    story.says("li", "提名 周大妈 龙港第一网格一微格")
    story.hears("li", "没有这项权限")


def test_a_chat_becomes_a_group(story: Story) -> None:
    story.stage.chats.add("new-chat")
    story.says("li", "绑定群 健仁第二网格 居民群", into="new-chat", at=True)
    assert story.shown[0].letter.text.startswith("您没有这项权限")
    story.says("韩书记", "绑定群 健仁第二网格 居民群", into="new-chat", at=True)
    (shown,) = story.shown
    assert (shown.letter.chat, shown.letter.text) == (
        story.stage.chat("new-chat"),
        "好的，这个群绑定为健仁第二网格居民群。",
    )
    assert "jr-2-residents-1" in story.stage.town.groups
    story.says("韩书记", "绑定群 龙港第一网格 工作群", into="new-chat", at=True)
    assert story.shown[0].letter.text.startswith("您没有这项权限")
    story.says("韩书记", "绑定群 健仁第二网格")
    story.hears("韩书记", "请在要绑定的群里")


def test_leave_and_cover(story: Story) -> None:
    story.says("张阿姨", WIRE)
    story.says("li", "接单 A0001")
    story.says("li", "请假 到3月9日")
    story.hears("li", "请假到3月9日", "赵强", "A0001 还在您名下")
    story.hears("韩书记", "李明请假到3月9日", "A0001")
    away = story.stage.town.people["li"].away_until
    assert away is not None
    assert away.astimezone(story.stage.zone).isoformat() == "2026-03-10T00:00:00+08:00"
    story.says("韩书记", "销假 李明")
    assert story.stage.town.people["li"].away_until is None
    story.says("韩书记", "请假 吴涛 3天")
    story.hears("韩书记", "没有这项权限")
    story.says("韩书记", "请假 李明 3天")
    story.hears("韩书记", "A0001 还在您名下")
    story.hears("li", "韩志刚为您登记了请假")
    story.says("li", "请假 不知道")
    story.hears("li", "请假到什么时候")


def test_who_leaves_has_no_rights_and_their_case_goes_back(anywhere: Story) -> None:
    story = anywhere
    story.says("张阿姨", WIRE)
    story.says("li", "接单 A0001")
    story.says("韩书记", "离岗 李明")
    story.hears("韩书记", "李明已离岗", "A0001")
    assert (story.case().state, story.case().lead_person) == (State.ASSIGNED, "")
    story.says("li", "接单 A0001")
    story.hears("li", "工作人员的操作")
    story.says("li", "我的待办")
    assert "待办 1 件" not in "".join(story.heard("li"))
    story.says("韩书记", "复岗 李明")
    story.says("li", "接单 A0001")
    assert story.case().lead_person == "li"
    for words in ("离岗 韩志刚", "离岗 陈明远", "离岗 吴涛"):
        story.says("韩书记", words)
        story.hears("韩书记", "没有这项权限")


def test_people_are_no_matter_for_groups(story: Story) -> None:
    for words in ("邀请 网格员 健仁第二网格 钱进", "请假 3天", "离岗 赵强", "绑定 123456"):
        story.says("韩书记", words, into="第二网格工作群", at=True)
        story.hears("韩书记", "请私聊")
        story.hears("第二网格工作群", "已私聊回复", but_not=words.split()[1:])


def test_a_play_with_codes_is_the_same_to_the_byte() -> None:
    said = {
        "han": "邀请 网格员 健仁第二网格 钱进",
        "li": "提名 周大妈 健仁第二网格一微格",
        "chen": "群发 健仁社区 停水",
    }
    lines = [{"as": who, "say": words} for who, words in said.items()]
    told = []
    for _ in range(2):
        made = stage(product(), FakeClock(START))
        told.append(list(play(made, map(json.dumps, lines))))
        made.store.close()
    assert told[0] == told[1]
    assert "绑定 " in told[0][0]
