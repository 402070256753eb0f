"""When somebody comes by: what may be sent to them from now on, and what was held is read out, once, in the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.batch import Batch, Result
from bot.clock import FakeClock
from bot.config_platforms import WechatConfig
from bot.doors import Delivery
from bot.platforms.wechat import WeChatHook
from bot.platforms.wechat_visits import WeChatVisits
from bot.present import Present
from bot.secret import Secret
from bot.visits import Visits
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Letter
from handlers.raw import RawText
from storage.store import Store
from storage.values import Written
from tests import postgres
from tests.fakes.wechat import Pusher
from tests.left_out import leave_out
from tests.product import ROOT, make_tables, product
from tests.storage.making import take_over

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")
CHAT = "wechat:gh:oWang"
HEAD = "还有这些之前没能发给您："
QUESTION = "查进度"
ACCOUNT = WechatConfig(account="gh", app_id="wx2c2769f8efd9abc2", token=Secret("QDG6eK"), mode="plain")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store on each of the two, with the town in it."""
    if request.param == "sqlite":
        found = Store("sqlite://")
        found.create()
        take_town(found)
        yield found
        found.close()
        return
    with postgres.prepared_database(make_tables) as url:
        if url is None:
            leave_out("postgres", "its programs were not found")
        found = Store(url)
        take_town(found)
        yield found
        found.close()


def take_town(store: Store) -> None:
    with store.transaction() as tx:
        take_over(tx, [(p, (f"telegram::{p.id}",)) for p in product().config.town.people.values()])


class Desk:
    """A counter with one WeChat account, and what lies in its tray."""

    def __init__(self, store: Store, config: WechatConfig = ACCOUNT) -> None:
        made = product()
        self.store, self.clock = store, FakeClock(NOW)
        self.batch = Batch(
            store, Present(made.desk, made.ear), self.clock, visits=Visits([WeChatVisits(config)], lambda: HEAD)
        )
        self.keys = 0

    def says(self, words: str = QUESTION, **more: object) -> str:
        """The words of the answer."""
        self.keys += 1
        given: dict[str, object] = {
            "platform": "wechat", "account": "gh", "key": f"k{self.keys}", "sender": CHAT, "chat": CHAT,
            "inline": True, "text": RawText(words), "said_at": self.clock.now(), **more,
        }  # fmt: skip
        return self.serve(Incoming(**given))  # type: ignore[arg-type]

    def serve(self, incoming: Incoming) -> str:
        (result,) = self.batch.serve([incoming])
        assert isinstance(result, Result)
        assert not result.failed
        return result.receipt

    def hold(self, *texts: str, photos: tuple[str, ...] = ()) -> list[int]:
        """Letters that could not go; their numbers."""
        letters = tuple(Letter(to="w", chat=CHAT, text=text, photos=photos) for text in texts)
        with self.store.transaction() as tx:
            tx.flush([Written(effects=Effects(letters=letters))], self.clock.now())
            ids = [one.id for one in tx.letters_of(chat=CHAT, state="waiting")][-len(texts) :]
            assert all(tx.allowing.hold(one, CHAT, "over", self.clock.now(), unless_open=False) for one in ids)
        return ids

    def states(self) -> dict[int, str]:
        with self.store.transaction() as tx:
            return {one.id: one.state for one in tx.letters_of(chat=CHAT)}

    def left(self) -> int:
        """How many messages may still go."""
        n = 0
        with self.store.transaction() as tx:
            while tx.allowing.spend(CHAT, self.clock.now()) is not None:
                n += 1
        return n


