"""Knows how to talk with the desk: a room of people and groups, a clock, and promises that every turn must keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers import discovery
from handlers.cases import Case, Entry
from handlers.clocks import CalendarHours
from handlers.desk import Desk
from handlers.effects import Effects
from handlers.incoming import Incoming, Kind, Media
from handlers.letters import Letter
from handlers.ports import Calendar
from handlers.raw import RawText
from handlers.steps import Step
from handlers.thread import Thread
from handlers.town import DUTY_DESK, Person
from handlers.turn import Turn
from tests.handlers import promises
from tests.handlers.ear import ScriptedEar
from tests.handlers.memory import Memory
from tests.handlers.stubs import ZONE, rules

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE).astimezone(UTC)
_HEARD = frozenset({"text", "photo", "voice", "video", "file"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One letter as it arrived."""

    at: datetime
    letter: Letter


class Room:
    """A town to talk in. Each call is one turn; letters that rest for the night arrive when time passes."""

    def __init__(self, at: datetime = MORNING, calendar: Calendar | None = None) -> None:
        self.now = at
        self.ear = ScriptedEar()
        self.rules = replace(rules(self.ear), calendar=calendar or CalendarHours())
        self.desk: Desk = discovery.desk(self.rules)
        self.memory = Memory(self.rules.town)
        self.memory.all.groups.update((self._chat(group), group) for group in self.rules.town.groups)
        self.sent: list[Sent] = []
        self.resting: list[Letter] = []
        self.letters: list[Letter] = []
        self.effects = Effects()
        self.said: list[str] = []
        self._count = 0

    # -- acting ----------------------------------------------------------------------------------------------------

    def says(self, who: str, text: str, *, into: str = "", at: bool = False, **facts: Any) -> None:
        """Words in private, or into a group."""
        self._turn(who, into, text=RawText(text), addressed=at, **facts)

    def presses(self, who: str, label: str, *, into: str = "") -> None:
        """The newest button with this label that the person (or the group) has been sent."""
        reader = into or who
        seen = [one.letter for one in self.sent if reader in (one.letter.to, *one.letter.people)]
        found = [button.action for letter in seen for button in letter.buttons if button.label == label]
        assert found, (reader, label)
        self.acts(who, found[-1], into=into)

    def acts(self, who: str, action: str, *, into: str = "") -> None:
        """A button by its action."""
        self._turn(who, into, kind="press", button=action)

    def shows(self, who: str, *refs: str, caption: str = "") -> None:
        """Pictures."""
        media = tuple(Media("photo", ref) for ref in refs)
        self._turn(who, "", kind="photo", media=media, text=RawText(caption))

    def pins(self, who: str, lat: float, lon: float) -> None:
        """A location."""
        self._turn(who, "", kind="location", location=(lat, lon))

    def sends(self, who: str, kind: Kind, **facts: Any) -> None:
        """Anything else."""
        self._turn(who, "", kind=kind, **facts)

    def passes(self, span: timedelta) -> None:
        """Time goes by; what falls due happens in order."""
        target, before = self.now + span, len(self.sent)
        while moments := self._moments(target):
            self.now = max(self.now, min(moments))
            self._deliver()
            for case in self.memory.due(self.now)[:1]:
                self._woken(case)
        self.now = target
        self.letters = [one.letter for one in self.sent[before:]]

    def sleeps(self, span: timedelta) -> None:
        """The process is down for a while (or its clock jumps, back as well); then it looks at what is due by now."""
        self.now += span
        before = len(self.sent)
        for case in self.memory.due(self.now):
            self._woken(case)
        self.letters = [one.letter for one in self.sent[before:]]

    def records(self, number: str, step: Step, role: str = "dispatcher", **changed: Any) -> None:
        """One step that a command of another chapter would take: fields of the case in capitals, facts as they are."""
        turn = Turn(self.rules, self.memory.cases({number}), self.now)
        fields = {name.lower(): value for name, value in changed.items() if name.isupper()}
        facts = {name: value for name, value in changed.items() if not name.isupper()}
        turn.record(replace(self.case(number), **fields), step, role=role, **facts)
        self.takes(turn.effects())

    # -- looking ---------------------------------------------------------------------------------------------------

    def heard(self, who: str) -> str:
        """Everything that the last act sent to a person or group, as one text."""
        return "\n".join(letter.text for letter in self.to(who))

    def to(self, who: str) -> list[Letter]:
        """The letters that the last act sent to a person or group."""
        return [letter for letter in self.letters if who in (letter.to, *letter.people)]

    def case(self, number: str = "A0001") -> Case:
        """A case as it is remembered."""
        return self.memory.all.cases[number]

    def history(self, number: str = "A0001") -> list[Entry]:
        """What happened to a case."""
        return self.memory.entries[number]

    def steps(self, number: str = "A0001") -> list[str]:
        """The steps of a case."""
        return [entry.step for entry in self.history(number)]

    def thread(self, who: str) -> Thread:
        """The conversation of a person."""
        return self.memory.all.thread(who)

    def asked(self, who: str) -> list[str]:
        """The kinds of questions that wait for an answer, the newest last."""
        return [question.kind for question in self.thread(who).questions]

    def person(self, who: str) -> Person:
        """A person, as remembered or as the configuration has them."""
        return self.memory.all.people.get(who) or self.rules.town.people.get(who) or Person(id=who)

    # -- one turn --------------------------------------------------------------------------------------------------

    def _turn(self, who: str, group: str, *, kind: Kind = "text", **facts: Any) -> None:
        self._count += 1
        person, address = self.person(who), f"wechat:room:{who}"
        incoming = Incoming(
            platform="wechat", account="room", key=f"key-{self._count}", sender=address,
            chat=self._chat(group) if group else address, group=bool(group), kind=kind, said_at=self.now, **facts,
        )  # fmt: skip
        holders = self.desk.needs.holders(person, incoming.text.reveal(), incoming.button)
        ws = self.memory.load(incoming, person, self.now, holders, self._items(incoming, who))
        self._hear_and_decide(ws, incoming)

    def _hear_and_decide(self, ws: Any, incoming: Incoming) -> None:
        text = incoming.text.reveal()
        earlier = "" if incoming.group else ws.thread(ws.senders[incoming.sender]).earlier(self.now)
        heard = self.ear.understand([(text, earlier)])[0] if text and incoming.kind in _HEARD else None
        thread = ws.thread(ws.senders[incoming.sender])
        effects = self.desk.decide(ws, incoming, heard, self.now)
        if not incoming.group:
            self.said.append(text)
        promises.answered(incoming, effects, thread)
        before = len(self.sent)
        self.takes(effects)
        self._deliver()
        self._fetch(effects)
        self.letters = [one.letter for one in self.sent[before:]]

    def _items(self, incoming: Incoming, who: str) -> Sequence[str]:
        """The items that a message may be about: by its words, or by the question that is open."""
        asked = [question.facts.get("item", "") for question in self.thread(who).questions]
        text = incoming.text.reveal()
        heard = self.ear.understand([(text, self.thread(who).earlier(self.now))])[0] if text else None
        return [item for item in (*self.desk.needs.items(heard), *asked) if item]

    def _fetch(self, effects: Effects) -> None:
        """The bytes of pictures come at once, each by a delivery of its own."""
        for errand in effects.errands:
            if errand.kind == "download":
                self._count += 1
                sender = errand.facts["address"]
                fetched = Incoming(
                    platform="wechat", account="room", key=f"key-{self._count}", sender=sender, chat=sender,
                    kind="fetched", event="photo", scene=errand.facts["photo"], text=RawText("ab/cd.jpg"),
                    said_at=self.now,
                )  # fmt: skip
                ws = self.memory.load(fetched, self.person(sender.rpartition(":")[2]), self.now)
                self.takes(self.desk.decide(ws, fetched, None, self.now))
                self._deliver()
        self.effects = effects

    def _woken(self, case: Case) -> None:
        self.takes(self.desk.wake(self.memory.woken(case.number, self.now), case.number, self.now))
        self._deliver()

    def takes(self, effects: Effects) -> None:
        """Write down what a turn did; every promise must hold."""
        promises.kept(effects, self.rules, self.said, self.now)
        self.memory.keep(effects)
        for case in effects.cases:
            promises.recomputable(case, self.memory.entries[case.number], self.rules)
        self.effects = effects
        self.resting += effects.letters

    def _deliver(self) -> None:
        due = [x for x in self.resting if x.not_before is None or x.not_before <= self.now]
        self.resting = [x for x in self.resting if x not in due]
        self.sent += [Sent(self.now, replace(letter, not_before=None)) for letter in due]

    def _moments(self, until: datetime) -> Sequence[datetime]:
        waking = [case.wake_at for case in self.memory.due(until) if case.wake_at is not None]
        return waking + [x.not_before for x in self.resting if x.not_before is not None and x.not_before <= until]

    def _chat(self, group: str) -> str:
        return f"telegram:room:{group}"


HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DESK = DUTY_DESK
