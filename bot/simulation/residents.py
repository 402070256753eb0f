"""Knows how residents speak and answer: what they see is a letter with its words and buttons, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from bot.acts import Act
from bot.simulation.month import AWAKE, Month
from bot.simulation.people import Resident, spot
from bot.simulation.plans import Dice, Plan, happens, minutes
from bot.simulation.script import Matter, Script
from handlers.command import numbers
from handlers.town import Town
from handlers.wording import Wording
from nlu.script import Scripts
from storage.values import Outgoing

WELL = ((5, 70), (4, 20), (3, 10))
"""The marks of who is content, and how many of a hundred give them."""

CALLED = 0.02
"""How many ask to be called."""

SPOKEN = 6
"""Shorter answers are typed, or pressed."""


@dataclass(slots=True)
class Mind:
    """What one resident has in mind: the trouble, where it is, whether neighbours told it before, how far it is."""

    at: datetime
    matter: Matter
    place: str
    echo: bool = False
    settled: bool = False
    retold: bool = False
    cases: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Said:
    """A first message as it was sent, and what its author meant."""

    text: str
    label: str


class Residents:
    """All residents: each plan that they make is an act of one of them."""

    def __init__(self, people: Mapping[str, Resident], script: Script, month: Month, dice: Dice, town: Town,
                 wording: Wording) -> None:  # fmt: skip
        self.people = people
        self.first: list[Said] = []
        self.words: list[str] = []
        self.about: dict[str, Matter] = {}
        self.offered: set[tuple[str, str]] = set()
        self._script, self._month, self._dice, self._town, self._wording = script, month, dice, town, wording
        self._minds: dict[str, list[Mind]] = {}
        self._scripts = Scripts()
        self._answers: Mapping[str, Callable[[str, Outgoing, datetime, str], list[Plan]]] = {
            "solved": self._rate, "5": self._mark, "reopen_yes": self._again, "withdraw_yes": self._press_on,
            "record_yes": self._press_on, "mediate_yes": self._press_on, "same_yes": self._same,
            "no_photo": self._picture, "none": self._meant,
        }  # fmt: skip
        self._traces: Mapping[str, Callable[[str, Outgoing, datetime], list[Plan]]] = {
            "asked": self._reply, "asks_place": self._place, "wants_number": self._number, "asks_what": self._retell,
            "unclear": self._retell, "closed_silent": self._come_back,
        }  # fmt: skip

    # -- speaking --------------------------------------------------------------------------------------------------

    def tell(self, who: str, matter: Matter, at: datetime, place: str = "", *, echo: bool = False) -> list[Plan]:
        """A first message about something, and what its author may do by and by without being asked."""
        resident, dice = self.people[who], self._dice.of(who)
        place = place or self.somewhere(resident, dice)
        mind = Mind(at, matter, place, echo)
        self._minds.setdefault(who, []).append(mind)
        named = place if happens(dice, resident.character.names_place) else self._script.resident("vague", dice)
        text = self._write(resident, dice.choice(matter.texts).format(place=named), dice)
        self.first.append(Said(text, matter.label))
        plans = [self._say(who, text, at)]
        if matter.photo and happens(dice, resident.character.sends_photo):
            plans.append(Plan(at + timedelta(minutes=1), Act(who=who, kind="photo", photo=f"p{len(self.words)}")))
        return plans + (self._unasked(who, mind, dice) if matter.results else [])

    def _unasked(self, who: str, mind: Mind, dice: Random) -> list[Plan]:
        """Urging, asking how far it is, taking it back, thanks."""
        character, plans = self.people[who].character, []
        if mind.matter.label == "emergency":
            return []

        def waiting() -> bool:
            return not mind.settled

        for key, chance, low, high in (
            ("urge", character.urges, 900, 3600), ("status", character.asks_state, 300, 2800),
            ("withdraw", character.withdraws, 10, 300), ("call_me", CALLED, 200, 1500),
        ):  # fmt: skip
            if happens(dice, chance) and f"command.{key}" in self._wording.lists:
                at = self._month.within(mind.at + minutes(dice, low, high), AWAKE, dice)
                plans.append(Plan(at, Act(who=who, text=self._wording.lists[f"command.{key}"][-1]), waiting))
        if happens(dice, character.thanks):
            plans.append(self._say(who, self._script.resident("thanks", dice), mind.at + minutes(dice, 1, 5)))
        return plans

    def greet(self, who: str, text: str, at: datetime) -> Plan:
        """Small talk."""
        self._minds.setdefault(who, []).append(Mind(at, Matter(label="greeting", texts=(text,)), ""))
        self.first.append(Said(text, "greeting"))
        return self._say(who, text, at)

    def somewhere(self, resident: Resident, dice: Random) -> str:
        """At home more often than not, else somewhere in the same grid."""
        return resident.home if happens(dice, 0.6) else spot(resident.person.unit, self._town, self._script, dice)

    def _write(self, resident: Resident, text: str, dice: Random) -> str:
        """The words as this person types them."""
        character, sayings = resident.character, self._script.sayings
        if happens(dice, character.chats):
            text = dice.choice(sayings.asides) + text if happens(dice, 0.5) else text + dice.choice(sayings.tails)
        if happens(dice, character.mistypes):
            right = next((word for word in sayings.typos if word in text), "")
            text = text.replace(right, sayings.typos[right], 1) if right else text
        if happens(dice, 0.03):
            text += self._script.resident("phone", dice, phone=_phone(dice))
        return self._scripts.write(text, character.script)

    def _say(self, who: str, text: str, at: datetime) -> Plan:
        speaks = self.people[who].character.speaks and len(text) > SPOKEN and len(self.words) % 4 == 0
        self.words.append(text)
        return Plan(at, Act(who=who, kind="voice" if speaks else "text", text=text))

    # -- hearing ---------------------------------------------------------------------------------------------------

    def read(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """What a resident does about a letter; most letters are only read."""
        mind = self._mind(who, now)
        for number in numbers(letter.text):
            self.about.setdefault(number, mind.matter)
            mind.cases.add(number)
        picks = {button.action.rpartition(":")[2]: button.action for button in letter.buttons
                 if button.action.startswith("pick:")}  # fmt: skip
        for value, answer in self._answers.items():
            if value in picks:
                return answer(who, letter, now, picks[mind.matter.label if mind.matter.label in picks else value])
        which = next((action for value, action in picks.items() if value in mind.cases), "")
        if which:  # “您说的是哪一件？”
            return self._press_on(who, letter, now, which)
        text = self._scripts.to_simplified(letter.text)
        return next((act(who, letter, now) for key, act in self._traces.items() if self._script.matches(key, text)), [])

    def _mind(self, who: str, now: datetime) -> Mind:
        minds = [mind for mind in self._minds.get(who, ()) if mind.at <= now]
        return minds[-1] if minds else Mind(now, Matter(label="greeting", texts=("",)), self.people[who].home)

    def _soon(self, who: str, now: datetime, low: float, high: float) -> datetime:
        """When an answer comes: soon, or for some people some time or other; not in the night."""
        dice = self._dice.of(who)
        late = happens(dice, self.people[who].character.late)
        at = now + minutes(dice, high, high * 12) if late else now + minutes(dice, low, high)
        return self._month.within(at, AWAKE, dice)

    def _answers_at_all(self, who: str) -> bool:
        return happens(self._dice.of(who), self.people[who].character.answers)

    def _press(self, who: str, action: str, at: datetime) -> list[Plan]:
        return [Plan(at, Act(who=who, kind="press", button=action))]

    def _rate(self, who: str, letter: Outgoing, now: datetime, action: str) -> list[Plan]:
        """解决了吗: most never answer."""
        dice, character = self._dice.of(who), self.people[who].character
        self._mind(who, now).settled = True
        if dice.random() >= character.rates:
            return []
        at = self._soon(who, now, 3, 600)
        if happens(dice, character.unsolved):
            return [self._say(who, self._script.resident("unsolved", dice), at)]
        if happens(dice, 0.5):
            return self._press(who, action, at)
        marks, shares = zip(*WELL, strict=True)
        key = "solved" if happens(dice, 0.8) else "solved_only"
        return [self._say(who, self._script.resident(key, dice, stars=dice.choices(marks, shares)[0]), at)]

    def _mark(self, who: str, letter: Outgoing, now: datetime, action: str) -> list[Plan]:
        dice = self._dice.of(who)
        marks, shares = zip(*WELL, strict=True)
        mark = dice.choices(marks, shares)[0]
        pressed = action.rpartition(":")[0] + f":{mark}"
        return self._press(who, pressed, now + minutes(dice, 1, 4)) if happens(dice, 0.6) else []

    def _again(self, who: str, letter: Outgoing, now: datetime, action: str) -> list[Plan]:
        """要返工吗: a person who is not content mostly says yes."""
        dice = self._dice.of(who)
        key = "reopen" if happens(dice, 0.7) else "no"
        self._mind(who, now).settled = key == "no"
        return [self._say(who, self._script.resident(key, dice), now + minutes(dice, 1, 30))]

    def _press_on(self, who: str, letter: Outgoing, now: datetime, action: str) -> list[Plan]:
        return self._press(who, action, self._soon(who, now, 1, 20)) if self._answers_at_all(who) else []

    def _same(self, who: str, letter: Outgoing, now: datetime, action: str) -> list[Plan]:
        """同一件事: who tells what neighbours have told says yes."""
        self.offered.update((who, number) for number in numbers(letter.text))
        value = "same_yes" if self._mind(who, now).echo else "same_no"
        found = [b.action for b in letter.buttons if b.action.endswith(value)]
        return self._press(who, found[0], self._soon(who, now, 1, 15)) if found and self._answers_at_all(who) else []

    def _picture(self, who: str, letter: Outgoing, now: datetime, action: str) -> list[Plan]:
        """A photo is welcome: some send one, few say that they have none, the others do nothing."""
        dice, at = self._dice.of(who), now + minutes(self._dice.of(who), 1, 10)
        if happens(dice, self.people[who].character.sends_photo):
            return [Plan(at, Act(who=who, kind="photo", photo=f"p{len(self.words)}x{who}"))]
        return self._press(who, action, at) if happens(dice, 0.15) else []

    def _meant(self, who: str, letter: Outgoing, now: datetime, action: str) -> list[Plan]:
        """“您是想”: they know what they meant."""
        return self._press(who, action, self._soon(who, now, 1, 10)) if self._answers_at_all(who) else []

    def _place(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        dice, mind = self._dice.of(who), self._mind(who, now)
        urgent = mind.matter.label == "emergency"
        if not urgent and not self._answers_at_all(who):
            return []
        at = now + minutes(dice, 1, 3) if urgent else self._soon(who, now, 1, 12)
        key = "unknown" if happens(dice, 0.06) else "place"
        place = mind.place or self.people[who].home
        return [self._say(who, self._script.resident(key, dice, place=place), at)]

    def _reply(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """A worker has asked something."""
        if not self._answers_at_all(who):
            return []
        return [self._say(who, self._script.resident("answered", self._dice.of(who)), self._soon(who, now, 3, 120))]

    def _number(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """Half of those who are asked for their number give it."""
        dice = self._dice.of(who)
        text = _phone(dice) if happens(dice, 0.5) else self._script.resident("no", dice)
        return [self._say(who, text, self._soon(who, now, 1, 20))]

    def _retell(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """Not understood: said once more in other words, or given up."""
        mind, dice = self._mind(who, now), self._dice.of(who)
        if mind.retold or not self._answers_at_all(who):
            return []
        mind.retold = True
        text = self._write(self.people[who], dice.choice(mind.matter.texts).format(place=mind.place), dice)
        return [self._say(who, text, self._soon(who, now, 1, 10))]

    def _come_back(self, who: str, letter: Outgoing, now: datetime) -> list[Plan]:
        """Closed after silence: a few find that it is not over."""
        dice, found = self._dice.of(who), numbers(letter.text)
        if not found or dice.random() >= self.people[who].character.unsolved * 0.4:
            return []
        text = f"{found[0]} {self._script.resident('unsolved', dice)}"
        return [self._say(who, text, self._soon(who, now, 60, 900))]


def _phone(dice: Random) -> str:
    """A number that looks like one."""
    return f"138{dice.randrange(10**8):08d}"
