"""Knows a stage: a whole little town with its own memory and clock, and platforms that only collect."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.acts import Act, delivery
from bot.batch import Batch
from bot.beat import Beat
from bot.drawing import Draw
from bot.exporting import export_text
from bot.present import Present
from bot.seats import groups_of
from handlers.incoming import Incoming
from handlers.letters import Button
from handlers.raw import RawText
from handlers.rules import Rules
from handlers.town import DUTY_DESK, Group, Person, Role, Town
from storage.store import Store, Tx
from storage.values import DueErrand, ErrandOutcome, LetterOutcome, Outgoing

EACH = 64
ROLL_EVERY = timedelta(hours=6)
"""A stage is set forward by days: its rates are read live more often than they are rolled up."""
_GROUPS_ON = "telegram"
_DEFAULT_ON = "wechat"
_NAMELESS = ("wecom-webhook:", "wecom-appchat:")


class MovableClock(Protocol):
    """A clock that a stage may set forward."""

    def now(self) -> datetime: ...
    def move_to(self, moment: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Shown:
    """One letter as it arrived: when, to whom, in which chat."""

    at: datetime
    letter: Outgoing


class StageError(Exception):
    """A line that cannot be played: nobody of that name, no such button, a clock that would go back."""


class Stage:
    """Synchronous: each call returns when everything that follows from it has happened and been delivered."""

    def __init__(self, store: Store, present: Present, clock: MovableClock, platforms: Mapping[str, str]) -> None:
        self.store = store
        self.clock = clock
        self.zone = present.desk.rules.quiet_residents.zone
        self._present = present
        self._batch = Batch(store, present, clock, _drawn_alike(clock))
        self._beat = Beat(present, clock, ROLL_EVERY)
        self._platforms = platforms
        self._seen: dict[str, list[Outgoing]] = {}
        self.chats: set[str] = set()
        """Names of chats of many in which the bot sits and that are no group of the town (yet)."""

    @property
    def rules(self) -> Rules:
        """The rules of the town of this moment."""
        return self._present.desk.rules

    @property
    def town(self) -> Town:
        """The town of this moment."""
        return self._present.desk.rules.town

    def open(self) -> None:
        """Read the town into the memory, every person and group with an account on this stage."""
        with self.store.transaction() as tx:
            self._beat.read_town(
                tx,
                {person: (self.address(person),) for person in self.town.people},
                {group: (self.chat(group),) for group in self.town.groups},
            )

    # -- addresses -------------------------------------------------------------------------------------------------

    def address(self, person: str, on: str = "") -> str:
        """The account of a person on this stage."""
        return f"{on or self._platforms.get(person, _DEFAULT_ON)}:stage:{person}"

    def chat(self, group: str) -> str:
        """The chat of a group on this stage."""
        return f"{self._platforms.get(group, _GROUPS_ON)}:stage:{group}"

    def groups_of(self, person: Person) -> Iterator[Group]:
        """The groups a person sits in: those of their unit and department; the desk's own for who is on duty."""
        return groups_of(person, self.town)

    # -- acting ----------------------------------------------------------------------------------------------------

    def say(
        self, who: str, text: str, *, group: str = "", addressed: bool = False, on: str = "", quoted: str = ""
    ) -> list[Shown]:
        """Words in private or in a group; `quoted` is the reference of the card they answer."""
        return self.do(Act(who=who, text=text, group=group, addressed=addressed, on=on, quoted=quoted))

    def photo(
        self,
        who: str,
        ref: str,
        caption: str = "",
        *,
        group: str = "",
        addressed: bool = False,
        on: str = "",
        quoted: str = "",
    ) -> list[Shown]:
        """A picture, known by its name."""
        act = Act(
            who=who, kind="photo", text=caption, photo=ref, group=group, addressed=addressed, on=on, quoted=quoted
        )
        return self.do(act)

    def card(self, number: str, *, group: str) -> str:
        """The reference of the newest card of a case in a group, or of what was answered there, to be quoted."""
        if group not in self.town.groups:
            raise StageError(f"no group {group}")
        with self.store.reading() as reader:
            letters = reader.letters_of(chat=self.chat(group))
        told = [x for x in letters if x.case == number and x.ref]
        refs = [x.ref for x in sorted(told, key=lambda x: x.kind == "card")]
        if not refs:
            raise StageError(f"no card of {number} in {group}")
        return refs[-1]

    def voice(self, who: str, text: str, *, on: str = "") -> list[Shown]:
        """A voice message with the words the platform recognised, or none."""
        return self.do(Act(who=who, kind="voice", text=text, on=on))

    def location(self, who: str, lat: float, lon: float, *, on: str = "") -> list[Shown]:
        """A pin."""
        return self.do(Act(who=who, kind="location", location=(lat, lon), on=on))

    def follow(self, who: str, scene: str = "", *, on: str = "") -> list[Shown]:
        """Somebody follows the account, perhaps by a grid's code."""
        return self.do(Act(who=who, kind="event", event="subscribe", scene=scene, on=on))

    def press(self, who: str, action: str, *, group: str = "", on: str = "") -> list[Shown]:
        """A button by its action, whether it hangs anywhere or not."""
        return self.do(Act(who=who, kind="press", button=action, group=group, on=on))

    def press_label(self, who: str, label: str, case: str = "", *, on: str = "") -> list[Shown]:
        """A button that this person can see, by its label: the newest one."""
        person = self._person(who)
        chats = [(self.address(who, on), "")] + [(self.chat(g.id), g.id) for g in self.groups_of(person)]
        for chat, group in chats:
            button = self._visible(chat, label, case)
            if button is not None:
                return self.do(Act(who=who, kind="press", mark=button.mark, group=group, on=on))
        raise StageError(f"{who} sees no button {label}" + (f" of {case}" if case else ""))

    def _visible(self, chat: str, label: str, case: str) -> Button | None:
        for letter in reversed(self._seen.get(chat, ())):
            for button in letter.buttons:
                if button.label == label and (not case or case in (letter.case, button.action.split(":")[1])):
                    return button
        return None

    def do(self, *acts: Act) -> list[Shown]:
        """What people do at the same moment, served together as far as they fit in a batch, and what follows."""
        deliveries = self._deliveries(acts)
        for first in range(0, len(deliveries), EACH):
            self._serve(deliveries[first : first + EACH])
        return self.settle()

    def advance(self, span: timedelta) -> list[Shown]:
        """Move the clock; everything that falls due on the way happens in order."""
        if span < timedelta(0):
            raise StageError("the clock does not go back")
        target, shown = self.clock.now() + span, []
        while (due := self.next_due()) is not None and due <= target:
            shown += self.move_to(due)
        return [*shown, *self.move_to(target)]

    def move_to(self, moment: datetime) -> list[Shown]:
        """Set the clock forward in one leap, and let what is due by then happen."""
        self.clock.move_to(moment)
        return self.settle()

    def next_due(self) -> datetime | None:
        """The soonest moment from now on at which something happens by itself."""
        with self.store.reading() as reader:
            return reader.next_due(self.clock.now())

    # -- what follows ----------------------------------------------------------------------------------------------

    def _serve(self, deliveries: Sequence[Incoming]) -> None:
        for result in self._batch.serve(deliveries):
            if isinstance(result, BaseException):
                raise result

    def settle(self) -> list[Shown]:
        """Let the clock, the courier and the errands come to rest."""
        now, shown = self.clock.now(), []
        for _ in range(1000):
            with self.store.transaction() as tx:
                ticked = self._beat.tick(tx)
                letters = self._deliver(tx, now)
                errands = tx.claim_errands(now, "stage", EACH)
                if errands:
                    tx.settle_errands([ErrandOutcome(id=errand.id, state="done") for errand in errands], now)
            shown += [Shown(now, letter) for letter in letters]
            for errand in errands:
                self._run(errand)
            if not ticked and not errands:
                return shown
        raise StageError("the stage does not come to rest")

    def _deliver(self, tx: Tx, now: datetime) -> list[Outgoing]:
        """Every letter that may go; a lane gives one at a time."""
        sent: list[Outgoing] = []
        while letters := tx.claim_letters(now, "stage", EACH):
            tx.settle_letters([LetterOutcome(id=x.id, state="sent", ref=_ref(x)) for x in letters], now)
            sent += letters
        for letter in sent:
            self._keep(letter)
        return sent

    def _keep(self, letter: Outgoing) -> None:
        """What hangs in a chat; an edit takes the place of the card of its case."""
        shelf = self._seen.setdefault(letter.chat, [])
        if letter.kind == "edit":
            shelf[:] = [old for old in shelf if not (old.case == letter.case and old.kind in ("card", "edit"))]
        shelf.append(letter)
        del shelf[:-200]

    def _run(self, errand: DueErrand) -> None:
        """An export is put together; a picture needs no fetching here, its name is where it lies."""
        facts = errand.facts
        if errand.kind == "export":
            with self.store.reading() as reader:
                kept = reader.export_person(facts["person"])
            self._bring(errand, "export", export_text(kept, self.rules))
        elif errand.kind == "download":
            self._bring(errand, "photo", facts["ref"], facts["photo"])

    def _bring(self, errand: DueErrand, event: str, text: str, scene: str = "") -> None:
        address = errand.facts["address"]
        platform, account, _ = address.split(":", 2)
        fetched = Incoming(
            platform=platform, account=account, key=f"errand-{errand.id}", sender=address, chat=address,
            kind="fetched", event=event, scene=scene, text=RawText(text), said_at=self.clock.now(),
        )  # fmt: skip
        self._serve([fetched])

    # -- people ----------------------------------------------------------------------------------------------------

    def join(self, people: Iterable[Person]) -> None:
        """People who are known here before they say anything: residents of whom the configuration knows nothing."""
        with self.store.transaction() as tx:
            for person in people:
                tx.register(person, (self.address(person.id),))

    def _deliveries(self, acts: Sequence[Act]) -> list[Incoming]:
        """Acts as deliveries; who speaks from an address for the first time is registered with it."""
        senders = [(self._person(act.who), self.address(act.who, act.on)) for act in acts]
        for act in acts:
            if act.group and act.group not in self.town.groups and act.group not in self.chats:
                raise StageError(f"no group {act.group}")
        with self.store.reading() as reader:
            known = reader.threads_of([address for _, address in senders])
        new = {address: person for person, address in senders if address not in known}
        if new:
            with self.store.transaction() as tx:
                for address, person in new.items():
                    tx.register(person, (address,))
        now = self.clock.now()
        return [
            delivery(act, address, self.chat(act.group) if act.group else address, now)
            for act, (_, address) in zip(acts, senders, strict=True)
        ]

    def _person(self, who: str) -> Person:
        if not who or who == DUTY_DESK or who in self.town.groups:
            raise StageError(f"nobody called {who!r}")
        return self.town.people.get(who) or Person(id=who, roles=frozenset({Role.RESIDENT}))


def _ref(letter: Outgoing) -> str:
    """What the platform calls the message; group robots of WeCom give no name by which it could be edited."""
    return "" if letter.chat.startswith(_NAMELESS) else f"m{letter.id}"


def _drawn_alike(clock: MovableClock) -> Draw:
    """One-time codes that are the same whenever a stage opens at the same moment: a play is the same to the byte."""
    source = random.Random(clock.now().isoformat())
    return lambda: f"{source.randrange(10**6):06d}"