def test_what_was_held_is_read_out_once_with_the_next_answer(store: Store) -> None:
    desk = Desk(store)
    first, second = desk.hold("A0001 已派单", "A0001 已办好，解决了吗？")
    plain = Desk(store, replace(ACCOUNT, account="other")).says(sender="wechat:x:o", chat="wechat:x:o", key="p")
    answer = desk.says()
    assert answer == f"{plain}\n\n{HEAD}\nA0001 已派单\nA0001 已办好，解决了吗？"
    states = desk.states()
    assert (states[first], states[second]) == ("folded", "folded")
    assert [state for number, state in states.items() if number > second] == ["inline"]
    assert HEAD not in desk.says()
    with store.transaction() as tx:
        assert tx.allowing.ways([first, second]) == {first: ("read out", ""), second: ("read out", "")}


def test_a_repeat_hears_the_same_words(store: Store) -> None:
    desk = Desk(store)
    desk.hold("A0001 已派单")
    first = desk.says(key="same")
    assert desk.says(key="same") == first
    assert "已派单" in first


def test_where_nothing_else_is_said_it_is_the_answer(store: Store) -> None:
    desk = Desk(store)
    desk.says()
    desk.hold("A0001 已派单")
    assert desk.says("", kind="event", event="click", scene="nothing") == f"{HEAD}\nA0001 已派单"


def test_in_a_danger_nothing_is_read_out(store: Store) -> None:
    desk = Desk(store)
    (number,) = desk.hold("A0001 已派单")
    assert HEAD not in desk.says("健仁小区3号楼着火了，有人被困")
    assert desk.states()[number] == "held"
    assert "已派单" in desk.says()


@pytest.mark.parametrize("certified", [True, False])
def test_what_finds_no_room_goes_by_itself_or_waits_for_the_next_visit(store: Store, certified: bool) -> None:
    desk = Desk(store, replace(ACCOUNT, certified=certified))
    numbers = desk.hold(*(f"{n}" + "长" * 500 for n in range(4)))
    heard = desk.says()
    assert len(heard.encode()) <= 2048
    told = [n for n, number in enumerate(numbers) if desk.states()[number] == "folded"]
    assert told == [0]
    rest = {desk.states()[number] for number in numbers[1:]}
    assert rest == ({"waiting"} if certified else {"held"})
    if not certified:
        visits = [desk.says() for _ in range(3)]
        assert [f"{n}长" in words for n, words in enumerate(visits, 1)] == [True] * 3
        assert {desk.states()[number] for number in numbers} == {"folded"}


def test_one_that_is_longer_than_an_answer_is_still_read(store: Store) -> None:
    desk = Desk(store, replace(ACCOUNT, certified=False))
    desk.says()
    (number,) = desk.hold("长" * 3000)
    desk.says("", kind="event", event="click", scene="nothing")
    assert desk.states()[number] == "folded"


def test_photos_of_what_is_read_out_go_by_themselves(store: Store) -> None:
    desk = Desk(store)
    desk.hold("现场", photos=("p1",))
    assert "现场" in desk.says()
    with store.transaction() as tx:
        assert [(one.text, one.state) for one in tx.letters_of(chat=CHAT, state="waiting")] == [("", "waiting")]


# -- what a visit opens --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "messages", "seconds"),
    [
        ({"kind": "text"}, 5, 48 * 3600),
        ({"kind": "photo"}, 5, 48 * 3600),
        ({"kind": "voice"}, 5, 48 * 3600),
        ({"kind": "location", "location": (33.38, 120.15)}, 5, 48 * 3600),
        ({"kind": "other"}, 5, 48 * 3600),
        ({"kind": "press", "button": "status:"}, 3, 60),
        ({"kind": "event", "event": "click"}, 3, 60),
        ({"kind": "event", "event": "subscribe"}, 3, 60),
        ({"kind": "event", "event": "scan"}, 3, 60),
        ({"kind": "event", "event": "unsubscribe"}, 0, 0),
        ({"kind": "event", "event": "undelivered", "inline": False}, 0, 0),
        ({"kind": "fetched", "inline": False}, 0, 0),
        ({"kind": "voice", "inline": False}, 0, 0),
    ],
)
def test_every_kind_of_visit_opens_its_own(more: dict[str, object], messages: int, seconds: int) -> None:
    store = Store("sqlite://")
    store.create()
    take_town(store)
    desk = Desk(store)
    desk.says("", **more)
    desk.clock.advance(timedelta(seconds=max(seconds - 1, 0)))
    assert desk.left() == messages
    desk.says("", **more)
    desk.clock.advance(timedelta(seconds=seconds + 1))
    assert desk.left() == 0
    store.close()


