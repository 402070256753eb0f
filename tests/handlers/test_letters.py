"""Letters of one turn: joined per recipient, held at night, red at once, in the reader's script, with their buttons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handlers.clocks import CalendarHours, QuietHours
from handlers.gathered import Gathered
from handlers.incoming import Incoming
from handlers.letters import Button, Letter, to_duty_desk
from handlers.raw import RawText
from handlers.thread import Choice, Thread
from handlers.town import DUTY_DESK
from handlers.turn import Turn
from handlers.working_set import WorkingSet
from tests.handlers.ear import ScriptedEar
from tests.handlers.room import MORNING
from tests.handlers.stubs import ZONE, rules
from tests.handlers.town import town

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=ZONE)
SEVEN = datetime(2026, 3, 3, 7, 0, tzinfo=ZONE)


def turn(at: datetime = MORNING, who: str = "zhang") -> Turn:
    """A turn in which somebody speaks in private."""
    address = f"wechat:room:{who}"
    people = dict(town().people)
    ws = WorkingSet(senders={address: who}, people=people, threads={"huang": Thread(person="huang", script="hant")})
    incoming = Incoming(platform="wechat", key="k", sender=address, chat=address, text=RawText("你好"), said_at=at)
    return Turn(rules(ScriptedEar()), ws, at, incoming)


def letters(one: Turn) -> list[Letter]:
    """What the turn sends."""
    return list(one.effects().letters)


def test_two_pushes_to_one_person_are_one_letter() -> None:
    one = turn()
    one.push("li", "第一句", case="A0001", buttons=(Button("接单", "accept:A0001"),))
    one.push("li", "第二句", case="A0001", red=True, buttons=(Button("反馈", "feed_back:A0001"),))
    one.push("sun", "别人的")
    first, second = letters(one)
    assert (first.to, first.text, first.red) == ("li", "第一句\n第二句", True)
    assert [button.label for button in first.buttons] == ["接单", "反馈"]
    assert second.to == "sun"


def test_a_sentence_said_twice_is_said_once_and_keeps_what_hangs_on_it() -> None:
    one = turn()
    one.push("li", "居民催办：A0001", buttons=(Button("接单", "accept:A0001"),))
    one.push("li", "居民催办：A0001", buttons=(Button("反馈", "feed_back:A0001"),), photos=("p1",))
    (letter,) = letters(one)
    assert letter.text == "居民催办：A0001"
    assert len(letter.buttons) == 2
    assert letter.photos == ("p1",)


def test_what_is_pushed_to_the_speaker_joins_the_answer() -> None:
    one = turn(who="li")
    one.say("handler.fed_back", number="A0001")
    one.push("li", "还有一句", case="A0001")
    (letter,) = letters(one)
    assert (letter.kind, letter.chat) == ("reply", "wechat:room:li")
    assert letter.text.endswith("\n还有一句")


def test_nothing_said_is_no_letter() -> None:
    assert letters(turn()) == []


def test_a_resident_rests_at_night_and_staff_and_red_do_not() -> None:
    one = turn(NIGHT)
    for who, red in (("guo", False), ("li", False), (DUTY_DESK, False), ("new", True)):
        one.push(who, "有进展", red=red)
    held = {letter.to: letter.not_before for letter in letters(one)}
    assert held == {"guo": SEVEN, "li": None, DUTY_DESK: None, "new": None}


def test_the_answer_to_words_just_said_waits_for_nobody() -> None:
    one = turn(NIGHT)
    one.say("status.none")
    one.push("zhang", "有进展")
    assert [(letter.kind, letter.not_before) for letter in letters(one)] == [("reply", None), ("push", SEVEN)]


def test_the_duty_desk_is_its_people() -> None:
    one = turn()
    one.push(DUTY_DESK, "请看")
    assert letters(one)[0].people == ("chen", "pan")
    assert to_duty_desk(one.rules.town, "请看").people == ("chen", "pan")
    assert to_duty_desk(one.rules.town, "请看").red


def test_each_reader_reads_their_own_script() -> None:
    one = turn()
    one.push("huang", "有进展", buttons=(Button("催办", "urge:A0001"),))
    one.push("guo", "有进展")
    found = {letter.to: letter for letter in letters(one)}
    assert found["huang"].text == "繁·有进展"
    assert found["huang"].buttons == (Button("繁·催办", "urge:A0001"),)
    assert found["guo"].text == "有进展"


def test_choices_are_buttons_and_a_question() -> None:
    one = turn()
    one.say("mediation.offer")
    one.await_answer("mediate", case="A0001", choices=(Choice("愿意", "mediate_yes"),))
    effects = one.effects()
    assert effects.letters[0].buttons == (Button("愿意", "pick:A0001:mediate_yes"),)
    assert [question.kind for question in effects.threads[0].questions] == ["mediate"]


def test_what_is_said_in_private_leaves_the_group() -> None:
    one = turn(NIGHT, who="li")
    one.group = "jr-2-work"
    with one.in_private():
        one.say("tasks.none")
    (letter,) = letters(one)
    assert (letter.to, letter.kind, letter.not_before) == ("li", "push", None)


def test_a_turn_takes_reserved_numbers_in_order_and_no_more() -> None:
    one = turn()
    one.ws.numbers.extend(["A0001", "A0002"])
    fresh = Turn(one.rules, one.ws, MORNING, one.incoming)
    assert [fresh.number(), fresh.number()] == ["A0001", "A0002"]
    with pytest.raises(LookupError, match="no case number"):
        fresh.number()
    assert list(fresh.ws.numbers) == ["A0001", "A0002"], "a turn changes nothing but its own effects"


def test_cards_and_edits_are_never_joined() -> None:
    tray = Gathered()
    for kind in ("card", "edit", "edit"):
        tray.post(Letter(to="jr-2-work", text=kind, kind=kind, case="A0001"))
    assert len(tray.letters) == 3


@pytest.mark.parametrize(
    ("clock", "until"),
    [("21:59", None), ("22:00", "07:00"), ("23:59", "07:00"), ("03:00", "07:00"), ("06:59", "07:00"), ("07:00", None),
     ("12:00", None)],
)  # fmt: skip
def test_quiet_hours_over_midnight(clock: str, until: str | None) -> None:
    quiet = QuietHours.parse("22:00-07:00", ZONE)
    hour, minute = map(int, clock.split(":"))
    moment = datetime(2026, 3, 2, hour, minute, tzinfo=ZONE)
    after = quiet.after(moment)
    assert quiet.holds(moment) is (until is not None)
    assert (after.astimezone(ZONE).strftime("%H:%M") if after else None) == until
    assert after is None or timedelta(0) < after - moment <= timedelta(hours=9)


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = QuietHours.parse("12:00-14:00", ZONE)
    assert noon.after(datetime(2026, 3, 2, 13, 0, tzinfo=ZONE)) == datetime(2026, 3, 2, 14, 0, tzinfo=ZONE)
    assert noon.after(datetime(2026, 3, 2, 23, 0, tzinfo=ZONE)) is None
    never = QuietHours.parse("00:00-00:00", ZONE)
    assert never.after(NIGHT) is None


@pytest.mark.parametrize(
    ("span", "now", "begins", "ends"),
    [("21:00-07:30", "2026-03-02T20:00", "2026-03-02T21:00", "2026-03-03T07:30"),
     ("21:00-07:30", "2026-03-02T21:00", "2026-03-02T21:00", "2026-03-03T07:30"),
     ("21:00-07:30", "2026-03-03T07:30", "2026-03-03T21:00", "2026-03-04T07:30"),
     ("12:00-14:00", "2026-03-02T15:00", "2026-03-03T12:00", "2026-03-03T14:00"),
     ("00:00-00:00", "2026-03-02T15:00", "2026-03-03T00:00", "2026-03-03T00:00")],
)  # fmt: skip
def test_the_next_rest(span: str, now: str, begins: str, ends: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=ZONE).astimezone(UTC)
    found = [at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") for at in QuietHours.parse(span, ZONE).next(moment)]
    assert found == [begins, ends]


def test_hours_by_the_calendar() -> None:
    assert CalendarHours().add(MORNING, 0.25) - MORNING == timedelta(minutes=15)
