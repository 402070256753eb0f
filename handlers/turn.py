"""Knows one turn (一问一答) while it is being decided: what came in, what is known, and the effects gathered so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers import deadlines, history, rights, steps
from handlers.cases import FINDER, Case, Entry, Photo, Reporter, Task
from handlers.catalogue import Item
from handlers.effects import Effects, Refused
from handlers.gathered import Gathered, joined, once_each, scripted
from handlers.incoming import Incoming
from handlers.letters import Button, Errand, Letter
from handlers.raw import RawText
from handlers.rules import RefusalError, Rules
from handlers.steps import Actor, Step
from handlers.thread import Choice, Question, Thread
from handlers.town import DUTY_DESK, ONLY_IN_GROUPS, Person, Role
from handlers.working_set import WorkingSet
from nlu.understanding import Heard, Understanding


class Turn:
    """One message (or one look of the clock) and what it does. Reads the working set, never changes it."""

    def __init__(
        self, rules: Rules, ws: WorkingSet, now: datetime, incoming: Incoming | None = None, heard: Heard | None = None
    ) -> None:
        self.rules = rules
        self.ws = ws
        self.now = now
        self.incoming = incoming
        self.heard = heard
        self.out = Gathered()
        person_id = ws.senders.get(incoming.sender, "") if incoming else ""
        self.person: Person | None = ws.people.get(person_id)
        self._before = ws.thread(person_id) if person_id else Thread(person="")
        self.thread = self._before
        self.group = ""
        self.said: list[str] = []
        self.consumed = False
        self.buttons: list[Button] = []
        self.reply_case = ""
        self.reply_photos: tuple[str, ...] = ()
        self._reserved = list(ws.numbers)

    # -- reading ---------------------------------------------------------------------------------------------------

    @property
    def sender(self) -> Person:
        """Who is speaking. Raises LookupError on a turn of the clock."""
        if self.person is None:
            raise LookupError("nobody is speaking")
        return self.person

    @property
    def words(self) -> str:
        """What was said (a photo's caption, a voice's recognised text)."""
        return self.incoming.text.reveal().strip() if self.incoming else ""

    @property
    def understanding(self) -> Understanding:
        """The message understood alone. Raises LookupError where nothing was said."""
        if self.heard is None:
            raise LookupError("nothing was said")
        return self.heard.alone

    @property
    def still_unclear(self) -> bool:
        """Whether this turn did not understand what was said."""
        return self.thread.unclear > self._before.unclear

    def case(self, number: str) -> Case | None:
        """A case as it stands after what this turn has done so far."""
        return self.out.cases.get(number) or self.ws.cases.get(number)

    def reporters(self, number: str, *, parted: bool = False) -> tuple[Reporter, ...]:
        """Those who speak in a case, in the order they came; with `parted` also those who have left it."""
        stored = {r.person: r for r in self.ws.reporters.get(number, ())}
        stored.update({person: r for (case, person), r in self.out.reporters.items() if case == number})
        return tuple(one for one in stored.values() if parted or not one.parted)

    def tasks(self, number: str) -> tuple[Task, ...]:
        """The tasks of a case, by number."""
        stored = {t.n: t for t in self.ws.tasks.get(number, ())}
        stored.update({n: t for (case, n), t in self.out.tasks.items() if case == number})
        return tuple(stored[n] for n in sorted(stored))

    def photos(self, number: str) -> tuple[Photo, ...]:
        """The pictures of a case."""
        stored = {p.id: p for p in (*self.ws.photos.get(number, ()), *self.out.photos.values())}
        return tuple(photo for photo in stored.values() if photo.case == number)

    def mine(self, *, open_only: bool = True) -> list[Case]:
        """The cases the sender speaks in, newest first; what they found and did themselves (自办) is not among them."""
        fresh = [r.case for r in self.out.reporters.values() if r.person == self.sender.id and r.part != FINDER]
        numbers = [*reversed(fresh), *(n for n in self.ws.mine.get(self.sender.id, ()) if n not in fresh)]
        found = [case for case in map(self.case, numbers) if case is not None and (case.open or not open_only)]
        return [case for case in found if any(one.person == self.sender.id for one in self.reporters(case.number))]

    def item(self, case: Case) -> Item:
        """The item of a case in the catalogue."""
        return self.rules.catalogue.item(case.duty, case.item)

    def actors(self, case: Case) -> frozenset[Actor]:
        """In what capacities the sender may act on a case."""
        number = case.number
        return rights.actors(self.sender, case, self.reporters(number), self.rules.town, self.tasks(number), self.now)

    # -- speaking --------------------------------------------------------------------------------------------------

    def word(self, key: str, **facts: object) -> str:
        """An approved sentence."""
        return self.rules.wording.say(key, **facts)

    def say(self, key: str, **facts: object) -> None:
        """Add a sentence to the answer of this turn."""
        self.said.append(self.word(key, **facts))

    def offer(self, *actions: str) -> None:
        """Add buttons by action (`command:case[:argument]`); labels are the wording `button.<command>`."""
        for action in actions:
            self.buttons.append(self.button(action))

    def button(self, action: str) -> Button:
        """One button; where no wording knows `command.argument`, the command's own label serves."""
        command, _, rest = action.partition(":")
        argument = rest.partition(":")[2]
        key = f"button.{command}.{argument}"
        return Button(self.word(key if key in self.rules.wording.sentences else f"button.{command}"), action)

    @contextmanager
    def in_private(self, *, red: bool = False) -> Iterator[None]:
        """What is said within goes to the sender in private, also when they spoke in a group."""
        group, self.group = self.group, ""
        try:
            yield
        finally:
            self.group = group
            if group and self.said:
                words, buttons = "\n".join(self.said), tuple(self.buttons)
                self.said, self.buttons = [], []
                self.post(Letter(to=self.sender.id, text=words, case=self.reply_case, red=red, buttons=buttons))

    def await_answer(
        self, kind: str, *, case: str = "", choices: tuple[Choice, ...] = (), facts: Mapping[str, str] | None = None,
        words: str = "",
    ) -> None:  # fmt: skip
        """Remember an open question of the sender; choices become buttons."""
        question = Question(
            kind=kind, case=case, choices=choices, asked_at=self.now, facts=dict(facts or {}), words=RawText(words)
        )
        self.thread = self.thread.asking(question)
        self.buttons.extend(Button(choice.label, f"pick:{case}:{choice.value}") for choice in choices)

    def push(
        self, to: str, text: str, *, case: str = "", red: bool = False, buttons: tuple[Button, ...] = (),
        photos: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """Tell a person something in private; residents are left alone at night unless it is red."""
        person = self.ws.people.get(to) or self.rules.town.people.get(to)
        working = to == DUTY_DESK or (person is not None and person.staff)
        resting = None if red or working else self.rules.quiet_residents.after(self.now)
        self.post(Letter(to=to, text=text, case=case, red=red, buttons=buttons, photos=photos, not_before=resting))

    def hear_again(self, words: str) -> Understanding:
        """Understand words that were said earlier and kept with a question."""
        return self.rules.ear.understand([(words, "")])[0].alone

    def post(self, letter: Letter) -> None:
        """Put any letter into the outgoing tray; a second push to the same person joins the first."""
        person = self.out.persons.get(letter.to) or self.ws.people.get(letter.to)
        if person is not None and ONLY_IN_GROUPS in person.tags:
            return
        if letter.to == DUTY_DESK:
            letter = replace(letter, people=self.rules.town.duty_people)
        self.out.post(letter)

    def choose_flow(self, label: str, heard: Understanding) -> None:
        """Go on with the flow of a label; the desk's own turn can."""
        raise NotImplementedError

    def run_command(self, key: str, call: Any) -> None:
        """Go on with a command; the desk's own turn can."""
        raise NotImplementedError

    # -- doing -----------------------------------------------------------------------------------------------------

    def number(self) -> str:
        """The next case number. The counter reserves enough before the turn; LookupError means it did not."""
        if not self._reserved:
            raise LookupError("no case number was reserved for this message")
        return self._reserved.pop(0)

    def keep(self, case: Case) -> Case:
        """Take over a changed case; its wake-up is recomputed."""
        case = replace(case, changed_at=self.now, wake_at=deadlines.wake_at(case))
        self.out.cases[case.number] = case
        return case

    def record(self, case: Case, step: Step, *, by: str = "", role: str = "", note: str = "", **facts: str) -> Case:
        """Append one entry of history; the state moves as the table says. Raises ValueError where it does not.

        The clock is moved by the entry alone (handlers/history.py): what the caller set of it counts for nothing.
        """
        who = by or (role if role == Actor.BOT else self.person.id if self.person else Actor.CLOCK.value)
        state, before = case.state if step is Step.OPEN else steps.after(step, case.state), self.case(case.number)
        case = replace(case, state=state, entries=case.entries + 1)
        entry = Entry(
            case=case.number, n=case.entries, at=self.now, step=step.value, by=who, role=role or self.role_in(case),
            facts=history.facts(case, before, step, facts), note=RawText(note),
        )  # fmt: skip
        self.out.entries.append(entry)
        return self.keep(history.moved(case, before, entry, self.rules.timing))

    def fetch(self, photo: Photo) -> None:
        """Send for the bytes of a picture after the commit."""
        facts = {"photo": photo.id, "ref": photo.ref, "address": photo.address}
        self.out.errands.append(Errand(kind="download", case=photo.case, facts=facts))

    def can(self, step: Step, case: Case) -> bool:
        """Whether the sender may take this step now."""
        return steps.possible(step, case.state, self.actors(case))

    def may(self, step: Step, case: Case) -> None:
        """Raise RefusalError unless the sender may take this step now; says what is possible instead."""
        capacity = self.actors(case)
        if not capacity:
            raise RefusalError("not_yours", case=case.number)
        if self.can(step, case):
            return
        move = steps.TABLE[step]
        if not capacity & move.actors:
            raise RefusalError("no_right", case=case.number)
        raise RefusalError(f"state.{case.state.value}", case=case.number, who=self.rules.town.name_of(case.lead_person))

    def refuse(self, refusal: RefusalError, action: str) -> None:
        """Turn a refusal into a sentence, and remember it."""
        case = str(refusal.facts.get("case", ""))
        self.out.refusals.append(
            Refused(at=self.now, person=self.sender.id, action=action, case=case, reason=refusal.reason)
        )
        circles = ("dispatcher.",) * self.sender.has(Role.DISPATCHER) + ("staff.",) * self.sender.staff
        keys = [f"refuse.{circle}{refusal.reason}" for circle in (*circles, "")]
        self.say(next((k for k in keys if k in self.rules.wording.sentences), keys[-1]), **refusal.facts)

    def role_in(self, case: Case) -> str:
        """In what capacity the sender acts on a case, for the record."""
        return (rights.foremost(self.actors(case)) if self.person is not None else Actor.CLOCK).value

    # -- the end ---------------------------------------------------------------------------------------------------

    def effects(self) -> Effects:
        """Everything gathered, as frozen values; the answer becomes one letter to where the words came from."""
        letters = [self._in_script(letter) for letter in once_each(self._letters())]
        return self.out.effects(letters, self._threads())

    def other_thread(self, person: str) -> Thread:
        """The thread of somebody other than the sender, as this turn has left it."""
        return self.out.threads.get(person) or self.ws.thread(person)

    def set_thread(self, thread: Thread) -> None:
        """Take over a changed thread of somebody other than the sender."""
        self.out.threads[thread.person] = thread

    def _threads(self) -> tuple[Thread, ...]:
        own = (self.thread,) if self.thread != self._before and self.thread.person else ()
        return (*own, *self.out.threads.values())

    def _letters(self) -> list[Letter]:
        """All letters; what is pushed to the one who is being answered in private joins the answer."""
        letters = list(self.out.letters)
        if not self.said or self.incoming is None:
            return letters
        reply = self._reply()
        if not self.group:
            own = [x for x in letters if x.to == self.sender.id and x.kind == "push" and x.not_before is None]
            letters = [x for x in letters if x not in own]
            for letter in own:
                reply = joined(reply, letter)
        return [reply, *letters]

    def _reply(self) -> Letter:
        assert self.incoming is not None
        return Letter(
            to=self.group or self.sender.id, chat=self.incoming.chat, text="\n".join(self.said), kind="reply",
            case=self.reply_case, buttons=tuple(dict.fromkeys(self.buttons)), photos=self.reply_photos,
        )  # fmt: skip

    def _in_script(self, letter: Letter) -> Letter:
        own = self.person is not None and letter.to == self.person.id
        return scripted(letter, self.thread if own else self.ws.thread(letter.to), self.rules.scripts.write)
