"""Knows how those who serve react: to cards, alarms and letters, by their buttons and a few traces in the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.acts import Act
from bot.simulation.month import AT_WORK, AWAKE, Month
from bot.simulation.people import Temper, spot
from bot.simulation.plans import Dice, Plan, happens, minutes
from bot.simulation.script import Matter, Script
from bot.simulation.speech import Speech
from handlers.catalogue import Catalogue
from handlers.command import numbers
from handlers.town import Group, Role, Town
from storage.values import Outgoing

_WORK = ((0.4, 20, 180), (0.7, 120, 600), (0.92, 600, 2880), (1.0, 2880, 8600))
"""How long the work takes: up to this share, from so many minutes to so many."""

_RED_WORK = (15, 150)

COMMENTS = 0.02
"""How often a supervisor has something to say to a card."""

_PRESSED = ("publish_yes", "return_matter")
"""Choices that a worker simply presses."""


@dataclass(slots=True)
class Desk:
    """What one person has in hand, and what they are about to do: case → moment at which they mean to be done."""

    busy: dict[str, datetime] = field(default_factory=dict)
    about_to: set[tuple[str, str]] = field(default_factory=set)
    over: set[str] = field(default_factory=set)


class Workers:
    """All who serve."""

    def __init__(self, tempers: Mapping[str, Temper], speech: Speech, month: Month, dice: Dice, catalogue: Catalogue,
                 about: Mapping[str, Matter]) -> None:  # fmt: skip
        self.away: dict[str, tuple[int, int]] = {}
        self._tempers, self._speech, self._month, self._dice = tempers, speech, month, dice
        self._catalogue, self._about = catalogue, about
        self._desks: dict[str, Desk] = {}
        self._taken: set[str] = set()

    @property
    def town(self) -> Town:
        """The town in which they serve."""
        return self._speech.town

    @property
    def _script(self) -> Script:
        return self._speech.script

    # -- reading ---------------------------------------------------------------------------------------------------

    def read(self, who: str, letter: Outgoing, now: datetime, group: Group | None = None) -> list[Plan]:
        """What somebody does about a letter to them, or about a card in a group in which they sit."""
        if self._is_away(who, now):
            return []
        menu = [button.action for button in letter.buttons if button.action.startswith("report_menu:")]
        if menu:
            act = Act(who=who, kind="press", button=self._dice.of(who).choice(menu))
            return [Plan(now + timedelta(minutes=1), act)]
        plans: list[Plan] = []
        for button in letter.buttons:
            if button.action.startswith("accept:"):
                plans += self._accept(who, letter, now, group, _case(button.action))
            elif group is None:
                plans += self._pressing(who, letter, now, button.action)
        if group is None:
            plans += self._told(who, letter, now)
        elif letter.kind == "card" and self.town.people[who].has(Role.SUPERVISOR):
            plans += self._comment(who, letter, now)
        return plans

    def _is_away(self, who: str, now: datetime) -> bool:
        first, last = self.away.get(who, (0, -1))
        return first <= self._month.day_of(now) <= last

    def _pressing(self, who: str, letter: Outgoing, now: datetime, action: str) -> list[Plan]:
        """A button of a letter to one person."""
        verb, case = action.partition(":")[0], _case(action)
        if verb == "acknowledge":
            return self._acknowledge(who, now, case)
        if verb == "feed_back":
            return self._work(who, letter, now, case)
        if verb == "report_in":
            return self._report_in(who, now, case)
        if verb == "merge" or action.endswith(_PRESSED):
            return [Plan(self._soon(who, now), Act(who=who, kind="press", button=action))]
        return []

    def _soon(self, who: str, now: datetime, *, red: bool = False) -> datetime:
        """When the phone is looked at: within the hour by day, in the morning by night, sooner where it is red."""
        dice, temper = self._dice.of(who), self._tempers[who]
        if red:
            return now + minutes(dice, 2, 35 if self._month.at_night(now) else 9)
        slow = 2.0 if self._month.holiday(now.astimezone(self._month.zone).date()) else 1.0
        low, high = temper.looks
        return self._month.within(now + minutes(dice, low, high * slow), AWAKE, dice)

    # -- taking ----------------------------------------------------------------------------------------------------

    def _accept(self, who: str, letter: Outgoing, now: datetime, group: Group | None, case: str) -> list[Plan]:
        self._taken.discard(case)
        desk, dice = self._desk(who), self._dice.of(who)
        if not self._concerned(who, group) or ("accept", case) in desk.about_to:
            return []
        if happens(dice, self._tempers[who].forgets):
            return []
        desk.about_to.add(("accept", case))

        def still() -> bool:
            desk.about_to.discard(("accept", case))
            free = case not in self._taken or happens(dice, 0.03)  # two thumbs at once
            self._taken.add(case)
            return free

        act = Act(who=who, kind="press", button=f"accept:{case}", group=group.id if group else "")
        return [Plan(self._soon(who, now, red=self._red(letter)), act, still)]

    def _concerned(self, who: str, group: Group | None) -> bool:
        """Whether a card in a group is this person's own to take: their unit's or department's."""
        return group is None or self.town.people[who] in self.town.hands(group.department or group.unit)

    def _acknowledge(self, who: str, now: datetime, case: str) -> list[Plan]:
        desk = self._desk(who)
        if ("acknowledge", case) in desk.about_to:
            return []
        desk.about_to.add(("acknowledge", case))
        return [Plan(self._soon(who, now, red=True), Act(who=who, kind="press", button=f"acknowledge:{case}"))]

    def _report_in(self, who: str, now: datetime, case: str) -> list[Plan]:
        """A department that is whistled for: most come, and say later what they did."""
        desk, dice = self._desk(who), self._dice.of(who)
        if ("report_in", case) in desk.about_to:
            return []
        desk.about_to.add(("report_in", case))
        if happens(dice, 0.08):
            return self._line(who, "decline", case, self._script.worker("decline", dice), self._soon(who, now))
        came = self._soon(who, now)
        done = self._month.within(came + minutes(dice, 60, 1200), AT_WORK, dice)
        press = Plan(came, Act(who=who, kind="press", button=f"report_in:{case}"))
        return [press, *self._line(who, "contribute", case, self._script.worker("contribute", dice), done)]

    # -- working ---------------------------------------------------------------------------------------------------

    def _work(self, who: str, letter: Outgoing, now: datetime, case: str) -> list[Plan]:
        """The case is theirs now: pass it on, or ask, call for help, and be done some time."""
        desk, dice, temper = self._desk(who), self._dice.of(who), self._tempers[who]
        if case in desk.busy or letter.case != case:  # in a list it may be a colleague's
            return []
        red = self._red(letter)
        for key, chance in (("give_back", temper.returns), ("hand_over", temper.hands_over),
                            ("raise_up", temper.raises)):  # fmt: skip
            if happens(dice, chance) and not red:
                plans = self._pass_on(who, key, case, self._soon(who, now))
                if plans:
                    return plans
        plans = []
        if happens(dice, temper.whistles):
            plans += self._whistle(who, case, self._soon(who, now))
        if happens(dice, temper.asks):
            plans += self._line(who, "ask", case, self._script.worker("ask", dice), self._soon(who, now))
        elif happens(dice, 0.08):
            plans += self._line(who, "reply", case, self._script.worker("reply", dice), self._soon(who, now))
        if happens(dice, temper.pauses) and not red:
            plans += self._line(who, "pause", case, self._script.worker("pause", dice), self._soon(who, now))
        return [*plans, *self._finish(who, case, self._done_at(who, now, red=red))]

    def _done_at(self, who: str, now: datetime, *, red: bool) -> datetime:
        dice = self._dice.of(who)
        if red:
            return now + minutes(dice, *_RED_WORK)
        drawn = dice.random()
        low, high = next((low, high) for share, low, high in _WORK if drawn <= share)
        return self._month.within(now + minutes(dice, low, high) * self._tempers[who].pace, AT_WORK, dice)

    def _finish(self, who: str, case: str, at: datetime) -> list[Plan]:
        """The result in words, often with a photo; a later plan takes the place of an earlier one."""
        desk, dice = self._desk(who), self._dice.of(who)
        matter = self._about.get(case)
        done = dice.choice(matter.results) if matter and matter.results else self._script.worker("result_default", dice)
        desk.busy[case] = at

        def still() -> bool:
            if desk.busy.get(case) != at:
                return False
            del desk.busy[case]
            return True

        text = f"{self._speech.word('feed_back')} {case} {done}"
        photographs = happens(dice, self._tempers[who].photographs)
        act = Act(who=who, kind="photo" if photographs else "text", text=text, photo=f"w{case}" if photographs else "")
        return [Plan(at, act, still)]

    def _pass_on(self, who: str, key: str, case: str, at: datetime) -> list[Plan]:
        """退回, 转办, 上报: where the words for it are there, and for 转办 a colleague as well."""
        dice, person = self._dice.of(who), self.town.people[who]
        if key == "hand_over":
            others = [p for p in self.town.hands(person.department or person.unit) if p.id != who and p.name]
            if not others:
                return []
            return self._line(who, key, case, f"{others[0].name} {self._script.worker('hand_over', dice)}", at)
        return self._line(who, key, case, self._script.worker("return" if key == "give_back" else key, dice), at)

    def _whistle(self, who: str, case: str, at: datetime) -> list[Plan]:
        matter, dice = self._about.get(case), self._dice.of(who)
        duty = self._catalogue.duty_for(matter.label) if matter else None
        helpers = duty.items[duty.default_item].helpers if duty else ()
        own = self.town.people[who].department
        names = [self.town.name_of(one) for one in helpers if one in self.town.departments and one != own]
        if not names:
            return []
        return self._line(who, "whistle", case, f"{names[0]} {self._script.worker('whistle', dice)}", at)

    def _line(self, who: str, key: str, case: str, rest: str, at: datetime) -> list[Plan]:
        over = self._desk(who).over
        said = self._speech.line(who, key, f"{case} {rest}".strip(), at)
        return [replace(plan, still=lambda: case not in over) for plan in said]

    # -- being told ------------------------------------------------------------------------------------------------

    def _told(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """Letters that ask for something without a button."""
        matches, dice = self._script.matches, self._dice.of(who)
        if matches("over", letter.text):
            self._desk(who).over.update(numbers(letter.text))
            return []
        if matches("wants_photo", letter.text):
            act = Act(who=who, kind="photo", photo=f"w{letter.id}")
            return [Plan(now + minutes(dice, 1, 40), act)]
        if matches("wants_result", letter.text):
            words = self._script.worker("result_default", dice)
            return [Plan(now + minutes(dice, 1, 9), Act(who=who, text=words))]
        person = self.town.people[who]
        if matches("wants_matter", letter.text):
            place = spot(person.unit, self.town, self._script, dice)
            words = dice.choice(self._script.working.behalf).format(place=place)
            return [Plan(now + minutes(dice, 1, 5), Act(who=who, text=words))]
        if person.has(Role.DISPATCHER) and matches("decide", letter.text):
            return self._decide(who, letter, now)
        if matches("hurry", letter.text):
            return self._hurry(who, letter, now)
        return []

    def _comment(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """A supervisor writes a line to a case now and then."""
        dice = self._dice.of(who)
        if not letter.case or not happens(dice, COMMENTS):
            return []
        return self._line(who, "comment", letter.case, self._script.worker("comment", dice), self._soon(who, now))

    def _hurry(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """A reminder moves the work up."""
        dice, desk = self._dice.of(who), self._desk(who)
        plans: list[Plan] = []
        for case in numbers(letter.text):
            planned = desk.busy.get(case)
            sooner = self._month.within(now + minutes(dice, 20, 240), AT_WORK, dice)
            if planned is not None and planned > sooner and happens(dice, 0.6):
                plans += self._finish(who, case, sooner)
        return plans

    def _decide(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """What nobody takes, or what came back twice: the dispatcher sends it to the department of the matter."""
        case = next(iter(numbers(letter.text)), "")
        matter = self._about.get(case)
        duty = self._catalogue.duty_for(matter.label) if matter else None
        if duty is None or ("assign", case) in self._desk(who).about_to:
            return []
        self._desk(who).about_to.add(("assign", case))
        if self.town.name_of(self.town.people[who].department) in letter.text:  # it lies on their own desk
            return self._line(who, "accept", case, "", self._soon(who, now))
        name = self.town.name_of(duty.items[duty.default_item].department)
        return self._line(who, "assign", case, name, self._soon(who, now))

    def _red(self, letter: Outgoing) -> bool:
        """Whether a letter speaks of danger, by its colour word."""
        return letter.red or self._speech.wording.sentences["colour.red"] in letter.text

    def _desk(self, who: str) -> Desk:
        return self._desks.setdefault(who, Desk())


def _case(action: str) -> str:
    """The case in `command:case:argument`."""
    return action.partition(":")[2].partition(":")[0]