def test_a_tap_takes_nothing_away_and_leaving_takes_all(store: Store) -> None:
    desk = Desk(store)
    desk.says()
    desk.says("", kind="press", button="status:")
    desk.clock.advance(timedelta(hours=1))
    assert desk.left() == 5
    desk.says("", kind="press", button="status:")
    assert desk.left() == 3
    desk.says()
    desk.says("", kind="event", event="unsubscribe")
    assert desk.left() == 0


def test_the_numbers_are_those_of_the_configuration() -> None:
    store = Store("sqlite://")
    store.create()
    take_town(store)
    budget = replace(ACCOUNT.budget, messages=20, message_hours=1.0)
    desk = Desk(store, replace(ACCOUNT, budget=budget))
    desk.says()
    assert desk.left() == 20
    store.close()


def test_an_account_that_may_not_push_opens_nothing_and_reads_out_all_the_same(store: Store) -> None:
    desk = Desk(store, replace(ACCOUNT, certified=False))
    desk.hold("A0001 已派单")
    assert "已派单" in desk.says()


def test_statements_do_not_depend_on_the_number_of_visits(store: Store) -> None:
    desk, counted, n = Desk(store), [], 0
    for size in (4, 16, 64):
        chats = [f"wechat:gh:o{n + one}" for one in range(size)]
        n += size
        said = [
            Incoming(platform="wechat", account="gh", key=f"n{chat}", sender=chat, chat=chat, inline=True,
                     text=RawText(QUESTION), said_at=NOW)
            for chat in chats
        ]  # fmt: skip
        before = store.statements()
        desk.batch.serve(said)
        counted.append(store.statements() - before)
    assert len(set(counted)) == 1, counted


# -- a template that did not arrive --------------------------------------------------------------------------------


def finished(status: str, number: int) -> Delivery:
    stamp = int(NOW.timestamp())
    xml = (ROOT / "tests/payloads/wechat/event_templatesendjobfinish.xml").read_text("utf-8")
    xml = xml.replace("oResident_1-aZ", "oWang").replace("gh_0123456789ab", "gh")
    assert "success" in xml
    assert "<MsgID>200163836</MsgID>" in xml
    xml = xml.replace("success", status).replace("200163836", str(number))
    return Delivery("POST", Pusher().query(stamp, "n"), {}, xml.encode())


@pytest.mark.parametrize("status", ["failed:user block", "failed: system failed"])
def test_a_template_that_did_not_arrive_is_held_after_all(store: Store, status: str) -> None:
    desk = Desk(store)
    (number,) = desk.hold("A0001 已派单")
    with store.transaction() as tx:
        tx.allowing.release(CHAT, [number], desk.clock.now())
        (claimed,) = [one for one in tx.claim_letters(desk.clock.now(), "me", 9) if one.id == number]
        tx.allowing.note(claimed.id, "template", "over", "template:gh:7")
    hook = WeChatHook(ACCOUNT)
    assert not isinstance(hook.read(finished("success", 7), NOW), Incoming)
    for wrong in (8, 77):
        other = hook.read(finished(status, wrong), NOW)
        assert isinstance(other, Incoming)
        desk.serve(other)
        assert desk.states()[number] == "leased"
    told = hook.read(finished(status, 7), NOW)
    assert isinstance(told, Incoming)
    assert desk.serve(told) == ""
    assert desk.states()[number] == "held"
    with store.transaction() as tx:
        assert tx.allowing.ways([number]) == {number: ("held", "not arrived")}
    assert "已派单" in desk.says()
